"""A year in which one county is silent: what a month of the demonstration costs, and how short everything stays."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tests.bench.measuring import Count, Measurement
from tests.bench.silent_year import Month, SilentYear, play_autumn
from tests.support.owed_city import BY
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.steps.digests import DIGEST
from tracker.store.history.contents import content_as_of
from tracker.store.queries.owed_lists import overdue_lines
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.units import UnitRow, UserRow

_MEGABYTES = 30
_MONTH_S = 10.0
_YEAR = 500.0
_FLOOR = "its rows in bulk"
_LINES = 29  # fewer than thirty
_SILENT = "xincai"


def measure() -> list[Measurement | Count]:
    """Play the autumn and the year after it, then look at what the silent county is told."""
    with TemporaryDirectory() as folder:
        year = play_autumn(Path(folder))
        months = list(year.months())
        found = [*_of_months(months), *_of_the_end(year)]
        year.database.dispose()
    return found


def _of_months(months: list[Month]) -> list[Measurement]:
    """Hold each month against ten seconds, said as a ratio to its floor, and the year against a ratio alone.

    Most of a quiet month are passes that find little to write, so months have no ratio in common.
    """
    return [
        *(
            Measurement(
                f"the month to {month.ends_on}, CPU", month.cpu_s, _FLOOR, month.floor_s, _MONTH_S / month.floor_s
            )
            for month in months
        ),
        Measurement(
            "all its months, CPU",
            sum(month.cpu_s for month in months),
            _FLOOR,
            sum(month.floor_s for month in months),
            _YEAR,
        ),
    ]


def _of_the_end(year: SilentYear) -> list[Measurement | Count]:
    now = year.scenario.goes_on_until
    assert now is not None
    with year.database.reading() as session:
        unit = session.scalars(select(UnitRow).where(col(UnitRow.code) == _SILENT)).one()
        lines = overdue_lines(session, now=now, unit_ids=[unit.id or 0], limit=9_999)
        series = session.scalars(
            select(col(SeriesRow.id)).where(col(SeriesRow.unit_id) == unit.id, col(SeriesRow.overdue_from) <= now)
        ).all()
        urge = content_as_of(
            session,
            kind=CircularType.URGE,
            scope=Scope(unit.full_name),
            as_of=now,
            up_to=None,
            previous=None,
            calendar=BY.calendar,
        )
        digest = _digest_lines(session, unit_id=unit.id or 0)
    return [
        Count("megabytes of the silent year on SQLite", round(year.megabytes()), _MEGABYTES),
        Count("lines of the silent county beyond one a series", len(lines) - len(set(series)), 0),
        Count("lines of its longest digest", digest, _LINES),
        Count("rows in the annexes of a 催办单 to it", sum(len(table.rows) for table in urge.tables), _LINES),
    ]


def _digest_lines(session: Session, *, unit_id: int) -> int:
    """Count what the longest digest to a unit's people says, shown or not."""
    wanted = (
        select(col(ReminderRow.content))
        .join(UserRow, col(UserRow.id) == col(ReminderRow.recipient_id))
        .where(col(UserRow.unit_id) == unit_id, col(ReminderRow.kind) == DIGEST)
    )
    digests: Sequence[Any] = session.scalars(wanted).all()  # Any: JSON
    return max(len(content["lines"]) + int(content["more"]) for content in digests)
