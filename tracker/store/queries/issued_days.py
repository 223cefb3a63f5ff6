"""By which day an issued paper wants its answer, as the event of its issue keeps it."""

import json
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.circulars import CircularIssued
from tracker.domain.events.decoding import decode_as
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow


def answer_ordered(session: Session, row: CircularRow) -> date | None:
    """Return the last day for an answer that was counted when a paper was issued; None of a draft.

    A correction keeps the day of what it corrects, for that was ordered in time.
    """
    issued: CircularRow | None = row
    while issued is not None and issued.number is None:
        issued = session.get(CircularRow, issued.replaces_id) if issued.replaces_id is not None else None
    if issued is None:
        return None
    told = select(col(EventRow.payload)).where(col(EventRow.type) == CircularIssued.type)
    for payload in session.scalars(told.order_by(col(EventRow.seq).desc())):
        event = decode_as(CircularIssued, json.loads(payload))
        if event.circular_id == issued.id:
            return event.answer_on
    return None
