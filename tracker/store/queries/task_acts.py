"""What the office may do about a task now, what a unit may dispute, and the disputes that wait for a decision."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.filings import RequestKind
from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    ASSIGNMENT_TRANSITIONS,
    TASK_OPEN,
    TASK_TRANSITIONS,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
)
from tracker.store.queries.pickers import Choice, takers
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class ActShare:
    """A share that goes on; `disputable` where its state admits a dispute."""

    assignment_id: int
    unit_id: int
    unit_name: str
    is_lead: bool
    got_on: date | None
    disputable: bool


@dataclass(frozen=True, slots=True)
class TaskActs:
    """`actions` are the task's possible ones; `changeable` where shares and the deadline may change."""

    task_id: int
    due_on: date | None
    actions: frozenset[str]
    changeable: bool
    shares: tuple[ActShare, ...]
    units: tuple[Choice, ...]

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


def task_acts(session: Session, *, task_id: int) -> TaskActs | None:
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
    return TaskActs(
        task_id=task_id,
        due_on=task.due_on,
        actions=frozenset(action.value for action in TaskAction if (state, action) in TASK_TRANSITIONS),
        changeable=state in TASK_OPEN or state is TaskState.SUSPENDED,
        shares=tuple(_share(row, name) for row, name in rows),
        units=takers(session),
    )


def pending_disputes(session: Session) -> tuple[DisputeLine, ...]:
    """Return the disputes that nobody has decided, the oldest first."""
    rows = session.execute(
        select(
            col(RequestRow.id),
            col(AssignmentRow.task_id),
            col(UnitRow.id),
            col(UnitRow.short_name),
            col(DocumentRow.number),
            col(ItemRow.label),
            col(ItemRow.title),
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
    return tuple(DisputeLine(*row) for row in rows)


def _share(row: AssignmentRow, name: str) -> ActShare:
    disputable = (AssignmentState(row.state), AssignmentAction.DISPUTE) in ASSIGNMENT_TRANSITIONS
    return ActShare(row.id or 0, row.unit_id, name, row.role == "lead", row.got_on, disputable)
