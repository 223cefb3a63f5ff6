"""A leap of the clock over days off leaves what single days leave, on both databases."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from tests.support.office import BY, open_city
from tests.support.owed_city import open_owed_city
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.deliveries import Outgoing
from tracker.store.database import Database
from tracker.store.queries.rollups import by_week
from tracker.store.tables.events import EventRow
from tracker.usecases.sweeping import sweep_through

BEFORE = at_local(date(2022, 9, 30), 9, 0)  # the last working day before a holiday of a week
AFTER = at_local(date(2022, 10, 8), 9, 0)
DAY_AFTER = at_local(date(2022, 10, 1), 8, 40)


def _leap(database: Database) -> None:
    sweep_through(database, since=BEFORE, to=AFTER, by=BY, outgoing=Outgoing(mail=False, machine_now=AFTER))


def test_what_turns_overdue_on_a_day_off_stands_in_the_week_of_that_day(database: Database) -> None:
    city = open_city(database)
    with database.transaction() as session:
        city.row("swj", session).due_at = end_of_day(date(2022, 9, 30))
    _leap(database)
    with database.reading() as session:
        assert [(line.week, line.overdue) for line in by_week(session, weeks=9)] == [("2022W39", 1), ("2022W40", 1)]


def test_what_lapses_on_a_day_off_lapses_that_day(database: Database) -> None:
    city = open_owed_city(database, expires_on=date(2022, 9, 30))
    _leap(database)
    assert city.task().state == "lapsed"
    with database.reading() as session:
        lapsed = session.scalars(select(col(EventRow.occurred_at)).where(col(EventRow.type) == "task.lapsed")).all()
    assert set(lapsed) == {DAY_AFTER}
