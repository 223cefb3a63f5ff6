"""Where the database restates what is past its moment, it finds the same rows as the domain in a random life."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.random_life import Life
from tests.support.readings import small_reading
from tracker.domain.earlier import ended_by
from tracker.domain.items import AssignmentRole
from tracker.domain.owed import RowView
from tracker.domain.readings.reading import Reading
from tracker.store.database import Database
from tracker.store.queries.narrative import earlier_narrative_rows, rows_under_way
from tracker.store.queries.overdue_rows import overdue_leads
from tracker.store.queries.series import rows_of_task, series_views
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

SEED = 12
LOOKS, STEPS = 8, 12
LATER = [timedelta(days=days) for days in (0, 30, 90)]


def _accounts(*, number: str, expires_on: date | None = None) -> Reading:
    """Read no rhythm in the document that expires: its reports are accounts, the latest of which ends earlier ones."""
    reading = small_reading(number=number, expires_on=expires_on)
    monthly, waiting = reading.items
    return replace(reading, items=(replace(monthly, cadences=()), waiting)) if expires_on else reading


@pytest.fixture
def life(database: Database) -> Life:
    life = Life(database, random.Random(SEED), read=_accounts)
    life.begin()
    return life


def _is_past(row: RowView, now: datetime) -> bool:
    return row.moment is not None and row.moment <= now


def _leads(session: Session, task_id: int, now: datetime) -> set[str]:
    """Return the leads of a task that owe an overdue row, by the domain's view of each row."""
    past = [row.row_id for _series, _period, row in rows_of_task(session, task_id=task_id) if _is_past(row, now)]
    return set(
        session.scalars(
            select(col(UnitRow.short_name))
            .join(AssignmentRow, col(AssignmentRow.unit_id) == col(UnitRow.id))
            .join(FormRow, col(FormRow.assignment_id) == col(AssignmentRow.id))
            .where(col(FormRow.id).in_(past), col(AssignmentRow.role) == AssignmentRole.LEAD.value)
        )
    )


def test_the_leads_that_owe_overdue_rows_are_those_the_domain_names(life: Life) -> None:
    named = 0
    for _look in range(LOOKS):
        life.live(STEPS)
        with life.database.reading() as session:
            for task in session.scalars(select(TaskRow)):
                for now in (life.now + later for later in LATER):
                    found = overdue_leads(session, task_id=task.id or 0, but=None, now=now)
                    assert set(found) == _leads(session, task.id or 0, now), (task.id, task.state, now)
                    named += len(found)
    assert named > 0


def _form_of(session: Session, period: PeriodRow) -> FilingRow:
    """Fill in all rows of a form, as if it left its unit now."""
    unit_id = session.get_one(SeriesRow, period.series_id).unit_id
    written: dict[str, Any] = {"written_by": "联络员", "written_at": period.opens_at}
    filing = FilingRow(kind="form", unit_id=unit_id, period_id=period.id, state="filed", **written)
    session.add(filing)
    session.flush()
    for row in session.scalars(select(FormRow).where(col(FormRow.period_id) == period.id)):
        report = ReportRow(
            filing_id=filing.id or 0, row_id=row.id, kind="progress", state="filed", text="开展2次", **written
        )
        session.add(report)
    session.flush()
    return filing


def _earlier(session: Session, period: PeriodRow, now: datetime) -> list[int]:
    """Return the earlier accounts that a form of this period ends, by the domain's view of its series."""
    [view] = series_views(session, [period.series_id])
    reported = {
        row.task_id
        for form in view.periods
        for row in form.rows
        if form.period_id == period.id and row.task_id and not row.act
    }
    under_way = rows_under_way(session, series_ids=[period.series_id])
    own = next((form for form in view.periods if form.period_id == period.id), None)
    ended = ended_by(view, own, tasks=reported, under_way=under_way, now=now) if own else []
    return sorted(row.row_id for _form, row in ended)


def _leaves(session: Session, filing: FilingRow, now: datetime) -> None:
    """Let a form that was written now be the first report on each of its rows."""
    filing.written_at = now
    for row in session.scalars(select(FormRow).where(col(FormRow.period_id) == filing.period_id)):
        row.filed_at = now
    session.flush()


def test_the_earlier_accounts_that_a_form_ends_are_those_the_domain_calls_overdue(life: Life) -> None:
    ended = 0
    for _look in range(LOOKS):
        life.live(STEPS)
        with life.database.reading() as session:
            for period in session.scalars(select(PeriodRow)).all():
                filing = _form_of(session, period)
                for now in (life.now + later for later in LATER):
                    _leaves(session, filing, now)
                    found = earlier_narrative_rows(session, filing, period, now=now)
                    assert [row.id for row in found] == _earlier(session, period, now), (period.id, now)
                    ended += len(found)
    assert ended > 0
