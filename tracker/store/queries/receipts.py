"""Shares that their units have yet to acknowledge 「待签收」."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, label, select
from sqlmodel import Session, col

from tracker.domain.lifecycle import TASK_OPEN, AssignmentState
from tracker.store.rows import as_views
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def awaiting_receipt() -> ColumnElement[bool]:
    """Restate `lifecycle.awaits_receipt` over shares joined with their tasks."""
    pending = col(AssignmentRow.state) == AssignmentState.PENDING_RECEIPT.value
    return and_(pending, col(TaskRow.state).in_([state.value for state in TASK_OPEN]))


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
        )
        .select_from(AssignmentRow)
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(AssignmentRow.unit_id).in_(unit_ids), awaiting_receipt())
        .order_by(col(TaskRow.id))
    )
    return as_views(NewAssignment, session.execute(wanted))
