"""Facts about what a liaison asks for before the head of the unit has signed it; signed, it is told as a request."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionWritten(Event):
    """A liaison wrote what the unit asks for; it has not left the unit, and nothing waits for its decision."""

    type = "petition.written"
    petition_id: int
    kind: str
    assignment_id: int
    reason: str
    row_id: int | None = None
    report_id: int | None = None
    new_due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PetitionStopped(Event):
    """It did not leave the unit: the head sent it back, or the liaison withdrew it; `state` says which."""

    type = "petition.stopped"
    petition_id: int
    kind: str
    state: str
    reason: str
