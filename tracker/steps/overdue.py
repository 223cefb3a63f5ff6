"""The passing of a series' moment is put into the log once, whoever looks at it later."""

from datetime import datetime

from sqlalchemy import or_, select, text
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM
from tracker.domain.events.forms import SeriesOverdue
from tracker.store import event_log
from tracker.store.tables.series import IS_OVERDUE_SOMETIME, SeriesRow

_BATCH = 100


def note_overdue(session: Session, *, now: datetime, limit: int = _BATCH) -> int:
    """Record at most `limit` series whose moment has passed since the last pass; return how many.

    Idempotent: what was noted is kept beside the moment. Records SeriesOverdue.
    """
    wanted = (
        select(SeriesRow)
        .where(
            text(IS_OVERDUE_SOMETIME),
            col(SeriesRow.overdue_from) <= now,
            or_(col(SeriesRow.overdue_noted).is_(None), col(SeriesRow.overdue_noted) != col(SeriesRow.overdue_from)),
        )
        .order_by(col(SeriesRow.overdue_from), col(SeriesRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)  # whoever changes a series reckons it anew, in an order of its own
    )
    rows = session.scalars(wanted).all()
    for series in rows:
        assert series.overdue_from is not None
        event = SeriesOverdue(unit_id=series.unit_id, series_id=series.id or 0, since=series.overdue_from)
        event_log.record(session, event, actor=SYSTEM, at=now)
        series.overdue_noted = series.overdue_from
    session.flush()
    return len(rows)
