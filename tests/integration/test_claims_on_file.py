"""A claim is held against what is on file: news against numbers it leaves out, 「未到时」 against what has begun."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.office import City
from tests.support.owed_city import LEADER, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.contradictions import (
    BegunBefore,
    BegunByFiled,
    BegunByValue,
    ClaimAboveFiled,
    ClaimAboveValue,
    GoalNotReachedByFiled,
)
from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput, Faults
from tracker.domain.filings import FilingKind
from tracker.domain.items import Basis, Measure
from tracker.domain.readings.demands import Deadline
from tracker.domain.schedule import Point
from tracker.domain.verifying import DecidedSingly
from tracker.store.database import Database
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import accept_filing, accept_report
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.scheduling import SetPoints, set_points
from tracker.wording.refusals import sentence

_CALLS, _SUM, _SHARE = "通报次数", "签约金额", "满意度"
_SAID = RowContent(claim=Claim.ON_SCHEDULE, text="10月8日签约2个项目。")
_LATE = replace(
    _SAID,
    claim=Claim.BEHIND,
    cause="资金未到位",
    cause_class=CauseClass.AWAITS_FUNDS,
    next_step="年底前落实资金",
    next_on=date(2022, 12, 31),
)
_THE_20TH = at(10, 20)
_MARK = "自报与所填数值不符"
_ENOUGH = {_CALLS: 2.0, _SUM: 10.0, _SHARE: 95.0}


def _open(database: Database, *, numbers: bool) -> OwedCity:
    """Open a city whose lead bears two totals and a level of the year's end, or no number but the deadline."""
    reading = small_reading()
    first, second = reading.items
    calls = first.targets[0]
    others = (
        replace(calls, metric=_SUM, value=10, unit="亿元"),
        replace(calls, metric=_SHARE, value=90, unit="%", per=None, measure=Measure.LEVEL),
    )
    deadline = Deadline(date(2022, 12, 31), Basis.STATED, "全年")
    items = (replace(first, deadline=deadline, targets=(calls, *others) if numbers else ()), second)
    city = open_owed_city(database, reading=replace(reading, items=items))
    city.grow(at(9, 30))
    return city


@pytest.fixture
def city(database: Database) -> OwedCity:
    return _open(database, numbers=True)


def _told(city: OwedCity, given: Mapping[str, float], on: date) -> dict[int, tuple[float, date | None]]:
    with city.database.reading() as session:
        ids = {target.metric: target.id or 0 for target in session.scalars(select(ItemTargetRow))}
    return {ids[metric]: (value, on) for metric, value in given.items()}


def _form(city: OwedCity, code: str, content: RowContent, given: Mapping[str, float], *, when: datetime) -> int:
    row = city.rows("swj")[code]
    entry = Entry(row.assignment_id or 0, content, _told(city, given, when.date()))
    with city.database.transaction() as session:
        filing_id = submit_form(session, SubmitForm(row.period_id, (entry,)), actor=city.liaison("swj"), at=when)
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=when)
    return filing_id


def _news(city: OwedCity, content: RowContent, given: Mapping[str, float], *, when: datetime = _THE_20TH) -> None:
    entry = Entry(city.share("swj").id or 0, content, _told(city, given, when.date()))
    with city.database.transaction() as session:
        submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=city.liaison("swj"), at=when)


def _asked(error: BadInput) -> list[tuple[type[BadInput], object]]:
    faults = error.faults if isinstance(error, Faults) else (error,)
    return [(type(fault), fault.facts.get("metric")) for fault in faults]


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        (Claim.ON_SCHEDULE, [(ClaimAboveFiled, _SUM)]),
        (Claim.NOT_STARTED_YET, [(BegunByValue, _CALLS), (ClaimAboveFiled, _SUM)]),
        (Claim.DONE, [(GoalNotReachedByFiled, _SUM)]),
    ],
)
def test_news_of_one_number_rests_on_the_others_that_are_on_file(
    city: OwedCity, claim: Claim, found: list[tuple[type[BadInput], str]]
) -> None:
    _form(city, "2022-09", _LATE, {_CALLS: 2, _SUM: 2, _SHARE: 95}, when=at(10, 8))
    with pytest.raises(BadInput) as error:
        _news(city, replace(_SAID, claim=claim), {_CALLS: 2})
    assert _asked(error.value) == found
    if claim is Claim.ON_SCHEDULE:
        said = sentence(error.value)
        assert "在档的“签约金额”为2（截至2022年10月8日），按该日序时应达到7.7" in said
        assert "请同时填报该数，或者改选“未达序时”等相符的情况" in said
    _news(city, _LATE, {_CALLS: 2})
    _news(city, replace(_SAID, claim=None), {_CALLS: 2}, when=at(10, 21))


@pytest.mark.parametrize("claim", [Claim.ON_SCHEDULE, Claim.DONE])
def test_news_that_gives_the_number_anew_is_held_to_that(city: OwedCity, claim: Claim) -> None:
    _form(city, "2022-09", _LATE, {_CALLS: 2, _SUM: 2, _SHARE: 95}, when=at(10, 8))
    _news(city, replace(_SAID, claim=claim), {_SUM: 10})


def test_what_was_given_back_is_not_on_file(city: OwedCity) -> None:
    _form(city, "2022-09", _LATE, {_CALLS: 2, _SUM: 2, _SHARE: 95}, when=at(10, 8))
    with city.database.transaction() as session:
        session.get_one(ReportRow, 1).state = "returned"
    _news(city, _SAID, {_CALLS: 2})


def test_not_begun_is_denied_by_a_number_of_the_same_breath(city: OwedCity) -> None:
    """Behind by the calls; by the sum alone, which is on schedule, the work has begun."""
    early = replace(_SAID, claim=Claim.NOT_STARTED_YET)
    with pytest.raises(BadInput) as error:
        _form(city, "2022-09", early, {_CALLS: 0, _SUM: 10}, when=at(10, 8))
    assert _asked(error.value) == [(ClaimAboveValue, _CALLS), (BegunByValue, _SUM)]
    with pytest.raises(BegunByValue) as begun:
        _form(city, "2022-09", early, {_SUM: 10}, when=at(10, 8))
    assert "填写的是10，工作已经启动，不能报“未启动（未到时）”" in sentence(begun.value)
    _form(city, "2022-09", early, {_SHARE: 95}, when=at(10, 8))  # a level is there before anything is done


def test_not_begun_is_denied_by_a_value_on_file(city: OwedCity) -> None:
    _form(city, "2022-09", _SAID, _ENOUGH, when=at(10, 8))
    city.grow(at(10, 28))
    early = replace(_SAID, claim=Claim.NOT_STARTED_YET)
    with pytest.raises(BadInput) as error:
        _form(city, "2022-10", early, {_SHARE: 95}, when=at(10, 28))
    assert _asked(error.value) == [(BegunByFiled, _CALLS), (BegunByFiled, _SUM)]


@pytest.mark.parametrize("claim", [Claim.DONE, Claim.ON_SCHEDULE, Claim.BEHIND])
def test_not_begun_is_denied_by_what_the_office_accepted(database: Database, claim: Claim) -> None:
    city = _open(database, numbers=False)
    _form(city, "2022-09", replace(_LATE, claim=claim), {}, when=at(10, 8))
    city.grow(at(10, 28))
    early = replace(_SAID, claim=Claim.NOT_STARTED_YET)
    with city.database.transaction() as session:
        accept_report(session, report_id=1, actor=OFFICE, at=at(10, 9))
    with pytest.raises(BegunBefore) as error:
        _form(city, "2022-10", early, {}, when=at(10, 28))
    assert "工作已经启动，不能报“未启动（未到时）”" in sentence(error.value)
    with pytest.raises(BegunBefore):
        _news(city, early, {}, when=at(10, 28))


def test_what_had_not_begun_may_still_not_have(database: Database) -> None:
    city = _open(database, numbers=False)
    early = replace(_SAID, claim=Claim.NOT_STARTED_YET)
    _form(city, "2022-09", early, {}, when=at(10, 8))
    city.grow(at(10, 28))
    with city.database.transaction() as session:
        accept_report(session, report_id=1, actor=OFFICE, at=at(10, 9))
    _form(city, "2022-10", early, {}, when=at(10, 28))


def test_whoever_decides_is_told_of_what_became_false_since(database: Database) -> None:
    """The claim was taken before the office accepted the one that says the work has begun."""
    city = _open(database, numbers=False)
    _form(city, "2022-09", _LATE, {}, when=at(10, 8))
    city.grow(at(10, 28))
    early = _form(city, "2022-10", replace(_SAID, claim=Claim.NOT_STARTED_YET), {}, when=at(10, 28))
    with city.database.transaction() as session:
        accept_report(session, report_id=1, actor=OFFICE, at=at(10, 29))
    with pytest.raises(DecidedSingly), city.database.transaction() as session:
        accept_filing(session, filing_id=early, actor=LEADER, at=at(10, 30))


def test_news_that_another_number_denies_since_is_marked(city: OwedCity, tmp_path: Path) -> None:
    _form(city, "2022-09", _SAID, {_CALLS: 2, _SUM: 8, _SHARE: 95}, when=at(10, 8))
    _news(city, _SAID, {_CALLS: 2})
    site, address = Site(city.database, tmp_path, city=City(city.database)), f"/tasks/{city.task_id()}"
    site.clock.at = at(10, 22)

    def marks() -> int:
        with site.client("office") as client:
            return client.get(address).get_data(as_text=True).count(_MARK)

    assert marks() == 0
    with city.database.transaction() as session:
        [target_id] = _told(city, {_SUM: 8}, date(2022, 10, 8))
        command = SetPoints(city.task_id(), target_id, (Point(date(2022, 9, 1), 9.0),), "会议议定")
        set_points(session, command, actor=OFFICE, at=at(10, 21))
    assert marks() == 2
