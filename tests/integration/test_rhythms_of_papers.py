"""What papers say a unit owes for a task from here on: what is still to be filed, never what is with the office."""

from datetime import date, datetime

from tests.support.owed_city import BY, OFFICE, OwedCity, at, open_owed_city
from tests.support.report_demands import K, choose, demanding_city
from tracker.domain.filings import ReturnReason
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.usecases.returning import return_report


def _words(city: OwedCity, now: datetime) -> str:
    with city.database.reading() as session:
        return next(task.cadence for task in facts_as_of(session, as_of=now).tasks if task.task_id == city.task_id())


def test_a_report_that_lies_with_the_office_names_no_rhythm_beside_the_new_one(database: Database) -> None:
    city = demanding_city(database, deadline_on=date(2023, 6, 30))
    city.file("swj", "2022Q4", when=at(12, 27))
    choose(city, K.MONTHLY, at(12, 28))
    assert _words(city, at(12, 29)) == "每月"


def test_a_lapsed_task_owes_its_closing_report_and_says_when_its_day_has_gone_by(database: Database) -> None:
    city = open_owed_city(database, expires_on=date(2022, 10, 31))
    city.file("swj", "2022-09", when=at(9, 28))
    with database.transaction() as session:
        lapse_expired(session, now=at(11, 1), by=BY)
    assert _words(city, at(11, 2)) == "收尾报告，应于2022年11月21日（含）前报送"
    assert _words(city, at(12, 1)) == "收尾报告，应于2022年11月21日（含）前报送，已逾期，请立即报送"


def _day_owed(city: OwedCity, now: datetime) -> date | None:
    with city.database.reading() as session:
        tasks = facts_as_of(session, as_of=now).tasks
        closing = next(task.closing for task in tasks if task.task_id == city.task_id())
        return min((due_on for _unit, due_on in closing), default=None)


def test_a_report_that_is_asked_for_one_time_names_the_moment_of_its_correction_while_that_runs(
    database: Database,
) -> None:
    city = open_owed_city(database, expires_on=date(2022, 10, 31))
    with database.transaction() as session:
        lapse_expired(session, now=at(11, 1), by=BY)
    report_id = city.file("swj", "closing", when=at(11, 10))
    assert (_words(city, at(11, 11)), _day_owed(city, at(11, 11))) == ("收尾报告，已报送，待审核", None)
    with database.transaction() as session:
        why, when = ReturnReason.FIGURES, at(11, 21)
        return_report(session, report_id=report_id, reason="缺数", reason_class=why, actor=OFFICE, at=when, by=BY)
    assert _words(city, at(11, 22)) == "收尾报告，应于2022年11月24日（含）前补正"
    assert _day_owed(city, at(11, 22)) == date(2022, 11, 24)
    assert _words(city, at(11, 25)) == "收尾报告，应于2022年11月24日（含）前补正，已逾期，请立即补正"


def test_a_deadline_that_is_past_is_said_to_be(database: Database) -> None:
    city = demanding_city(database, deadline_on=date(2022, 12, 1))
    with city.database.reading() as session:
        before, after = (facts_as_of(session, as_of=now).tasks[0].deadline for now in (at(12, 1), at(12, 2)))
    assert (before, after) == ("2022年12月1日", "2022年12月1日（时限已过）")
