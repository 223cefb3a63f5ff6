"""Facts about tasks and shares after 交办: how they end, pause, go on, change hands."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.events import Event, IssuedShare
from tracker.domain.schedule import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(Event):
    """Done 「办结」: met or unmet; `let_pass` says why although a lead still owed a report."""

    type = "task.completed"
    report_id: int
    outcome: str
    let_pass: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReopened(Event):
    """Taken up again 「重启」; `with_document` where the corrected end of its plan did so, which units are told of."""

    type = "task.reopened"
    reason: str
    new_deadline_on: date | None = None
    with_document: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSuspended(Event):
    """Paused 「中止」: what falls due meanwhile is waived."""

    type = "task.suspended"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResumed(Event):
    type = "task.resumed"
    reason: str
    new_deadline_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelled(Event):
    """Withdrawn 「撤销」 by the office."""

    type = "task.cancelled"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskArchived(Event):
    """Put on file 「归档」; the class it ended with stays."""

    type = "task.archived"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEnded(Event):
    """A document's validity or its plan was over on `ended_on`, and open tasks of it lapsed by that."""

    type = "document.ended"
    document_id: int
    ended_on: date

    def key(self) -> str:
        return f"{self.type}/{self.document_id}/{self.ended_on}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedPart:
    """One unit's live share of a task that a newer edition ended; `by_item` is the code of the item that goes on.

    `goes_on` where that item tasks the unit too; editions of before it was told count as if it did.
    """

    unit_id: int
    item: str
    by_item: str | None
    goes_on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSuperseded(Event):
    """A newer edition took a document's place; `parts` are the shares of its open tasks that ended by that."""

    type = "document.superseded"
    document_id: int
    by_document_id: int
    parts: tuple[EndedPart, ...]

    def key(self) -> str:
        return f"{self.keys_of(self.document_id)}{self.by_document_id}"

    @classmethod
    def keys_of(cls, document_id: int) -> str:
        """Return what the key of whatever replaced a document begins with."""
        return f"{cls.type}/{document_id}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineChanged(Event):
    """The office set another deadline for a task 「改时限」."""

    type = "task.deadline_changed"
    old_on: date | None
    new_on: date | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePointsSet(Event):
    """The office set what a target expects on the way 「序时节点」; without points its measure says it again."""

    type = "schedule.points_set"
    target_id: int
    metric: str
    op: str
    unit: str | None
    points: tuple[Point, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RhythmChange:
    """How the forms of one unit change: the rhythms before and now, and the code of the first new period, if any."""

    unit_id: int
    old: tuple[str, ...]
    new: tuple[str, ...]
    first: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMarked(Event):
    """The office wants a task reported at least monthly 「列为重点」."""

    type = "task.key_marked"
    reason: str
    changes: tuple[RhythmChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLifted(Event):
    """A task is no key item any more 「取消重点」."""

    type = "task.key_lifted"
    reason: str
    changes: tuple[RhythmChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalSet(Event):
    """The office set how often a task is reported whose document leaves it open 「定报送间隔」."""

    type = "task.interval_set"
    interval: str
    reason: str
    changes: tuple[RhythmChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerEnded(Event):
    """What a waiting task waited for is over 「终止响应」."""

    type = "trigger.ended"
    trigger_id: int
    reason: str


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
class UnitsMerged(Event):
    """A unit went up in another from a day on; its open work moved with its moments."""

    type = "unit.merged"
    into_unit_id: int
    merged_on: date
    shares: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareMoved(Event):
    """A merger moved a share to the successor; `assignment_id` went up in `into_assignment_id` where that differs."""

    type = "share.moved"
    assignment_id: int
    into_assignment_id: int
    from_unit_id: int
    role: str
    duty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMoved(Event):
    """A merger moved a series to the successor; `into_series_id` differs where it had the same series already."""

    type = "series.moved"
    series_id: int
    into_series_id: int
    from_unit_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRenamed(Event):
    """A unit bears another name from a day on; history keeps the old one."""

    type = "unit.renamed"
    old_name: str
    new_name: str
    valid_from: date
    reason: str
    old_short_name: str = ""
    new_short_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Event):
    """The office settled what a document leaves open 「督查室明确」; `decided` is what follows from it, if anything.

    `changes` are those of an interval that the answer set.
    """

    type = "question.answered"
    question_id: int
    topic: str
    answer: str
    decided: str = ""
    changes: tuple[RhythmChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedTask:
    """A task as it stood when its history began to be told by events; `issued_at` is when the units got it.

    `triggered` where an event that it waits for was recorded.
    """

    task_id: int
    state: str
    issued_at: datetime
    outcome: str | None = None
    completed_at: datetime | None = None
    due_on: date | None = None
    triggered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TasksCarried(Event):
    """The issued tasks and shares of a document that was issued before events told them all."""

    type = "tasks.carried"
    document_id: int
    tasks: tuple[CarriedTask, ...]
    shares: tuple[IssuedShare, ...]

    def key(self) -> str:
        return f"tasks.carried/{self.document_id}"
