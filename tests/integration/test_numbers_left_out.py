"""A claim rests on each number that can deny it: one that is left out is asked for, by every door."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.office import City
from tests.support.owed_city import OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site
from tracker.domain.claims import CauseClass, Claim, RowContent, ValueMissing
from tracker.domain.contradictions import NumberLeftOut, NumberUnexplained
from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput, Faults
from tracker.domain.filings import FilingKind, Outcome
from tracker.domain.items import Basis, Bearer, Measure
from tracker.domain.readings.demands import Bound, Deadline, Target
from tracker.store.database import Database
from tracker.store.tables.documents import ItemTargetRow
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.wording.refusals import sentence

_DAY = date(2022, 9, 28)
_SAID = RowContent(claim=Claim.ON_SCHEDULE, text="9月28日签约2个项目。")
_BEHIND = replace(
    _SAID,
    claim=Claim.BEHIND,
    cause="资金未到位",
    cause_class=CauseClass.AWAITS_FUNDS,
    next_step="10月底前落实资金",
    next_on=date(2022, 10, 31),
)
_LEFT_OUT = re.compile(r"([^<>]+)：<b>未填</b>")


@pytest.fixture
def city(database: Database) -> OwedCity:
    """A city whose lead bears two totals and a level of the year's end, beside a ceiling and its members' number."""
    reading = small_reading()
    first, second = reading.items
    calls = first.targets[0]
    others = (
        replace(calls, metric="签约金额", value=10, unit="亿元"),
        Target("满意度", ">=", 90, calls.quote, "%", None, Measure.LEVEL),
        Target("经费", "<=", 5, calls.quote, "万元", None, Measure.CEILING),
        replace(calls, metric="成员走访", value=4, bound=Bound(Bearer.GROUP)),
    )
    items = (
        replace(first, deadline=Deadline(date(2022, 12, 31), Basis.STATED, "全年"), targets=(calls, *others)),
        second,
    )
    city = open_owed_city(database, reading=replace(reading, items=items))
    city.grow(at(9, 28))
    return city


def _ids(city: OwedCity) -> dict[str, int]:
    with city.database.reading() as session:
        return {target.metric: target.id or 0 for target in session.scalars(select(ItemTargetRow))}


def _values(city: OwedCity, given: Mapping[str, float]) -> dict[int, tuple[float, date | None]]:
    ids = _ids(city)
    return {ids[metric]: (value, _DAY) for metric, value in given.items()}


def _form(city: OwedCity, content: RowContent, given: Mapping[str, float]) -> int:
    row = city.rows("swj")["2022-09"]
    command = SubmitForm(row.period_id, (Entry(row.assignment_id or 0, content, _values(city, given)),))
    with city.database.transaction() as session:
        return submit_form(session, command, actor=city.liaison("swj"), at=at(9, 29))


def _single(
    city: OwedCity, kind: FilingKind, content: RowContent, given: Mapping[str, float], outcome: Outcome | None = None
) -> None:
    entry = Entry(city.share("swj").id or 0, content, _values(city, given), outcome=outcome)
    with city.database.transaction() as session:
        submit_one(session, SubmitOne(kind, entry), actor=city.liaison("swj"), at=at(9, 29))


def _asked(error: BadInput, kind: type[BadInput]) -> list[str]:
    faults = error.faults if isinstance(error, Faults) else (error,)
    assert {type(fault) for fault in faults} == {kind}
    return [str(fault.facts["metric"]) for fault in faults]


def test_on_schedule_is_who_gives_each_number_that_has_a_schedule(city: OwedCity) -> None:
    with pytest.raises(BadInput) as error:
        _form(city, _SAID, {"通报次数": 2})
    assert _asked(error.value, NumberUnexplained) == ["签约金额"]
    assert "没有填“签约金额”" in sentence(error.value)
    _form(city, _SAID, {"通报次数": 2, "签约金额": 9})


def test_who_gives_no_number_is_told_of_each_once(city: OwedCity) -> None:
    with pytest.raises(BadInput) as error:
        _form(city, _SAID, {})
    assert _asked(error.value, NumberUnexplained) == ["通报次数", "签约金额"]


def test_a_number_that_nobody_has_yet_is_left_out_by_who_says_why(city: OwedCity) -> None:
    _form(city, replace(_SAID, cause="签约金额待统计部门核定"), {"通报次数": 2})


def test_who_says_that_he_is_behind_may_leave_numbers_out_but_not_all(city: OwedCity) -> None:
    with pytest.raises(ValueMissing):
        _form(city, _BEHIND, {})
    _form(city, _BEHIND, {"通报次数": 1})


def test_in_a_form_done_is_what_is_so_by_each_number(city: OwedCity) -> None:
    done = replace(_BEHIND, claim=Claim.DONE)
    with pytest.raises(BadInput) as error:
        _form(city, done, {"通报次数": 2})
    assert _asked(error.value, NumberLeftOut) == ["签约金额", "满意度"]
    _form(city, done, {"通报次数": 2, "签约金额": 10, "满意度": 95})


@pytest.mark.parametrize(("claim", "outcome"), [(Claim.DONE, Outcome.MET), (Claim.DONE, None), (None, Outcome.MET)])
def test_met_is_what_is_so_by_each_number(city: OwedCity, claim: Claim | None, outcome: Outcome | None) -> None:
    content = replace(_BEHIND, claim=claim)
    with pytest.raises(BadInput) as error:
        _single(city, FilingKind.COMPLETION, content, {"通报次数": 2, "满意度": 95}, outcome)
    assert _asked(error.value, NumberLeftOut) == ["签约金额"]
    _single(city, FilingKind.COMPLETION, content, {"通报次数": 2, "满意度": 95, "签约金额": 10}, outcome)


def test_a_goal_that_was_not_met_needs_no_further_number(city: OwedCity) -> None:
    _single(city, FilingKind.COMPLETION, replace(_BEHIND, claim=Claim.DONE), {"通报次数": 1}, Outcome.UNMET)


def test_for_a_number_of_others_that_is_behind_nobody_is_asked_why(city: OwedCity) -> None:
    _form(city, _SAID, {"通报次数": 2, "签约金额": 9, "成员走访": 0})


def test_news_may_be_of_one_number(city: OwedCity) -> None:
    _single(city, FilingKind.UPDATE, _SAID, {"通报次数": 2})


def test_whoever_decides_reads_which_numbers_were_left_out(city: OwedCity, tmp_path: Path) -> None:
    """The head, then the office in its queue and row by row, and whoever reads the page of the task."""
    filing_id = _form(city, _BEHIND, {"通报次数": 1})
    site = Site(city.database, tmp_path, city=City(city.database))
    site.clock.at = at(9, 29)

    def left_out(login: str, address: str) -> list[str]:
        with site.client(login) as client:
            page = client.get(address)
        assert page.status_code == 200
        return _LEFT_OUT.findall(page.get_data(as_text=True))

    lacking = ["签约金额", "满意度", "经费"]
    assert left_out("swj-head", "/sign-off") == lacking
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(9, 29))
    for address in ("/review", "/review/rows/1", f"/tasks/{city.task_id()}"):
        assert left_out("office", address) == lacking, address
