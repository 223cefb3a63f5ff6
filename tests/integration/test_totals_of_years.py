"""Totals begin at nought each year: in a form they are its period's, elsewhere what they say depends on their year."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.totals import fill, tell
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.contradictions import (
    ClaimAboveFiled,
    ClaimAboveValue,
    GoalNotMet,
    GoalNotReached,
    GoalNotReachedByFiled,
    NumberOfAnotherYear,
    NumberUnexplained,
)
from tracker.domain.errors import BadInput, Faults
from tracker.domain.filings import FilingKind, Outcome
from tracker.domain.items import Basis, Measure
from tracker.domain.readings.demands import Deadline
from tracker.domain.schedule import StandingKind
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_standings
from tracker.store.queries.close_up import close_ups
from tracker.store.queries.denied import denied_reports
from tracker.store.queries.work import task_standings
from tracker.store.tables.filings import ReportRow, ReportValueRow
from tracker.wording.refusals import sentence

_MONEY, _WORKS = "签约金额", "开工项目"
_YEAR_END, _NEW_YEAR = date(2022, 12, 31), date(2023, 1, 9)
_SAID = RowContent(claim=Claim.ON_SCHEDULE, text="12月8日签约2个项目。")
_DONE = replace(_SAID, claim=Claim.DONE)


def _city(database: Database, *, deadline: date = _YEAR_END) -> OwedCity:
    """Open a city whose lead bears two totals, 350 and 12, with forms each month to January 2023."""
    reading = small_reading()
    first, second = reading.items
    money = replace(first.targets[0], metric=_MONEY, value=350, unit="亿元", measure=Measure.CUMULATIVE, per=None)
    works = replace(money, metric=_WORKS, value=12, unit="个")
    first = replace(first, deadline=Deadline(deadline, Basis.STATED, "全年"), targets=(money, works))
    city = open_owed_city(database, reading=replace(reading, items=(first, second)))
    for month in (9, 10, 11, 12):
        city.grow(at(month, 28))
    city.grow(at(1, 5, year=2023))
    return city


def _faults(error: BadInput) -> list[tuple[type[BadInput], object]]:
    faults = error.faults if isinstance(error, Faults) else (error,)
    return [(type(fault), fault.facts.get("metric")) for fault in faults]


def _both(kind: type[BadInput]) -> list[tuple[type[BadInput], str]]:
    return [(kind, _MONEY), (kind, _WORKS)]


@pytest.mark.parametrize("on", [_YEAR_END, date(2023, 1, 1), _NEW_YEAR])
def test_a_goal_that_was_missed_in_the_old_year_is_not_met_by_a_day_of_the_new_one(
    database: Database, on: date
) -> None:
    city, when = _city(database), at(1, 10, year=2023)
    short, reached = {_MONEY: 300, _WORKS: 11}, {_MONEY: 350, _WORKS: 12}
    with pytest.raises(BadInput) as error:
        fill(city, "2022-12", _DONE, short, on=on, when=when, outcome=Outcome.MET)
    assert _faults(error.value) == _both(GoalNotMet)
    fill(city, "2022-12", _DONE, reached, on=on, when=when, outcome=Outcome.MET)


@pytest.mark.parametrize(
    ("on", "short", "enough"), [(date(2022, 11, 30), 310, 321), (date(2023, 1, 5), 349, 350), (_YEAR_END, 349, 350)]
)
def test_a_late_form_is_judged_by_the_days_of_its_totals_but_by_none_of_the_new_year(
    database: Database, on: date, short: float, enough: float
) -> None:
    """Of 350 some 320 are expected by 30 November."""
    city, when = _city(database), at(1, 5, year=2023)
    with pytest.raises(BadInput) as error:
        fill(city, "2022-11", _SAID, {_MONEY: short, _WORKS: 1}, on=on, when=when)
    assert _faults(error.value) == _both(ClaimAboveValue)
    filing_id = fill(city, "2022-11", _SAID, {_MONEY: enough, _WORKS: 12}, on=on, when=when)
    with city.database.transaction() as session:  # the table beside the number and the mark go by the same day
        [report] = session.scalars(select(ReportRow).where(col(ReportRow.filing_id) == filing_id))
        id_ = report.id or 0
        held = close_ups(session, [id_])[id_].standings.values()
        assert {one.standing.kind for one in held} == {StandingKind.ON}
        assert not denied_reports(session, [id_])
        session.scalars(select(ReportValueRow).where(col(ReportValueRow.value) == enough)).one().value = 300
        session.flush()
        assert denied_reports(session, [id_]) == {id_}


def test_a_form_of_the_old_year_that_is_late_asks_for_its_totals_as_a_punctual_one(database: Database) -> None:
    city = _city(database)
    for code, when in (("2022-11", at(1, 5, year=2023)), ("2022-11", at(12, 5))):
        with pytest.raises(BadInput) as error:
            fill(city, code, _SAID, {_MONEY: 340}, on=date(2022, 11, 30), when=when)
        assert _faults(error.value) == [(NumberUnexplained, _WORKS)]


def test_a_total_of_before_its_goal_s_year_denies_what_is_done(database: Database) -> None:
    city, when = _city(database, deadline=date(2023, 3, 31)), at(11, 1)
    few = {_MONEY: 35, _WORKS: 1}
    with pytest.raises(BadInput) as error:
        fill(city, "2022-10", _DONE, few, on=date(2022, 10, 31), when=when)
    assert _faults(error.value) == _both(GoalNotReached)
    # Nothing is expected by then: the schedule begins with the goal's year.
    fill(city, "2022-10", _SAID, few, on=date(2022, 10, 31), when=when)
    with pytest.raises(BadInput) as error:
        tell(city, FilingKind.UPDATE, _DONE, {_WORKS: 12}, on=date(2022, 11, 2), when=at(11, 2))
    assert _faults(error.value) == [(GoalNotReachedByFiled, _MONEY)]


def test_a_total_of_the_year_before_says_of_no_form_of_the_goal_s_year_that_it_is_on_schedule(
    database: Database,
) -> None:
    city, when = _city(database, deadline=date(2023, 3, 31)), at(2, 1, year=2023)
    days = {_MONEY: _YEAR_END, _WORKS: date(2023, 1, 31)}
    with pytest.raises(BadInput) as error:
        fill(city, "2023-01", _SAID, {_MONEY: 300, _WORKS: 12}, on=days, when=when)
    assert _faults(error.value) == [(NumberOfAnotherYear, _MONEY)]
    assert "目标在2023年" in sentence(error.value)
    why = replace(_SAID, cause="1月数据待统计部门核定")
    fill(city, "2023-01", why, {_MONEY: 300, _WORKS: 12}, on=days, when=when)


def test_what_has_begun_anew_neither_denies_nor_supports_a_goal_of_the_year_before(database: Database) -> None:
    """Told outside of forms: a completion rests on the old year's total, and news on that which is on file."""
    city, when, begun = _city(database), at(1, 10, year=2023), {_MONEY: 9, _WORKS: 1}
    with pytest.raises(BadInput) as error:
        tell(city, FilingKind.COMPLETION, _DONE, begun, on=_NEW_YEAR, when=when, outcome=Outcome.MET)
    assert _faults(error.value) == _both(NumberOfAnotherYear)
    with pytest.raises(BadInput) as error:  # nor is there another on file yet
        tell(city, FilingKind.UPDATE, _DONE, begun, on=_NEW_YEAR, when=when)
    assert _faults(error.value) == _both(NumberOfAnotherYear)
    short = replace(_SAID, cause="项目推迟")
    tell(city, FilingKind.UPDATE, replace(short, claim=None), {_MONEY: 300, _WORKS: 12}, on=_YEAR_END, when=when)
    tell(city, FilingKind.UPDATE, replace(short, claim=None), begun, on=_NEW_YEAR, when=when)
    for claim, kind in ((Claim.DONE, GoalNotReachedByFiled), (Claim.ON_SCHEDULE, ClaimAboveFiled)):
        with pytest.raises(BadInput) as error:
            tell(city, FilingKind.UPDATE, replace(_SAID, claim=claim), begun, on=_NEW_YEAR, when=when)
        assert _faults(error.value) == [(kind, _MONEY)]
    tell(city, FilingKind.UPDATE, replace(short, claim=None), {_MONEY: 350}, on=_YEAR_END, when=when)
    tell(city, FilingKind.UPDATE, _DONE, begun, on=_NEW_YEAR, when=when)


def test_the_latest_total_is_that_of_the_later_form_by_the_tables_and_by_the_log(database: Database) -> None:
    """November's, made up for in January, does not overtake that of 31 December."""
    city, when = _city(database), at(1, 10, year=2023)
    tell(city, FilingKind.UPDATE, _SAID, {_MONEY: 350, _WORKS: 12}, on=_YEAR_END, when=at(1, 4, year=2023))
    fill(city, "2022-11", _SAID, {_MONEY: 321, _WORKS: 11}, on=date(2022, 11, 30), when=when)
    tell(city, FilingKind.UPDATE, _DONE, {_WORKS: 12}, on=_YEAR_END, when=when)
    now = at(1, 10, year=2023, hour=18)
    with city.database.reading() as session:
        [stands] = task_standings(session, now=now, by=BY, task_ids=[city.task_id()])
        until = cut(session, as_of=now)
        past = past_standings(session, fold(session, until), units=unit_facts(session, until=until), by=BY)
        [other] = [one for one in past if one.task_id == city.task_id()]
    assert other.lights.progress == stands.lights.progress


def test_a_form_made_up_for_later_is_judged_by_the_day_by_which_it_is_the_latest(database: Database) -> None:
    """292 of 350 is what October ends with, but behind on 21 November; no other number's news passes over it."""
    city, why = _city(database), "项目推迟"
    behind = replace(
        _SAID, claim=Claim.BEHIND, cause_class=CauseClass.UPSTREAM, cause=why, next_step="赶工", next_on=_NEW_YEAR
    )
    made_up, day = {_MONEY: 292, _WORKS: 12}, date(2022, 11, 21)
    with pytest.raises(BadInput) as error:
        fill(city, "2022-10", _SAID, made_up, on=day, when=at(11, 21))
    assert _faults(error.value) == [(ClaimAboveValue, _MONEY)]
    fill(city, "2022-10", behind, made_up, on=day, when=at(11, 21))
    with pytest.raises(BadInput) as error:
        tell(city, FilingKind.UPDATE, _SAID, {_WORKS: 12}, on=date(2022, 11, 22), when=at(11, 22))
    assert _faults(error.value) == [(ClaimAboveFiled, _MONEY)]


def test_a_completion_outside_of_forms_stands_in_the_row_that_it_answers(database: Database) -> None:
    """Once December's row is past, its totals are those of December's form, as written, marked and shown."""
    city, when = _city(database), at(3, 9, year=2023)
    short, reached = {_MONEY: 349, _WORKS: 11}, {_MONEY: 350, _WORKS: 12}
    with pytest.raises(BadInput) as error:
        tell(city, FilingKind.COMPLETION, _DONE, short, on=_NEW_YEAR, when=when, outcome=Outcome.MET)
    assert _faults(error.value) == _both(GoalNotMet)
    filing_id = tell(city, FilingKind.COMPLETION, _DONE, reached, on=_NEW_YEAR, when=when, outcome=Outcome.MET)
    with database.reading() as session:
        [id_] = [row.id or 0 for row in session.scalars(select(ReportRow).where(col(ReportRow.filing_id) == filing_id))]
        assert {one.standing.kind for one in close_ups(session, [id_])[id_].standings.values()} == {StandingKind.ON}
        assert not denied_reports(session, [id_])
