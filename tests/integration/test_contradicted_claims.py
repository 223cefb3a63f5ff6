"""A claim that its own number denies is not filed; where a schedule changed since, it is not passed unseen."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.support.office import City
from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.contradictions import ClaimAboveValue, GoalNotReached
from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput
from tracker.domain.filings import FilingKind, Outcome
from tracker.domain.items import Basis
from tracker.domain.light_kinds import LightColour
from tracker.domain.lights import Light
from tracker.domain.readings.demands import Deadline
from tracker.domain.schedule import Point
from tracker.domain.verifying import DecidedSingly
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_standings
from tracker.store.queries.work import task_standings
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import accept_filing, accept_report
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.scheduling import SetPoints, set_points
from tracker.wording.refusals import sentence

_SHORT, _ENOUGH = {1: (1.0, date(2022, 9, 28))}, {1: (2.0, date(2022, 9, 28))}
_BEHIND = RowContent(
    claim=Claim.BEHIND,
    text="9月28日签约1个项目。",
    cause="资金未到位",
    cause_class=CauseClass.AWAITS_FUNDS,
    next_step="10月底前落实资金",
    next_on=date(2022, 10, 31),
)
_MARK = "自报与所填数值不符"


@pytest.fixture
def city(database: Database) -> OwedCity:
    """A city of which the goal is 2 in the year: 1.48 of them by 28 September."""
    reading = small_reading()
    first, second = reading.items
    items = (replace(first, deadline=Deadline(date(2022, 12, 31), Basis.STATED, "全年")), second)
    city = open_owed_city(database, reading=replace(reading, items=items))
    city.grow(at(9, 28))
    return city


def _form(
    city: OwedCity, content: RowContent, values: Mapping[int, tuple[float, date | None]], *, signed: bool = True
) -> int:
    row = city.rows("swj")["2022-09"]
    entry = Entry(row.assignment_id or 0, content, values)
    with city.database.transaction() as session:
        command = SubmitForm(row.period_id, (entry,))
        filing_id = submit_form(session, command, actor=city.liaison("swj"), at=at(9, 29))
        if signed:
            sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(9, 29))
    return filing_id


def _single(city: OwedCity, kind: FilingKind, claim: Claim | None, value: float, outcome: Outcome | None) -> int:
    content = replace(_BEHIND, claim=claim)
    entry = Entry(city.share("swj").id or 0, content, {1: (value, date(2022, 9, 28))}, outcome=outcome)
    with city.database.transaction() as session:
        return submit_one(session, SubmitOne(kind, entry), actor=city.liaison("swj"), at=at(9, 29))


def _deny(city: OwedCity) -> None:
    """Set a schedule of which less than 1.8 falls short."""
    with city.database.transaction() as session:
        command = SetPoints(city.task_id(), 1, (Point(date(2022, 9, 1), 1.8),), "会议议定")
        set_points(session, command, actor=OFFICE, at=at(9, 30))


def _marked(site: Site, login: str, address: str) -> bool:
    with site.client(login) as client:
        page = client.get(address)
    assert page.status_code == 200
    return _MARK in page.get_data(as_text=True)


def _refused(error: pytest.ExceptionInfo[BadInput]) -> str:
    return sentence(error.value)


def test_a_form_says_which_number_denies_which_claim(city: OwedCity) -> None:
    with pytest.raises(ClaimAboveValue) as error:
        _form(city, RowContent(claim=Claim.ON_SCHEDULE, text="9月28日签约1个项目。"), _SHORT)
    said = _refused(error)
    assert "“通报次数”填写的是1（截至2022年9月28日），按该日序时应达到1.49，与自报的“达序时”不符" in said
    assert "改选“未达序时”" in said
    with pytest.raises(GoalNotReached) as done:
        _form(city, RowContent(claim=Claim.DONE, text="9月28日签约1个项目。"), _SHORT)
    assert "填写的是1，目标是达到2，不能报“已完成”。请核对" in _refused(done)
    _form(city, _BEHIND, _SHORT)


def test_what_the_number_bears_out_is_taken(city: OwedCity) -> None:
    _form(city, RowContent(claim=Claim.ON_SCHEDULE, text="9月28日签约2个项目。"), _ENOUGH)


@pytest.mark.parametrize("kind", [FilingKind.UPDATE, FilingKind.COMPLETION])
def test_what_is_told_outside_forms_is_held_to_the_same(city: OwedCity, kind: FilingKind) -> None:
    with pytest.raises(GoalNotReached) as error:
        _single(city, kind, Claim.DONE, 1, None)
    assert ("办结结果选“未达标”" in _refused(error)) == (kind is FilingKind.COMPLETION)


def test_a_completion_may_say_that_its_goal_was_not_met(city: OwedCity) -> None:
    with pytest.raises(GoalNotReached):
        _single(city, FilingKind.COMPLETION, Claim.DONE, 1, Outcome.MET)
    _single(city, FilingKind.COMPLETION, Claim.DONE, 1, Outcome.UNMET)


def test_what_a_schedule_set_since_denies_is_not_passed_with_the_others(city: OwedCity) -> None:
    content = RowContent(claim=Claim.ON_SCHEDULE, text="9月28日签约1.6个项目。")
    filing_id = _form(city, content, {1: (1.6, date(2022, 9, 28))})
    _deny(city)
    with pytest.raises(DecidedSingly), city.database.transaction() as session:
        accept_filing(session, filing_id=filing_id, actor=LEADER, at=at(9, 30))
    with city.database.transaction() as session:
        accept_report(session, report_id=1, actor=OFFICE, at=at(9, 30))
        assert session.get_one(ReportRow, 1).state == "accepted"


def _progress(city: OwedCity, day: int) -> Light:
    """Return the light of progress on a day of October, by the tables and by the log, which agree."""
    with city.database.reading() as session:
        [stands] = task_standings(session, now=at(10, day), by=BY, task_ids=[city.task_id()])
        until = cut(session, as_of=at(10, day))
        past = past_standings(session, fold(session, until), units=unit_facts(session, until=until), by=BY)
        assert [one.lights.progress for one in past if one.task_id == city.task_id()] == [stands.lights.progress]
        return stands.lights.progress


def test_a_value_of_an_earlier_day_does_not_overtake_that_of_a_later_one(city: OwedCity) -> None:
    seen = []
    for value_on, day in ((date(2022, 9, 28), 8), (date(2022, 8, 26), 9)):
        content = RowContent(text="签约1个项目，其余在谈。")
        entry = Entry(city.share("swj").id or 0, content, {1: (1.0, value_on)})
        with city.database.transaction() as session:
            update = SubmitOne(FilingKind.UPDATE, entry)
            filing_id = submit_one(session, update, actor=city.liaison("swj"), at=at(10, day))
            sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(10, day))
        seen.append(_progress(city, day))
    assert seen[0] == seen[1]
    assert seen[0].colour is LightColour.YELLOW


@pytest.mark.parametrize("kind", ["form", FilingKind.UPDATE])
def test_whoever_reads_a_claim_that_a_schedule_set_since_denies_is_told(
    city: OwedCity, tmp_path: Path, kind: str
) -> None:
    """The head before he signs, and everybody on the task's page: nobody reviews news."""
    if kind == "form":
        content = RowContent(claim=Claim.ON_SCHEDULE, text="9月28日签约1.6个项目。")
        filing_id = _form(city, content, {1: (1.6, date(2022, 9, 28))}, signed=False)
    else:
        filing_id = _single(city, FilingKind.UPDATE, Claim.ON_SCHEDULE, 1.6, None)
    site, task = Site(city.database, tmp_path, city=City(city.database)), f"/tasks/{city.task_id()}"
    site.clock.at = at(9, 30)
    assert not _marked(site, "swj-head", "/sign-off")
    assert not _marked(site, "office", task)
    _deny(city)
    assert _marked(site, "swj-head", "/sign-off")
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(9, 30))
    assert _marked(site, "office", task)
    assert _marked(site, "swj", task)
    assert _marked(site, "office", "/review") is (kind == "form")
    if kind == "form":
        with city.database.transaction() as session:
            accept_report(session, report_id=1, actor=OFFICE, at=at(9, 30))
        assert not _marked(site, "office", task)
