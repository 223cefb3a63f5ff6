"""With which period a unit's new forms begin: each condition with the period that it alone keeps out."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from tests.support.office import City, open_city
from tests.support.owed_city import at
from tracker.steps.rhythm_changes import rhythm_changes
from tracker.store.database import Database
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow


@pytest.fixture
def city(database: Database) -> City:
    city = open_city(database)
    city.sweep(at(10, 2))
    return city


def _first(session: Session, city: City, *, today: date = date(2022, 9, 1)) -> str | None:
    changes = rhythm_changes(session, city.assignment("swj", session).task_id, before=(), today=today)
    return next(change.first for change in changes if change.unit_id == city.unit_id("swj"))


def _put(session: Session, city: City, code: str, *, kind: str) -> None:
    """Let a unit have a form of another series with an open row of its share that begins before all others."""
    share = city.assignment(code, session)
    series = SeriesRow(unit_id=share.unit_id, document_id=1, kind=kind, key=f"{kind}/other")
    session.add(series)
    session.flush()
    moment = datetime(2023, 1, 1, tzinfo=UTC)
    period = PeriodRow(
        series_id=series.id or 0,
        code="2022-08",
        starts_on=date(2022, 8, 1),
        ends_on=date(2022, 12, 31),
        opens_at=moment,
        scheduled_at=moment,
        due_at=moment,
    )
    session.add(period)
    session.flush()
    session.add(FormRow(period_id=period.id or 0, assignment_id=share.id, required=True))
    session.flush()


@pytest.mark.parametrize(
    ("today", "first"), [(date(2022, 9, 30), "2022-09"), (date(2022, 10, 1), "2022-10"), (date(2023, 2, 1), None)]
)
def test_it_is_one_that_is_not_over(city: City, today: date, first: str | None) -> None:
    with city.database.reading() as session:
        assert _first(session, city, today=today) == first


def test_it_is_one_whose_row_is_open(city: City) -> None:
    with city.database.transaction() as session:
        city.row("swj", session).state = "waived"
        session.flush()
        assert _first(session, city) == "2022-10"


@pytest.mark.parametrize(("code", "kind"), [("swj", "once"), ("yc", "monthly")])
def test_it_is_one_of_its_own_in_the_new_rhythm(city: City, code: str, kind: str) -> None:
    with city.database.transaction() as session:
        _put(session, city, code, kind=kind)
        assert _first(session, city) == "2022-09"
