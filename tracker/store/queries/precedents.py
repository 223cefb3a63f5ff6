"""What was decided before on requests like those that wait 「先例」."""

from collections.abc import Collection, Mapping

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.filings import RequestState
from tracker.domain.precedents import Decided, Matter, Precedent, precedents
from tracker.store.rows import as_views
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_SHOWN = 3
# Of a kind that many of the latest are compared: what lies further back says little of how the office decides now.
_COMPARED = 300


def precedents_of(session: Session, request_ids: Collection[int]) -> Mapping[int, tuple[Precedent, ...]]:
    """Return for each request the likest of what was decided before, none where nothing is like it."""
    asked = session.execute(
        select(
            label("request_id", col(RequestRow.id)),
            col(RequestRow.kind),
            col(AssignmentRow.task_id),
            col(AssignmentRow.unit_id),
            col(TaskRow.document_id),
        )
        .select_from(RequestRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(RequestRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(col(RequestRow.id).in_(request_ids))
    )
    matters = {row.request_id: Matter(row.kind, row.task_id, row.unit_id, row.document_id) for row in asked}
    decided = {kind: decided_requests(session, kind) for kind in {matter.kind for matter in matters.values()}}
    return {id_: precedents(matter, decided[matter.kind], most=_SHOWN) for id_, matter in matters.items()}


def decided_requests(session: Session, kind: str) -> list[Decided]:
    """Return the decisions on requests of a kind, the latest first, as many as are compared."""
    rows = session.execute(
        select(
            label("request_id", col(RequestRow.id)),
            col(RequestRow.kind),
            col(AssignmentRow.task_id),
            col(AssignmentRow.unit_id),
            col(TaskRow.document_id),
            label("unit_name", col(UnitRow.short_name)),
            label("document_number", col(DocumentRow.number)),
            label("item_label", col(ItemRow.label)),
            label("item_title", col(ItemRow.title)),
            col(RequestRow.state),
            col(RequestRow.reason),
            col(RequestRow.new_due_at),
            col(RequestRow.decision_reason),
            col(RequestRow.decided_by),
            col(RequestRow.decided_at),
        )
        .select_from(RequestRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(RequestRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(
            col(RequestRow.kind) == kind,
            is_one_of(col(RequestRow.state), RequestState.GRANTED.value, RequestState.REFUSED.value),
        )
        .order_by(col(RequestRow.decided_at).desc(), col(RequestRow.id).desc())
        .limit(_COMPARED)
    )
    return as_views(Decided, rows)
