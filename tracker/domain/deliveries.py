"""What waits to be done after an event, and how messages leave."""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """One event of the log that waits for one reaction, taken by this process."""

    id: int
    reaction: str
    attempts: int
    event_seq: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a reaction is handed: an event, its number in the log, when it was recorded and by whom."""

    event: Event
    seq: int
    at: datetime
    actor_id: int | None = None
    actor_unit: str | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """How messages leave: `mail` is False where no SMTP server is set; `machine_now` paces the workers.

    The demonstration's time and the machine's differ, so a row is planned by the one and tried by the other.
    """

    mail: bool
    machine_now: datetime
