"""What turned overdue since a time and is overdue now 「新转红」."""

from datetime import datetime

from sqlalchemy import Select, func, select, text
from sqlmodel import Session, col

from tracker.store.queries.owed_lists import OwedLine, lines_of
from tracker.store.tables.series import IS_OVERDUE_SOMETIME, SeriesRow


def newly_overdue(session: Session, *, since: datetime, now: datetime, limit: int) -> tuple[list[OwedLine], int]:
    """Return the first of the series whose moment passed between two times, both included, and how many there are."""
    ids = _between(select(col(SeriesRow.id)), since, now)
    shown = session.scalars(ids.order_by(col(SeriesRow.overdue_from), col(SeriesRow.id)).limit(limit))
    in_all = session.scalars(_between(select(func.count()).select_from(SeriesRow), since, now)).one()
    return lines_of(session, [id_ or 0 for id_ in shown], now=now), int(in_all or 0)


def _between(wanted: Select[int | None], since: datetime, now: datetime) -> Select[int | None]:
    return wanted.where(text(IS_OVERDUE_SOMETIME), col(SeriesRow.overdue_from).between(since, now))
