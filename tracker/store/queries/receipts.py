"""Shares that their units have yet to acknowledge 「待签收」."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, label, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.deadlines import receipt_due_at
from tracker.domain.lifecycle import TASK_OPEN, AssignmentState
from tracker.domain.windows import Reckoning
from tracker.store.queries.scopes import within
from tracker.store.rows import as_views
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def awaiting_receipt() -> ColumnElement[bool]:
    """Restate `lifecycle.awaits_receipt` over shares joined with their tasks."""
    pending = col(AssignmentRow.state) == AssignmentState.PENDING_RECEIPT.value
    return and_(pending, col(TaskRow.state).in_([state.value for state in TASK_OPEN]))


def receipt_moment(got_on: date, *, by: Reckoning) -> datetime:
    """Return by when a share that a unit got on a day is to be signed for."""
    return receipt_due_at(got_on, workdays=by.policy.receipt_workdays, calendar=by.calendar)


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """A share that its unit has yet to acknowledge."""

    assignment_id: int
    task_id: int
    role: str
    duty: str
    item_label: str
    item_title: str
    document_number: str
    issued_at: datetime | None
    got_on: date | None

    def due_at(self, by: Reckoning) -> datetime | None:
        """Return by when it is to be signed for; None where nobody noted since when the unit has it."""
        return receipt_moment(self.got_on, by=by) if self.got_on else None


def new_assignments(session: Session, *, unit_ids: Collection[int]) -> list[NewAssignment]:
    """Return what units have yet to acknowledge, in the order of the documents."""
    wanted = (
        select(
            label("assignment_id", col(AssignmentRow.id)),
            label("task_id", col(TaskRow.id)),
            col(AssignmentRow.role),
            col(AssignmentRow.duty),
            label("item_label", col(ItemRow.label)),
            label("item_title", col(ItemRow.title)),
            label("document_number", col(DocumentRow.number)),
            col(TaskRow.issued_at),
            col(AssignmentRow.got_on),
        )
        .select_from(AssignmentRow)
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(AssignmentRow.unit_id).in_(unit_ids), awaiting_receipt())
        .order_by(col(TaskRow.id))
    )
    return as_views(NewAssignment, session.execute(wanted))


@dataclass(frozen=True, slots=True)
class Unreceived:
    """How much has not been signed for: tasks, those past their term, units, and since which day the oldest waits."""

    tasks: int
    late: int
    units: int
    since: date


def count_unreceived(session: Session, *, unit_ids: Scope, now: datetime, by: Reckoning) -> Unreceived | None:
    """Count the tasks of which a unit of a scope, lead or not, has not signed for its share; None where all have."""
    wanted = (
        select(col(AssignmentRow.task_id), col(AssignmentRow.unit_id), col(AssignmentRow.got_on))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(within(unit_ids, col(AssignmentRow.unit_id)), awaiting_receipt(), col(AssignmentRow.got_on).is_not(None))
    )
    found = session.execute(wanted).all()
    if not found:
        return None
    past = {day for day in {row.got_on for row in found} if receipt_moment(day, by=by) <= now}
    return Unreceived(
        tasks=len({row.task_id for row in found}),
        late=len({row.task_id for row in found if row.got_on in past}),
        units=len({row.unit_id for row in found}),
        since=min(row.got_on for row in found),
    )
