"""What circulars count: forms, series that are overdue, tasks, each as it stood at the cut-off.

They are folded from the log, so that a circular can be computed again at any later time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFact:
    """One row of a form: its item as the document prints it, and where it stands.

    `reason` is why it was returned, while its correction runs.
    """

    task_id: int | None
    item_code: str
    label: str
    title: str
    paper: Paper
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFact:
    """One form of a unit as it stood; `events` are the log's numbers that say so.

    `moment` is when it falls due: the earliest of its unreported rows, else of all that it must speak of; `due_on` its
    last day. `late` where a row was first filed late, whatever became of it; `reported` where nothing is left
    unreported. `returns` are the reasons of its returns, in their classes; `rows` those that wait for the unit.
    """

    series_id: int
    period_id: int
    unit: str
    unit_order: int
    document: str
    rhythm: str
    label: str
    due_on: date
    moment: datetime
    paper: Paper
    late: bool = False
    reported: bool = False
    extended: bool = False
    returns: tuple[str, ...] = ()
    rows: tuple[RowFact, ...] = ()
    events: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueFact:
    """One series that is overdue, however many of its periods are: the one that counts, and since when.

    `run` counts the periods unreported in a row; `act` where something is to be done each time, so that they are owed
    one by one; `correction` where a returned report was not mended in time 「未补正」.
    """

    series_id: int
    period_id: int
    unit: str
    unit_order: int
    document: str
    label: str
    due_on: date
    since: datetime
    run: int
    act: bool
    correction: bool
    rows: tuple[RowFact, ...]
    events: tuple[int, ...] = ()

    @property
    def items(self) -> str:
        """The items as the document prints them; a form of ticks alone names none."""
        return "；".join(f"{row.label} {row.title}" for row in self.rows) or "其他配合事项"

    @property
    def periods(self) -> str:
        """Which periods are meant: the one that counts, and how many since."""
        if self.correction:
            return f"{self.label}（未补正）"
        if self.run <= 1:
            return self.label
        return f"{self.label}起{'共' if self.act else '连续'}{self.run}期"


class TaskPart(StrEnum):
    """Where a task stands as far as the log says it, the first that holds.

    It says nothing about how far the work has come: whether it is on schedule no filing can tell.
    """

    CANCELLED = "cancelled"
    COMPLETED = "completed"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    COMPLETION_PENDING = "completion_pending"
    OVERDUE = "overdue_tasks"
    PENDING = "pending_tasks"
    WAITING = "waiting"
    UNRECEIVED = "unreceived"
    UNDERWAY = "underway"


_BY_STATE = {
    TaskState.CANCELLED: TaskPart.CANCELLED,
    TaskState.COMPLETED: TaskPart.COMPLETED,
    TaskState.CLOSED: TaskPart.COMPLETED,
    TaskState.SUSPENDED: TaskPart.SUSPENDED,
    TaskState.LAPSED: TaskPart.LAPSED,
    TaskState.UNDER_REVIEW: TaskPart.COMPLETION_PENDING,
    TaskState.RETURNED: TaskPart.COMPLETION_PENDING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFact:
    """One issued task as it stood at the cut-off.

    `state` is the one an archived task had before. `lead_overdue` where a lead owes a report past its moment,
    `lead_pending` where the office has yet to decide a lead's request on one that would be. `waits` until an event
    starts it.
    """

    task_id: int
    item_code: str
    label: str
    title: str
    document: str
    document_title: str
    issued_on: date
    state: TaskState
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    deadline: str
    cadence: str
    targets: str
    lead_overdue: bool = False
    lead_pending: bool = False
    waits: bool = False
    events: tuple[int, ...] = ()

    @property
    def part(self) -> TaskPart:
        """The one part in which the task is counted."""
        if self.state in _BY_STATE:
            return _BY_STATE[self.state]
        if self.lead_overdue:
            return TaskPart.OVERDUE
        if self.lead_pending:
            return TaskPart.PENDING
        if self.waits:
            return TaskPart.WAITING
        return TaskPart.UNRECEIVED if self.state is TaskState.ISSUED else TaskPart.UNDERWAY

    @property
    def ended(self) -> bool:
        """Whether nothing more is asked of it."""
        return self.part in (TaskPart.COMPLETED, TaskPart.CANCELLED)


@dataclass(frozen=True, slots=True)
class Facts:
    """The city, or a part of it, at a cut-off; units in official order, forms and series in order of their moment."""

    as_of: datetime
    last_event: int
    tasks: tuple[TaskFact, ...]
    forms: tuple[FormFact, ...]
    overdue: tuple[OverdueFact, ...]


@dataclass(frozen=True, slots=True)
class Previous:
    """The circular before this one and the facts it was made of."""

    number: str
    facts: Facts
