"""Which forms an outage strikes: each condition with the form that it alone keeps out."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.office import City, open_city
from tests.support.owed_city import at
from tests.support.started_city import open_daily_city, open_started_city
from tracker.domain.items import CadenceKind
from tracker.domain.outages import Relief
from tracker.store.database import Database
from tracker.store.queries.outages import struck_periods

AFTER, UNTIL = datetime(2022, 11, 1, tzinfo=UTC), datetime(2022, 11, 3, tzinfo=UTC)
WITHIN, FREE = AFTER + timedelta(days=1), UNTIL + timedelta(days=30)
RELIEF = Relief(AFTER, UNTIL, UNTIL + timedelta(days=2))


def _struck(city: City, *, whole: datetime, own: datetime | None, correction: datetime | None) -> bool:
    with city.database.transaction() as session:
        period, row = city.period("swj", session), city.row("swj", session)
        period.due_at, row.due_at, row.correction_due_at = whole, own, correction
        row.state = "open" if correction is None else "returned"
    with city.database.reading() as session:
        return city.period("swj", session).id in struck_periods(session, [RELIEF])


@pytest.mark.parametrize(("moment", "struck"), [(AFTER, False), (WITHIN, True), (UNTIL, True), (FREE, False)])
def test_a_form_is_struck_by_its_moment_by_one_of_a_row_and_by_one_of_a_correction(
    database: Database, moment: datetime, struck: bool
) -> None:
    city = open_city(database)
    assert _struck(city, whole=moment, own=None, correction=None) is struck
    assert _struck(city, whole=FREE, own=moment, correction=None) is struck
    assert _struck(city, whole=FREE, own=FREE, correction=moment) is struck


def test_the_clock_of_an_emergency_stays(database: Database) -> None:
    _city, row = open_started_city(database, CadenceKind.DAILY, happened=at(9, 5), recorded=at(9, 5))
    with database.reading() as session:
        assert row.period_id not in struck_periods(session, [Relief(at(9, 1), at(12, 31), at(12, 31))])


def test_reports_of_every_day_that_no_event_started_are_struck(database: Database) -> None:
    _city, row = open_daily_city(database, when=at(9, 5))
    with database.reading() as session:
        assert row.period_id in struck_periods(session, [Relief(at(9, 1), at(12, 31), at(12, 31))])
