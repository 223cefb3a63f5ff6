"""Whom a paper of the office reaches: units with a share in its document, and those that heard when it was issued."""

import json

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.circulars.content import Content
from tracker.domain.circulars.kinds import KINDS, CircularType, Told
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.domain.circulars.proposals import named
from tracker.domain.events.circulars import CircularIssued
from tracker.domain.events.decoding import decode_as
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.store.queries.co_issuers import joint_units
from tracker.store.queries.units import present_units, units_named
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


def hearers(session: Session, row: CircularRow, content: Content | None, *, host: str = "") -> tuple[int, ...]:
    """Return the units that hear of a paper when it is issued, in official order; none of those that issue it.

    They stand for whoever bore the names when it was drafted. Of an edition that keeps no facts only the unit that it
    is written to is known.
    """
    issuers = {*units_named(session, [host]), *present_units(session, joint_units(session, row.id or 0))}
    return tuple(unit_id for unit_id in _reached(session, row, content) if unit_id not in issuers)


def _reached(session: Session, row: CircularRow, content: Content | None) -> tuple[int, ...]:
    match KINDS[CircularType(row.type)].told(to_unit=row.unit_name is not None):
        case Told.NOBODY:
            return ()
        case Told.UNIT:
            return units_named(session, [row.unit_name or ""])
        case Told.ADDRESSED:
            return units_named(session, content.goes_to if content is not None else ())
        case Told.NAMED:
            return units_named(session, _named_units(row, content) if content is not None else ())
        case Told.SHARERS:
            return sharing_units(session, document_number=row.document_number or "")


def _named_units(row: CircularRow, content: Content) -> list[str]:
    """Return whose items stand in the annexes, and whom the text praises or criticises by name."""
    said = named(content.proposals, [one.words for one in paragraphs(row.statements)])
    return [*content.holds_against, *(one.unit for one in said)]


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
