"""Overdue forms rolled up 「逾期汇总」: by unit and document as they stand now, by week as each week ended."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, label, select, text
from sqlmodel import Session, col

from tracker.store.rows import as_views
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import OverdueRollupRow
from tracker.store.tables.series import IS_OVERDUE_SOMETIME, SeriesRow
from tracker.store.tables.units import UnitRow

_SINCE = col(SeriesRow.overdue_from)


@dataclass(frozen=True, slots=True)
class RollupLine:
    """One unit or document with its overdue series and since when the oldest is."""

    key: int
    name: str
    overdue: int
    since: datetime


def by_unit(session: Session, *, now: datetime) -> tuple[RollupLine, ...]:
    """Return one line a unit that has an overdue series, in official order."""
    # One range of the unit's index each: grouping the whole range would sort it.
    overdue_of_unit = (text(IS_OVERDUE_SOMETIME), col(SeriesRow.unit_id) == col(UnitRow.id), now >= _SINCE)
    overdue = select(func.count()).where(*overdue_of_unit).correlate(UnitRow).scalar_subquery()
    since = select(func.min(_SINCE)).where(*overdue_of_unit).correlate(UnitRow).scalar_subquery()
    rows = session.execute(
        select(
            label("key", col(UnitRow.id)),
            label("name", col(UnitRow.short_name)),
            overdue.label("overdue"),
            since.label("since"),
        ).order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    return tuple(line for line in as_views(RollupLine, rows) if line.overdue)


def by_document(session: Session, *, now: datetime, limit: int | None = None) -> tuple[RollupLine, ...]:
    """Return one line a document that has an overdue series, in order of issue; with `limit` those that have most."""
    key, count = col(SeriesRow.document_id), func.count().label("overdue")
    late = (text(IS_OVERDUE_SOMETIME), now >= _SINCE)
    # The moments only of what is shown: comparing those of all costs more than counting all.
    most = select(key, count).where(*late).group_by(key).order_by(count.desc(), key).limit(limit)
    overdue = dict(session.execute(most).all())
    since = select(key, func.min(_SINCE)).where(*late, key.in_(overdue)).group_by(key)
    oldest = dict(session.execute(since).all())
    rows = session.execute(
        select(col(DocumentRow.id), col(DocumentRow.number))
        .where(col(DocumentRow.id).in_(overdue))
        .order_by(col(DocumentRow.issued_on), col(DocumentRow.id))
    )
    return tuple(RollupLine(id_, number, overdue[id_], oldest[id_]) for id_, number in rows)


@dataclass(frozen=True, slots=True)
class WeekLine:
    """How many series were overdue at a week's last pass."""

    week: str
    overdue: int

    @property
    def begins_on(self) -> date:
        """The Monday of the week."""
        year, week = self.week.split("W")
        return date.fromisocalendar(int(year.rstrip("-")), int(week), 1)


def by_week(session: Session, *, weeks: int) -> tuple[WeekLine, ...]:
    """Return the latest weeks that had something overdue, the oldest first."""
    rows = session.execute(
        select(col(OverdueRollupRow.week), func.sum(col(OverdueRollupRow.overdue)).label("overdue"))
        .group_by(col(OverdueRollupRow.week))
        .order_by(col(OverdueRollupRow.week).desc())
        .limit(weeks)
    )
    return tuple(reversed(as_views(WeekLine, rows)))


@dataclass(frozen=True, slots=True)
class WeekPart:
    """How many series of one unit on one document were overdue at a week's last pass."""

    unit_id: int
    unit_name: str
    document_id: int
    document_number: str
    overdue: int


def parts_of_week(session: Session, *, week: str) -> tuple[WeekPart, ...]:
    """Return what a week's figure is made of, by unit in official order, then by document."""
    rows = session.execute(
        select(
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            label("document_id", col(DocumentRow.id)),
            label("document_number", col(DocumentRow.number)),
            col(OverdueRollupRow.overdue),
        )
        .select_from(OverdueRollupRow)
        .join(UnitRow, col(UnitRow.id) == col(OverdueRollupRow.unit_id))
        .join(DocumentRow, col(DocumentRow.id) == col(OverdueRollupRow.document_id))
        .where(col(OverdueRollupRow.week) == week)
        .order_by(col(UnitRow.official_order), col(UnitRow.id), col(DocumentRow.issued_on), col(DocumentRow.id))
    )
    return tuple(as_views(WeekPart, rows))
