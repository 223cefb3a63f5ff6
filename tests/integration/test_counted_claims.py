"""What is counted anew in each window, and in which: a claim is held against each count by its own rhythm and form."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.office import City
from tests.support.owed_city import BY, LEADER, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site, post
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.contradictions import ClaimAboveValue, GoalNotMet, GoalNotReached
from tracker.domain.counting import CountBeforeWindow
from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput, Faults
from tracker.domain.filings import FilingKind, Outcome
from tracker.domain.items import Basis, CadenceKind, Measure
from tracker.domain.light_kinds import LightReason
from tracker.domain.readings.demands import Cadence, Deadline
from tracker.domain.verifying import DecidedSingly
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_standings
from tracker.store.queries.work import task_standings
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import ReportValueRow
from tracker.usecases.accepting import accept_filing
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.wording.refusals import sentence

_YEAR, _MONTH = "专题招商", "外出招商"
_LATER = at(11, 2, hour=18)
_SAID = RowContent(claim=Claim.ON_SCHEDULE, text="10月8日赴外招商。")
_BEHIND = replace(
    _SAID,
    claim=Claim.BEHIND,
    cause="人员未到位",
    cause_class=CauseClass.OTHER,
    next_step="加快",
    next_on=date(2022, 12, 31),
)


@pytest.fixture
def city(database: Database) -> OwedCity:
    """A city whose lead counts 2 in the year and 3 in each month, the year's stated first."""
    reading = small_reading()
    first, second = reading.items
    year = replace(first.targets[0], metric=_YEAR, measure=Measure.PER_PERIOD, per="年", value=2)
    month = replace(year, metric=_MONTH, per="月", value=3)
    cadences = (Cadence(CadenceKind.YEARLY, Basis.STATED, 1, "全年不少于2次"), *first.cadences)
    items = (replace(first, targets=(year, month), cadences=cadences), second)
    city = open_owed_city(database, reading=replace(reading, items=items))
    city.grow(at(9, 30))
    return city


def _told(city: OwedCity, given: Mapping[str, float], on: date) -> dict[int, tuple[float, date | None]]:
    with city.database.reading() as session:
        ids = {target.metric: target.id or 0 for target in session.scalars(select(ItemTargetRow))}
    return {ids[metric]: (value, on) for metric, value in given.items()}


def _form(
    city: OwedCity, code: str, content: RowContent, given: Mapping[str, float], *, on: date, when: datetime
) -> int:
    row = city.rows("swj")[code]
    entry = Entry(row.assignment_id or 0, content, _told(city, given, on))
    with city.database.transaction() as session:
        command = SubmitForm(row.period_id, (entry,), missed_words="")
        filing_id = submit_form(session, command, actor=city.liaison("swj"), at=when)
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=when)
    return filing_id


def _faults(error: BadInput) -> list[tuple[type[BadInput], object]]:
    faults = error.faults if isinstance(error, Faults) else (error,)
    return [(type(fault), fault.facts.get("metric")) for fault in faults]


@pytest.mark.parametrize("on", [date(2022, 9, 30), date(2022, 10, 8)])
@pytest.mark.parametrize(
    ("claim", "found"),
    [
        (Claim.ON_SCHEDULE, [(ClaimAboveValue, _MONTH)]),
        (Claim.NOT_STARTED_YET, [(ClaimAboveValue, _MONTH)]),
        (Claim.DONE, [(GoalNotReached, _YEAR), (GoalNotReached, _MONTH)]),
    ],
)
def test_a_count_of_a_month_that_is_over_denies_whatever_day_it_bears(
    city: OwedCity, on: date, claim: Claim, found: list[tuple[type[BadInput], str]]
) -> None:
    """The year's count runs on, and is behind in no month."""
    with pytest.raises(BadInput) as error:
        _form(city, "2022-09", replace(_SAID, claim=claim), {_YEAR: 0, _MONTH: 0}, on=on, when=at(10, 8))
    assert _faults(error.value) == found
    _form(city, "2022-09", _SAID, {_YEAR: 0, _MONTH: 3}, on=on, when=at(10, 8))


def test_a_count_of_before_its_month_is_refused(city: OwedCity) -> None:
    with pytest.raises(CountBeforeWindow) as error:
        _form(city, "2022-09", _SAID, {_YEAR: 2, _MONTH: 3}, on=date(2022, 8, 31), when=at(10, 8))
    assert error.value.facts["metric"] == _MONTH
    assert "按期计数，应填2022年9月1日（周四）至2022年9月30日（周五）的数，" in sentence(error.value)


def test_news_is_counted_in_the_window_of_its_own_day(city: OwedCity) -> None:
    entry = Entry(city.share("swj").id or 0, _SAID, _told(city, {_MONTH: 0}, date(2022, 10, 8)))
    with city.database.transaction() as session:
        submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=city.liaison("swj"), at=at(10, 8))


def test_what_counts_deny_is_marked_and_decided_by_itself(city: OwedCity, tmp_path: Path) -> None:
    """The table beside the number, the mark and the office's 全部通过 go by the same window."""
    on = date(2022, 10, 8)
    filing_id = _form(city, "2022-09", _SAID, {_YEAR: 1, _MONTH: 3}, on=on, when=at(10, 8))
    with city.database.transaction() as session:  # as an earlier version of this program took it
        for value in session.scalars(select(ReportValueRow).where(col(ReportValueRow.value) == 3)):
            value.value = 0
    with pytest.raises(DecidedSingly), city.database.transaction() as session:
        accept_filing(session, filing_id=filing_id, actor=LEADER, at=at(10, 8))
    site = Site(city.database, tmp_path, city=City(city.database))
    site.clock.at = at(10, 8)
    with site.client("office") as client:
        for address in ("/review/rows/1", f"/tasks/{city.task_id()}"):
            page = client.get(address).get_data(as_text=True)
            assert "自报与所填数值不符" in page
            assert "应达3次，差3次" in page


def test_each_number_that_denies_a_claim_is_named_beside_it(city: OwedCity, tmp_path: Path) -> None:
    site = Site(city.database, tmp_path, city=City(city.database))
    site.clock.at = at(10, 8)
    row = city.rows("swj")["2022-09"]
    key, address = f"a{row.assignment_id}-", f"/periods/{row.period_id}/form"
    told = _told(city, {_YEAR: 1, _MONTH: 2}, date(2022, 10, 8))
    given = {f"{key}v{id_}": f"{value:g}" for id_, (value, _on) in told.items()}
    given |= {f"{key}on{id_}": "2022-10-08" for id_ in told} | {f"{key}claim": "done", f"{key}fact": "赴外招商。"}
    with site.client("swj") as client:
        page = post(client, address, at=address, **given, not_secret="yes").get_data(as_text=True)
    for metric, value in ((_YEAR, 1), (_MONTH, 2)):
        assert page.count(f"“{metric}”填写的是{value}，目标是") == 1


@pytest.mark.parametrize(("year", "month", "asked"), [(1, 3, [_YEAR]), (2, 3, []), (3, 2, [])])
def test_a_count_of_the_year_that_falls_is_asked_back(
    city: OwedCity, tmp_path: Path, year: int, month: int, asked: list[str]
) -> None:
    """The month's begins anew, though the days of both lie in October."""
    _form(city, "2022-09", _SAID, {_YEAR: 2, _MONTH: 3}, on=date(2022, 10, 8), when=at(10, 8))
    city.grow(at(10, 31))
    site = Site(city.database, tmp_path, city=City(city.database))
    site.clock.at = at(10, 31)
    row = city.rows("swj")["2022-10"]
    key = f"a{row.assignment_id}-"
    told = _told(city, {_YEAR: year, _MONTH: month}, date(2022, 10, 31))
    given = {f"{key}v{id_}": f"{value:g}" for id_, (value, _on) in told.items()}
    given |= {f"{key}on{id_}": "2022-10-31" for id_ in told}
    with site.client("swj") as client:
        address, said = (
            f"/periods/{row.period_id}/form",
            {f"{key}claim": "on_schedule", f"{key}fact": "10月8日赴外招商。"},
        )
        page = post(client, address, at=address, **given, **said, not_secret="yes")
        found = re.findall(r"“([^“”]+)”是累计数", page.get_data(as_text=True))
    assert list(dict.fromkeys(found)) == asked


def test_a_count_of_a_month_that_is_made_up_for_does_not_overtake_the_next_one(city: OwedCity) -> None:
    """By the tables and by the log: September's nought, written on 2 November, is not the latest count."""
    city.grow(at(10, 31))
    _form(city, "2022-10", _SAID, {_YEAR: 2, _MONTH: 3}, on=date(2022, 11, 1), when=at(11, 1))
    before = _progress(city)
    _form(city, "2022-09", _BEHIND, {_YEAR: 1, _MONTH: 0}, on=date(2022, 11, 2), when=at(11, 2))
    assert _progress(city) == before


def test_a_count_of_the_year_gives_way_to_no_older_news(city: OwedCity) -> None:
    """Told of 8 October in September's form it is later than news of the 5th, by the tables, the log and the claim."""
    city.grow(at(10, 31))
    with city.database.transaction() as session:
        early = Entry(city.share("swj").id or 0, _SAID, _told(city, {_YEAR: 1}, date(2022, 10, 5)))
        news = submit_one(session, SubmitOne(FilingKind.UPDATE, early), actor=city.liaison("swj"), at=at(10, 5))
        sign_off(session, filing_id=news, actor=city.head("swj"), at=at(10, 5))
    _form(city, "2022-09", _SAID, {_YEAR: 2, _MONTH: 3}, on=date(2022, 10, 8), when=at(10, 8))
    with city.database.transaction() as session:
        done = Entry(
            city.share("swj").id or 0, replace(_SAID, claim=Claim.DONE), _told(city, {_MONTH: 3}, date(2022, 10, 9))
        )
        submit_one(session, SubmitOne(FilingKind.UPDATE, done), actor=city.liaison("swj"), at=at(10, 9))
    assert _progress(city, now=at(1, 2, year=2023)) != LightReason.BEHIND_PLAN


@pytest.mark.parametrize(
    ("deadline", "when", "on"),
    [
        (date(2022, 11, 15), at(11, 17), date(2022, 11, 15)),  # of November the work has its first half alone
        (date(2022, 11, 15), at(11, 28), date(2022, 11, 20)),
        (date(2022, 12, 31), at(1, 9, year=2023), date(2022, 12, 31)),
        (date(2022, 12, 31), at(3, 9, year=2023), date(2023, 1, 9)),
    ],
)
@pytest.mark.parametrize("door", ["form", "completion"])
def test_by_no_door_and_of_no_window_nought_is_a_goal_that_is_met(
    database: Database, door: str, deadline: date, when: datetime, on: date
) -> None:
    """What comes outside of forms for a row that is past is held against that row's window, as the form is."""
    reading = small_reading()
    first, second = reading.items
    month = replace(first.targets[0], metric=_MONTH, measure=Measure.PER_PERIOD, per="月", value=3)
    first = replace(first, deadline=Deadline(deadline, Basis.STATED, "全年"), targets=(month,))
    city = open_owed_city(database, reading=replace(reading, items=(first, second)))
    for day in (at(9, 28), at(10, 28), at(11, 14), at(11, 28), at(12, 28)):
        city.grow(day)
    code = f"2022-{deadline.month}"
    share, row = city.share("swj").id or 0, city.rows("swj")[code]
    assert row.final
    done = replace(_SAID, claim=Claim.DONE)
    for count in (0, 2):
        entry = Entry(share, done, _told(city, {_MONTH: count}, on), outcome=Outcome.MET)
        with pytest.raises(BadInput) as error, database.transaction() as session:
            actor = city.liaison("swj")
            if door == "form":
                submit_form(
                    session,
                    SubmitForm(row.period_id, (replace(entry, evidence_reason="整理"),), missed_words="漏报"),
                    actor=actor,
                    at=when,
                )
            else:
                command = SubmitOne(FilingKind.COMPLETION, replace(entry, evidence_reason="整理"))
                submit_one(session, command, actor=actor, at=when)
        assert _faults(error.value) == [(GoalNotMet, _MONTH)]


def _progress(city: OwedCity, *, now: datetime = _LATER) -> str:
    """Return how the counts stand, on 2 November if nothing else is said, by the tables and by the log, which agree."""
    with city.database.reading() as session:
        [stands] = task_standings(session, now=now, by=BY, task_ids=[city.task_id()])
        until = cut(session, as_of=now)
        past = past_standings(session, fold(session, until), units=unit_facts(session, until=until), by=BY)
        [other] = [one for one in past if one.task_id == city.task_id()]
    assert other.lights.progress == stands.lights.progress
    return str(stands.lights.progress.reason)
