"""One day of a total for all: in the week over the turn of the year, and in forms that are made up for late."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.support.office import City
from tests.support.owed_city import BY, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site, post
from tests.support.totals import fill, told_numbers
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, Outcome
from tracker.domain.items import Basis, CadenceKind, Measure
from tracker.domain.light_kinds import LightReason
from tracker.domain.readings.demands import Cadence, Deadline
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_standings
from tracker.store.queries.work import task_standings
from tracker.usecases.filing import SubmitOne, sign_off, submit_one

_MONEY, _WORKS = "签约金额", "开工项目"
_YEAR_END = date(2022, 12, 31)
_SAID = RowContent(claim=Claim.ON_SCHEDULE, text="12月8日签约2个项目。")
_BEHIND = replace(
    _SAID,
    claim=Claim.BEHIND,
    cause_class=CauseClass.UPSTREAM,
    cause="项目推迟",
    next_step="赶工",
    next_on=date(2023, 1, 31),
)


def _city(database: Database, kind: CadenceKind, *, deadline: date = _YEAR_END) -> OwedCity:
    """Open a city whose lead bears two totals, 350 and 12, with forms of a rhythm to the turn of the year."""
    reading = small_reading()
    first, second = reading.items
    money = replace(first.targets[0], metric=_MONEY, value=350, unit="亿元", measure=Measure.CUMULATIVE, per=None)
    works = replace(money, metric=_WORKS, value=12, unit="个")
    first = replace(
        first,
        deadline=Deadline(deadline, Basis.STATED, "全年"),
        targets=(money, works),
        cadences=(Cadence(kind, Basis.STATED, 1, "每月通报一次"),),
    )
    city = open_owed_city(database, reading=replace(reading, items=(first, second)))
    for month in (9, 10, 11, 12):
        for day in (7, 14, 21, 28):
            city.grow(at(month, day))
    return city


def _news(city: OwedCity, content: RowContent, given: Mapping[str, float], *, on: date, when: datetime) -> None:
    with city.database.transaction() as session:
        entry = Entry(city.share("swj").id or 0, content, told_numbers(session, given, on))
        filing_id = submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=city.liaison("swj"), at=when)
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=when)


def _progress(city: OwedCity, *, now: datetime) -> LightReason:
    """Return how the totals stand, by the tables and by the log, which agree."""
    with city.database.reading() as session:
        [stands] = task_standings(session, now=now, by=BY, task_ids=[city.task_id()])
        until = cut(session, as_of=now)
        past = past_standings(session, fold(session, until), units=unit_facts(session, until=until), by=BY)
        [other] = [one for one in past if one.task_id == city.task_id()]
    assert other.lights.progress == stands.lights.progress
    return stands.lights.progress.reason


def _site(city: OwedCity, folder: Path, now: datetime) -> Site:
    site = Site(city.database, folder, city=City(city.database))
    site.clock.at = now
    return site


def _read(site: Site, login: str, address: str) -> str:
    with site.client(login) as client:
        page = html.unescape(client.get(address).get_data(as_text=True))
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("on", [_YEAR_END, date(2023, 1, 1), date(2023, 1, 4)])
def test_in_the_week_over_the_turn_of_the_year_a_total_is_the_latest_by_the_day_that_judges_it(
    database: Database, tmp_path: Path, on: date
) -> None:
    city, short = _city(database, CadenceKind.WEEKLY), {_MONEY: 300, _WORKS: 12}
    fill(city, "2022W52", _BEHIND, short, on=on, when=at(1, 4, year=2023), outcome=Outcome.UNMET)
    assert _progress(city, now=at(1, 4, year=2023, hour=18)) is LightReason.BEHIND_PLAN
    told = replace(_SAID, claim=None)
    _news(city, told, {_MONEY: 350}, on=_YEAR_END, when=at(1, 5, year=2023))
    assert _progress(city, now=at(1, 5, year=2023, hour=18)) is not LightReason.BEHIND_PLAN
    with _site(city, tmp_path, at(1, 5, year=2023)).client("office") as client:
        page = html.unescape(client.get(f"/tasks/{city.task_id()}").get_data(as_text=True))
    assert "截至2022年12月31日350亿元，应达350亿元" in page  # the picture's last value
    done = replace(_SAID, claim=Claim.DONE)
    _news(city, done, {_WORKS: 12}, on=_YEAR_END, when=at(1, 6, year=2023))


@pytest.mark.parametrize("deadline", [_YEAR_END, date(2023, 6, 30)])
def test_a_form_of_the_old_year_offers_a_day_of_that_year(database: Database, tmp_path: Path, deadline: date) -> None:
    city, when = _city(database, CadenceKind.WEEKLY, deadline=deadline), at(1, 4, year=2023)
    site, row = _site(city, tmp_path, when), city.rows("swj")["2022W52"]
    with site.client("swj") as client:
        page = client.get(f"/periods/{row.period_id}/form").get_data(as_text=True)
    assert re.findall(r'name="a\d+-on\d+"[^>]* value="([^"]*)"', page) == ["2022-12-31"] * 2


@pytest.mark.parametrize("on", [_YEAR_END, date(2023, 1, 1), date(2023, 1, 4)])
def test_the_old_year_s_total_keeps_no_schedule_of_the_new_one(database: Database, on: date) -> None:
    """Of 350 by 30 June two are expected by 1 January, and 38 by the 20th: 300 of the old year are none of them."""
    city = _city(database, CadenceKind.WEEKLY, deadline=date(2023, 6, 30))
    fill(city, "2022W52", _SAID, {_MONEY: 300, _WORKS: 12}, on=on, when=at(1, 4, year=2023))
    assert _progress(city, now=at(1, 4, year=2023, hour=18)) is LightReason.CLAIMED_ON_TRACK
    few = {_MONEY: 2, _WORKS: 1}
    _news(city, replace(_SAID, claim=None), few, on=date(2023, 1, 20), when=at(1, 20, year=2023))
    assert _progress(city, now=at(1, 20, year=2023, hour=18)) is LightReason.BEHIND_PLAN


@pytest.mark.parametrize(
    ("value", "on", "asked"),
    [(310, date(2022, 12, 10), True), (310, date(2022, 10, 31), False), (320, date(2022, 12, 10), False)],
)
def test_a_form_made_up_for_with_less_than_a_later_form_has_is_asked_back_and_marked(
    database: Database, tmp_path: Path, value: int, on: date, *, asked: bool
) -> None:
    """October's, of which only September's 250 was before, speaks of a later day than November's 320."""
    city, when = _city(database, CadenceKind.MONTHLY), at(12, 10)
    works = {_WORKS: 12}
    fill(city, "2022-09", _BEHIND, {_MONEY: 250, **works}, on=date(2022, 9, 30), when=at(9, 30))
    fill(city, "2022-11", _BEHIND, {_MONEY: 320, **works}, on=date(2022, 11, 30), when=at(12, 2))
    site, row = _site(city, tmp_path, when), city.rows("swj")["2022-10"]
    key, address = f"a{row.assignment_id}-", f"/periods/{row.period_id}/form"
    with city.database.reading() as session:
        told = told_numbers(session, {_MONEY: value, **works}, on)
    given = {f"{key}v{id_}": f"{number:g}" for id_, (number, _on) in told.items()}
    given |= {f"{key}on{id_}": on.isoformat() for id_ in told}
    given |= {f"{key}claim": "behind", f"{key}fact": "10月8日签约2个项目。", f"{key}cause_class": "upstream"}
    given |= {f"{key}cause": "项目推迟", f"{key}next_step": "赶工", f"{key}next_on": "2022-12-31", "missed_words": "漏"}
    with site.client("swj") as client:
        answer = post(client, address, at=address, **given)
        said = html.unescape(answer.get_data(as_text=True))
        assert (answer.status_code == 400, "比已报的320亿元（截至2022年11月30日" in said) == (asked, asked)
        if asked:
            sure = {f"{key}sure{id_}": f"{number:g}" for id_, (number, _on) in told.items()}
            assert post(client, address, at=address, **given, **sure).status_code == 303
    mark = "累计数比已报的小，请核对已报320亿元，截至11月30日"
    assert (mark in _read(site, "swj-head", "/sign-off")) is asked
    with site.client("swj-head") as head:
        assert post(head, "/filings/3/sign", at="/sign-off").status_code == 303
    assert (mark in _read(site, "office", "/review")) is asked
