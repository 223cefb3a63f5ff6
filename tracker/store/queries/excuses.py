"""What an outage excused after a paper was drafted: whom it blames the office itself has given more time."""

import json

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.decoding import decode_as
from tracker.domain.events.forms import DueMoved
from tracker.domain.outages import OUTAGE
from tracker.store.queries.units import bearers_of, present_units
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.series import PeriodRow, SeriesRow


def excused_since_drafted(session: Session, row: CircularRow) -> int:
    """Return how many moments that an edition counts as past, being due by its cut-off, an outage moved afterwards.

    Only those of the unit or document that the edition is about.
    """
    wanted = select(col(EventRow.payload)).where(
        col(EventRow.type) == DueMoved.type, col(EventRow.seq) > row.last_event
    )
    if row.unit_name is not None:
        # It may have been renamed or have gone up in another since the paper was drafted.
        named = bearers_of(session, [row.unit_name])
        wanted = wanted.where(col(EventRow.unit_id).in_({*named, *present_units(session, named)}))
    told = [decode_as(DueMoved, json.loads(payload)) for payload in session.scalars(wanted)]
    moved = [one.period_id for one in told if one.cause == OUTAGE and one.old_due_at <= row.as_of]
    return len(moved) if row.document_number is None else _of_document(session, row.document_number, moved)


def _of_document(session: Session, number: str, period_ids: list[int]) -> int:
    found = (
        select(col(PeriodRow.id))
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
        .where(col(DocumentRow.number) == number, col(PeriodRow.id).in_(set(period_ids)))
    )
    known = set(session.scalars(found))
    return sum(period_id in known for period_id in period_ids)
