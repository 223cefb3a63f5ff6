"""Whom a paper of the office reaches: units with a share in its document, and those that heard when it was issued."""

import json

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.circulars import CircularIssued
from tracker.domain.events.decoding import decode_as
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


def sharing_units(session: Session, *, document_number: str) -> tuple[int, ...]:
    """Return the units with a live share in what was issued of a document, in official order."""
    wanted = (
        select(col(UnitRow.id), col(UnitRow.official_order))
        .join(AssignmentRow, col(AssignmentRow.unit_id) == col(UnitRow.id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(
            col(DocumentRow.number) == document_number,
            col(TaskRow.issued_at).is_not(None),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .distinct()
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    return tuple(id_ or 0 for id_, _order in session.execute(wanted))


def told_of_issue(session: Session, circular_id: int) -> tuple[int, ...]:
    """Return the units that heard of a paper when it was issued; none where papers were not told of yet."""
    issued = select(col(EventRow.payload)).where(col(EventRow.type) == CircularIssued.type)
    for payload in session.scalars(issued.order_by(col(EventRow.seq).desc())):
        event = decode_as(CircularIssued, json.loads(payload))
        if event.circular_id == circular_id:
            return event.unit_ids
    return ()
