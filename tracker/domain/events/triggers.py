"""Facts about what waiting tasks wait for."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.events.base import Event
from tracker.domain.triggers import RunAnew


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerRecorded(Event):
    """What a dormant task waited for has happened; its clocks run.

    `anew` are those that had run out by then and count from the recording on; `first_on` is the day on which the first
    window of a running rhythm begins, None where none was over before.
    """

    type = "trigger.recorded"
    trigger_id: int
    occurred_at: datetime
    matter: str
    anew: tuple[RunAnew, ...] = ()
    first_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerEnded(Event):
    """What a waiting task waited for is over 「终止响应」."""

    type = "trigger.ended"
    trigger_id: int
    reason: str
