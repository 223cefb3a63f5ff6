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

    A correction counts its own: whoever gets it has the usual time from then on, as with any other paper.
    """
    if row.number is None:
        return None
    told = select(col(EventRow.payload)).where(col(EventRow.type) == CircularIssued.type)
    for payload in session.scalars(told.order_by(col(EventRow.seq).desc())):
        event = decode_as(CircularIssued, json.loads(payload))
        if event.circular_id == row.id:
            return event.answer_on
    return None
