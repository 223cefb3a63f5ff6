"""The weekly roll-up of overdue reports 「逾期汇总」: a snapshot of each week, by unit and document."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, text
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.store.tables.events import OverdueRollupRow
from tracker.store.tables.series import IS_OVERDUE_SOMETIME, SeriesRow


def iso_week(day: date) -> str:
    """Return a week's code, Monday to Sunday: 2022W44. Source: ISO 8601, as GB/T 7408 adopts it."""
    year, week, _weekday = day.isocalendar()
    return f"{year}W{week:02}"


def roll_up(session: Session, *, now: datetime) -> list[tuple[int, int, int]]:
    """Return how many series of each unit and document are overdue."""
    rows = session.execute(
        select(col(SeriesRow.unit_id), col(SeriesRow.document_id), func.count())
        .where(text(IS_OVERDUE_SOMETIME), col(SeriesRow.overdue_from) <= now)
        .group_by(col(SeriesRow.unit_id), col(SeriesRow.document_id))
        .order_by(col(SeriesRow.unit_id), col(SeriesRow.document_id))
    )
    return [(unit_id, document_id, overdue) for unit_id, document_id, overdue in rows]


def keep_rollup(session: Session, rows: Sequence[tuple[int, int, int]], *, now: datetime) -> None:
    """Replace this week's snapshot by the present one; the weeks before stay as their last pass left them.

    Idempotent. A pass that comes late does not overwrite what a later one recorded.
    """
    today = local_day(now)
    week = iso_week(today)
    newest = select(func.max(col(OverdueRollupRow.as_of_on))).where(col(OverdueRollupRow.week) == week)
    recorded_on = session.execute(newest).scalar_one()
    if recorded_on is not None and recorded_on > today:
        return
    if recorded_on == today and _recorded(session, week=week) == list(rows):
        return
    session.execute(delete(OverdueRollupRow).where(col(OverdueRollupRow.week) == week))
    snapshot = [
        {"as_of_on": today, "week": week, "unit_id": unit_id, "document_id": document_id, "overdue": overdue}
        for unit_id, document_id, overdue in rows
    ]
    if snapshot:
        session.execute(insert(OverdueRollupRow), snapshot)


def _recorded(session: Session, *, week: str) -> list[tuple[int, int, int]]:
    """Return a week's snapshot in the shape and order of `roll_up`: one that has not changed is not written anew."""
    columns = (col(OverdueRollupRow.unit_id), col(OverdueRollupRow.document_id), col(OverdueRollupRow.overdue))
    rows = session.execute(select(*columns).where(col(OverdueRollupRow.week) == week).order_by(*columns[:2]))
    return [(unit_id, document_id, overdue) for unit_id, document_id, overdue in rows]
