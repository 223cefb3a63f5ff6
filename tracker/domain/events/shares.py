"""Facts about the parts that units have in tasks."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedShare:
    """One unit's part in a task as it came into being; `state` is where the share stands when this is told."""

    assignment_id: int
    task_id: int
    unit_id: int
    role: str
    duty: str
    state: str = "pending_receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReceived(Event):
    type = "assignment.received"
    assignment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareAdded(Event):
    """A unit got a share after 交办 「补协办」, or in the place of another 「改派」; `role` is lead or support."""

    type = "share.added"
    assignment_id: int
    role: str
    duty: str
    got_on: date
    reason: str
    instead_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareEnded(Event):
    """A unit's share ended: released 「免除」 or handed to another 「改派」; `state` says which."""

    type = "share.ended"
    assignment_id: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLowered(Event):
    """A unit lost what it had taken over 「改派」 and has the part again that it had before: `role`, `duty`."""

    type = "share.lowered"
    assignment_id: int
    role: str
    duty: str
    got_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiced:
    """For which share a report spoke, by its id; 0 where it is heard no more."""

    report_id: int
    voice: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareMoved(Event):
    """A merger moved a share to the successor; `assignment_id` went up in `into_assignment_id` where that differs.

    `state` is that of the share that goes on, `accepted_too` whether reports that were accepted went along: events of
    before tell neither. `voices` tells of reports for whom they spoke, where that was the unit itself before.
    """

    type = "share.moved"
    assignment_id: int
    into_assignment_id: int
    from_unit_id: int
    role: str
    duty: str
    state: str | None = None
    accepted_too: bool = False
    voices: tuple[Voiced, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareHandlerSet(Event):
    """A unit noted who of it handles its share 「转办」; both empty where nobody in particular does any more."""

    type = "share.handler_set"
    assignment_id: int
    words: str
    person_id: int | None
