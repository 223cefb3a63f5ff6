"""Of several leads one may be asked for the completion: what it filed or asked is not held against the others."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.calendar import local_day
from tracker.domain.filings import ReturnReason
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.light_kinds import LightColour
from tracker.domain.owed import OwedKind
from tracker.domain.progress import Work
from tracker.domain.readings.demands import Cadence
from tracker.store.database import Database
from tracker.store.queries.owed_lists import owed_by_units
from tracker.store.queries.work import TaskStanding, task_standings
from tracker.store.tables.series import PeriodRow
from tracker.usecases.requesting import RequestExtension, request_extension
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import change_deadline

DEADLINE = date(2022, 11, 11)


@pytest.fixture
def city(database: Database) -> OwedCity:
    """市商务局 and 市卫健体委 lead together and have told of September and October; the office set a deadline."""
    city = open_owed_city(database)
    city.add_lead("wjw", at(9, 5))
    with database.transaction() as session:
        change_deadline(
            session, task_id=city.task_id(), new_on=DEADLINE, reason="会议议定", actor=LEADER, at=at(9, 6), by=BY
        )
    for code in ("swj", "wjw"):
        for period, day in (("2022-09", at(9, 28)), ("2022-10", at(10, 31))):
            city.grow(day)
            if city.states(code).get(period) == "open":
                city.file(code, period, when=day)
    city.grow(at(11, 5))
    return city


def _standing(city: OwedCity, *, now: datetime) -> TaskStanding:
    with city.database.reading() as session:
        [found] = task_standings(session, now=now, by=BY, task_ids=[city.task_id()])
        return found


def _late(city: OwedCity, *, now: datetime) -> dict[str, int]:
    found = _standing(city, now=now).lead_lights
    return {code: found[city.unit_id(code)].workdays_late for code in ("swj", "wjw")}


def _due(city: OwedCity) -> datetime:
    """Return the moment of the completion."""
    row = city.rows("swj")["2022-11"]
    with city.database.reading() as session:
        return row.due_at or session.get_one(PeriodRow, row.period_id).due_at


def test_the_first_lead_alone_is_late_with_the_completion(city: OwedCity) -> None:
    rows = {code: city.rows(code)["2022-11"] for code in ("swj", "wjw")}
    assert [row.final for row in rows.values()] == [True, False]
    now = _due(city) + timedelta(days=14)
    city.file("wjw", "2022-11", when=_due(city) - timedelta(days=1))
    standing = _standing(city, now=now)
    assert standing.work.work is Work.OVERDUE_WORK
    assert _late(city, now=now) == {"swj": standing.lights.workdays_late, "wjw": 0}
    assert standing.lights.workdays_late > 0


def test_more_time_that_was_asked_for_in_time_is_no_overdue_work_of_any_lead(city: OwedCity) -> None:
    due, now = _due(city), _due(city) + timedelta(days=14)
    city.file("wjw", "2022-11", when=due - timedelta(days=1))
    command = RequestExtension(city.rows("swj")["2022-11"].id or 0, local_day(due) + timedelta(days=30), "等验收")
    with city.database.transaction() as session:
        request_extension(session, command, actor=city.liaison("swj"), at=due - timedelta(days=1))
    standing = _standing(city, now=now)
    assert standing.work.work is not Work.OVERDUE_WORK
    assert standing.lights.shown.colour is not LightColour.RED
    assert _late(city, now=now) == {"swj": 0, "wjw": 0}


def test_a_completion_filed_in_time_reddens_nobody_while_the_office_has_it(city: OwedCity) -> None:
    due = _due(city)
    for code in ("swj", "wjw"):
        city.file(code, "2022-11", when=due - timedelta(days=1))
    standing = _standing(city, now=due + timedelta(days=14))
    assert standing.work.work is Work.COMPLETION_PENDING
    assert standing.lights.shown.colour is not LightColour.RED


def test_a_completion_filed_late_and_returned_is_red_while_the_work_is_overdue(city: OwedCity) -> None:
    due = _due(city)
    city.file("wjw", "2022-11", when=due - timedelta(days=1))
    report_id = city.file("swj", "2022-11", when=due + timedelta(days=3))
    filed, returned = due + timedelta(days=3, hours=1), due + timedelta(days=4)
    assert _standing(city, now=filed).work.work is Work.COMPLETION_PENDING
    with city.database.transaction() as session:
        why = ReturnReason.FIGURES
        return_report(
            session, report_id=report_id, reason="没有验收", reason_class=why, actor=OFFICE, at=returned, by=BY
        )
    standing = _standing(city, now=returned + timedelta(hours=1))
    assert standing.work.work is Work.OVERDUE_WORK
    assert standing.lights.shown.colour is LightColour.RED
    assert _late(city, now=returned + timedelta(hours=1)) == {"swj": standing.lights.workdays_late, "wjw": 0}


def test_a_completion_that_is_due_before_its_form_opens_is_asked_for_at_once(database: Database) -> None:
    reading = small_reading()
    quarterly = replace(reading.items[0], cadences=(Cadence(CadenceKind.QUARTERLY, Basis.STATED, 1, "每月通报一次"),))
    city = open_owed_city(database, reading=replace(reading, items=(quarterly, *reading.items[1:])))
    act, now = at(10, 8), at(10, 9)
    city.grow(act)
    with database.transaction() as session:
        new_on = date(2022, 10, 14)
        change_deadline(session, task_id=city.task_id(), new_on=new_on, reason="议定", actor=LEADER, at=act, by=BY)
    with database.reading() as session:
        period = {row.code: row for row in session.scalars(select(PeriodRow))}["2022Q4"]
        due = city.rows("swj")["2022Q4"].due_at or period.due_at
        assert due < period.opens_at
        lines = owed_by_units(session, unit_ids=[city.unit_id("swj")], now=now)
    [form] = [form for line in lines for form in line.forms if form.period_id == period.id]
    assert (form.owed.kind, form.owed.due_at) == (OwedKind.DUE, due)
