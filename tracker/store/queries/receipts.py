"""Shares that their units have not acknowledged 「待签收」."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.lifecycle import AssignmentState
from tracker.store.rows import as_views
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """A share that its unit has not acknowledged."""

    assignment_id: int
    task_id: int
    role: str
    duty: str
    item_label: str
    item_title: str
    document_number: str
    issued_at: datetime | None


def new_assignments(session: Session, *, unit_ids: Collection[int]) -> list[NewAssignment]:
    """Return what units have not acknowledged, in the order of the documents."""
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
        .where(
            col(AssignmentRow.unit_id).in_(unit_ids), col(AssignmentRow.state) == AssignmentState.PENDING_RECEIPT.value
        )
        .order_by(col(TaskRow.id))
    )
    return as_views(NewAssignment, session.execute(wanted))
