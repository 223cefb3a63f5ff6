"""What the office may do about a task now, what a unit may dispute, and the disputes that wait for a decision."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.deadlines import needs_deadline
from tracker.domain.filings import RequestKind
from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    ASSIGNMENT_TRANSITIONS,
    TASK_GOES_ON,
    TASK_TRANSITIONS,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
)
from tracker.domain.owed import RowState
from tracker.store.queries.demands import end_of_task
from tracker.store.queries.form_views import waits_in_time
from tracker.store.queries.pickers import Choice, takers
from tracker.store.queries.report_demands import ReportDemands, report_demands
from tracker.store.rows import as_views
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class Ending:
    """The rows that end unreported with a share or a task, of which `overdue` stay 漏报, and those under correction."""

    unreported: int = 0
    overdue: int = 0
    returned: int = 0

    def __add__(self, other: "Ending") -> "Ending":
        return Ending(self.unreported + other.unreported, self.overdue + other.overdue, self.returned + other.returned)


@dataclass(frozen=True, slots=True)
class ActShare:
    """A share that goes on; `disputable` where its state admits a dispute, `ending` is what ends with it."""

    assignment_id: int
    unit_id: int
    unit_name: str
    is_lead: bool
    got_on: date | None
    disputable: bool
    ending: Ending


@dataclass(frozen=True, slots=True)
class TaskActs:
    """`actions` are the task's possible ones; `changeable` where shares and the deadline may change.

    `needs_deadline` where it goes on towards a new deadline only, its document or plan being over; `completed` where
    a completion was accepted; `reports` says how it is reported and what of that may be changed.
    """

    task_id: int
    due_on: date | None
    actions: frozenset[str]
    changeable: bool
    needs_deadline: bool
    completed: bool
    reports: ReportDemands
    shares: tuple[ActShare, ...]
    units: tuple[Choice, ...]

    @property
    def ending(self) -> Ending:
        """What ends with the task."""
        return sum((share.ending for share in self.shares), Ending())

    def share_of(self, unit_ids: Collection[int]) -> ActShare | None:
        """Return the first share of some units, if they have one."""
        return next((share for share in self.shares if share.unit_id in unit_ids), None)


@dataclass(frozen=True, slots=True)
class DisputeLine:
    request_id: int
    task_id: int
    unit_id: int
    unit_name: str
    document_number: str
    item_label: str
    item_title: str
    reason: str
    asked_by: str
    asked_at: datetime


def task_acts(session: Session, *, task_id: int, now: datetime) -> TaskActs | None:
    """Return what may be done about a task; None where there is none."""
    task = session.get(TaskRow, task_id)
    if task is None:
        return None
    state = TaskState(task.state)
    rows = session.execute(
        select(AssignmentRow, col(UnitRow.short_name))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(
            col(AssignmentRow.task_id) == task_id,
            col(AssignmentRow.state).not_in([ended.value for ended in ASSIGNMENT_ENDED]),
        )
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    ends = _endings(session, task, now=now)
    return TaskActs(
        task_id=task_id,
        due_on=task.due_on,
        actions=frozenset(action.value for action in TaskAction if (state, action) in TASK_TRANSITIONS),
        changeable=state in TASK_GOES_ON,
        needs_deadline=needs_deadline(task.due_on, ended_on=end_of_task(session, task), today=local_day(now)),
        completed=task.completed_at is not None,
        reports=report_demands(session, task, today=local_day(now)),
        shares=tuple(_share(row, name, ends[row.id]) for row, name in rows),
        units=takers(session),
    )


def pending_disputes(session: Session) -> tuple[DisputeLine, ...]:
    """Return the disputes that nobody has decided, the oldest first."""
    rows = session.execute(
        select(
            label("request_id", col(RequestRow.id)),
            col(AssignmentRow.task_id),
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            label("document_number", col(DocumentRow.number)),
            label("item_label", col(ItemRow.label)),
            label("item_title", col(ItemRow.title)),
            col(RequestRow.reason),
            col(RequestRow.asked_by),
            col(RequestRow.asked_at),
        )
        .select_from(RequestRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(RequestRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(RequestRow.kind) == RequestKind.DISPUTE.value, is_one_of(col(RequestRow.state), "pending"))
        .order_by(col(RequestRow.asked_at), col(RequestRow.id))
    )
    return tuple(as_views(DisputeLine, rows))


def _endings(session: Session, task: TaskRow, *, now: datetime) -> dict[int, Ending]:
    """Return what would end with each share of a task; of a suspended one nothing is missed."""
    rows = session.execute(
        select(FormRow, col(PeriodRow.due_at))
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(
            col(AssignmentRow.task_id) == task.id,
            col(FormRow.state).in_([RowState.OPEN.value, RowState.RETURNED.value]),
        )
    )
    found: dict[int, Ending] = defaultdict(Ending)
    for row, due_at in rows:
        returned = row.state == RowState.RETURNED.value
        asked_by = row.due_at or due_at
        missed = row.required and asked_by <= now and not waits_in_time(row, asked_by)
        overdue = not returned and missed and task.state != TaskState.SUSPENDED.value
        found[row.assignment_id] += Ending(int(not returned), int(overdue), int(returned))
    return found


def _share(row: AssignmentRow, name: str, ending: Ending) -> ActShare:
    disputable = (AssignmentState(row.state), AssignmentAction.DISPUTE) in ASSIGNMENT_TRANSITIONS
    return ActShare(row.id or 0, row.unit_id, name, row.role == "lead", row.got_on, disputable, ending)
