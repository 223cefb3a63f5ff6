"""Facts about tasks: how they end, pause and go on, when they are due and how they are reported."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.events.base import Event
from tracker.domain.events.shares import IssuedShare
from tracker.domain.schedule import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed(Event):
    """Struck off 「销号」, an act of its own after completion 「办结」."""

    type = "task.closed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLapsed(Event):
    """The document's validity ended 「失效待结」; `closing` where its leads owe a closing report now."""

    type = "task.lapsed"
    expired_on: date
    closing: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSuperseded(Event):
    """A newer edition took the document's place; `by_item` goes on with the task, none where it was dropped."""

    type = "task.superseded"
    by_number: str
    by_item: str | None

    def key(self) -> str:
        return f"task.superseded/{self.task_id}"


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
    """Work goes on 「恢复」; completions that no row asked for, `reports`, are corrected by `correct_by` anew."""

    type = "task.resumed"
    reason: str
    new_deadline_on: date | None = None
    reports: tuple[int, ...] = ()
    correct_by: date | None = None


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
