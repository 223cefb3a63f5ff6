"""Projects that were taken off a list: nothing puts them back in silence, and who kept it answers for them a while."""

import re
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.agreement import disagreements
from tests.support.databases import fresh_sqlite
from tests.support.project_pages import put, send, take
from tests.support.project_pages import words as words_of
from tests.support.projects import LISTS
from tests.support.site import Site
from tracker.domain.events.projects import ProjectListed
from tracker.domain.projects.acts import Place
from tracker.domain.projects.lists import NotKeeperOfList
from tracker.domain.projects.records import standing
from tracker.domain.scoring.inputs import Month
from tracker.gateways.configuration import CONFIGURATION
from tracker.gateways.project_lists import load_project_lists
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.projects import EVERY_PROJECT, projects
from tracker.store.tables.events import EventRow
from tracker.usecases.project_entries import give_value, place_project, take_project_off

_FIRST = ("P1", "外资甲", "遂平县", 1.5, 5000, 1200, None)
_AGAIN = ("P1", "外资甲", "遂平县", 1.5, 6000, 1500, None)
_PAGE = "/projects/1"
_JANUARY = date(2022, 1, 1)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    with made.client("swj") as client:
        take(client, _FIRST)
    return made


def _off(site: Site, day: str, *, year: int = 2022) -> tuple[int, str]:
    with site.client("swj") as client:
        answer = send(client, f"{_PAGE}/off", page=_PAGE, listing=f"waizi:{year}", off=day, reason="终止")
        return answer.status_code, words_of(answer)


def _left(site: Site, day: str) -> str:
    """Take the project off on a day; return what the page says then."""
    with site.client("swj") as client:
        assert send(client, f"{_PAGE}/off", page=_PAGE, listing="waizi:2022", off=day, reason="核对").status_code == 303
        return words_of(client.get(_PAGE))


def _rows(site: Site) -> list[tuple[date, int | None, date | None]]:
    with site.services.database.reading() as session:
        (project,) = projects(session, scope=EVERY_PROJECT)
    return [(one.since, one.planned, one.until) for one in project.listings]


def _stands(site: Site) -> list[int]:
    """Return in which months of the year the project stands on its list."""
    with site.services.database.reading() as session:
        (project,) = projects(session, scope=EVERY_PROJECT)
    ends = {number: Month(2022, number).last_day for number in range(1, 13)}
    return [number for number, day in ends.items() if standing(project.listings, "waizi", on=day)]


def _told(site: Site) -> int:
    """Return how often it was told how the project stands on lists."""
    wanted = select(col(EventRow.seq)).where(col(EventRow.type) == ProjectListed.type)
    with site.services.database.reading() as session:
        return len(session.scalars(wanted).all())


def test_an_export_that_still_has_a_project_does_not_put_it_back_without_a_tick(site: Site) -> None:
    assert _off(site, "2022-08-20")[0] == 303
    gone = [(_JANUARY, 50_000_000, date(2022, 8, 20))]
    site.clock.at = datetime(2022, 10, 9, 1, 0, tzinfo=UTC)
    for back, rows, stands in (
        ({}, gone, [1, 2, 3, 4, 5, 6, 7]),
        ({"back": "99"}, gone, [1, 2, 3, 4, 5, 6, 7]),
        ({"back": "3"}, [*gone, (date(2022, 9, 1), 60_000_000, None)], [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]),
    ):
        with site.client("swj") as client:
            page = put(client, _AGAIN, month="2022-09").headers["Location"]
            shown = words_of(client.get(page))
            assert ("外资甲，遂平县，原定8月20日（周六）移出" in shown, "自2022年9月起重新列入" in shown) == (
                True,
                True,
            )
            assert "年度计划投资（万元）：" not in shown, "it is of no list"
            answer = send(client, f"{page}/take", page=page, other_period="yes", **back)
            assert answer.status_code == 303, words_of(answer)
        assert _rows(site) == rows
        assert _stands(site) == stands, "what was before is as it was"
    with site.client("swj") as client:
        page = put(client, _AGAIN, month="2022-09").headers["Location"]
        assert ("移出" in words_of(client.get(page)), "没有变化" in words_of(client.get(page))) == (False, True)
    with site.services.database.reading() as session:
        (project,) = projects(session, scope=EVERY_PROJECT)
    assert project.values[Month(2022, 9)] == 15_000_000, "what it says beside that is taken"


def test_an_export_of_the_next_year_puts_nobody_back_onto_a_list_that_is_of_no_year(site: Site) -> None:
    """It made a row of its own year, by which who had left the year before stood there again without a word."""
    assert _off(site, "2022-08-20")[0] == 303
    gone = [(_JANUARY, 50_000_000, date(2022, 8, 20))]
    site.clock.at = datetime(2023, 2, 9, 1, 0, tzinfo=UTC)
    for back, rows in (({}, gone), ({"back": "3"}, [*gone, (date(2023, 1, 1), 60_000_000, None)])):
        with site.client("swj") as client:
            page = put(client, _AGAIN, month="2023-01", since="2023-01").headers["Location"]
            assert "外资甲，遂平县，原定2022年8月20日" in words_of(client.get(page))
            answer = send(client, f"{page}/take", page=page, other_period="yes", **back)
            assert answer.status_code == 303, words_of(answer)
        assert _rows(site) == rows


def test_an_export_of_a_month_in_which_it_stood_leaves_the_day_on_which_it_left(site: Site) -> None:
    assert _off(site, "2022-08-20")[0] == 303
    with site.client("swj") as client:
        page = put(client, (*_AGAIN[:5], 1100, None), month="2022-07").headers["Location"]
        assert 'name="back"' not in words_of(client.get(page))
        assert send(client, f"{page}/take", page=page, other_period="yes").status_code == 303
    assert _rows(site) == [(_JANUARY, 60_000_000, date(2022, 8, 20))]


def test_who_lists_a_project_again_says_from_when_and_may_close_the_gap(site: Site) -> None:
    assert _off(site, "2022-03-20")[0] == 303
    told = {"list": "waizi", "reason": "恢复"}
    with site.client("swj") as client:
        assert send(client, f"{_PAGE}/place", page=_PAGE, **told, since="2022-08").status_code == 303
        words = words_of(client.get(_PAGE))
        assert "自2022年8月1日重新列入，以前各月不变。" in words
        assert words.count('value="waizi:2022"') == 1, "it is taken off as it stands now"
    assert _rows(site) == [(_JANUARY, 50_000_000, date(2022, 3, 20)), (date(2022, 8, 1), 50_000_000, None)]
    assert _stands(site) == [1, 2, 8, 9, 10, 11, 12]
    assert _off(site, "2022-09-01")[0] == 303
    assert _stands(site) == [1, 2, 8], "the row that is the newest is ended"
    with site.client("swj") as client:
        for since in ("2022-08", "2022-01"):
            assert send(client, f"{_PAGE}/place", page=_PAGE, **told, since=since, back="yes").status_code == 303
            assert "的移出已撤销。" in words_of(client.get(_PAGE))
    assert _stands(site) == [*range(1, 13)]


def test_who_comes_back_in_the_month_in_which_he_left_loses_none_before_by_form_as_by_export(site: Site) -> None:
    assert _off(site, "2022-08-20")[0] == 303
    gone = (_JANUARY, 50_000_000, date(2022, 8, 20))
    with site.client("swj") as client:
        told = {"list": "waizi", "since": "2022-08", "reason": "恢复"}
        assert send(client, f"{_PAGE}/place", page=_PAGE, **told).status_code == 303
        assert "自2022年8月20日重新列入，以前各月不变。" in words_of(client.get(_PAGE))
    assert _rows(site) == [gone, (date(2022, 8, 20), 50_000_000, None)]
    assert _stands(site) == [*range(1, 13)]
    assert _off(site, "2022-08-25")[0] == 303
    with site.client("swj") as client:
        page = put(client, _AGAIN).headers["Location"]
        answer = send(client, f"{page}/take", page=page, other_period="yes", back="3")
        assert answer.status_code == 303, words_of(answer)
    assert _rows(site) == [gone, (date(2022, 8, 20), 60_000_000, None)]


def test_the_plan_of_who_left_is_corrected_and_he_stays_off(site: Site) -> None:
    assert _off(site, "2022-03-20")[0] == 303
    told = {"list": "waizi", "reason": "核对"}
    with site.client("swj") as client:
        assert send(client, f"{_PAGE}/place", page=_PAGE, **told, since="2022-01", planned="7000").status_code == 303
        assert "2022年3月20日的移出不变" in words_of(client.get(_PAGE))
        assert _rows(site) == [(_JANUARY, 70_000_000, date(2022, 3, 20))]
        for since, planned in (("2022-08", "8000"), ("2022-01", ""), ("2022-01", "7500")):
            answer = send(client, f"{_PAGE}/place", page=_PAGE, **told, since=since, planned=planned)
            assert answer.status_code == 303
            plans = [70_000_000 if planned != "7500" else 75_000_000, 80_000_000]
            assert [one[1] for one in _rows(site)] == plans, "each has its own"
    assert _stands(site) == [1, 2, 8, 9, 10, 11, 12], "the gap stays"


def test_the_day_on_which_he_left_is_corrected_though_he_came_back(site: Site) -> None:
    assert _off(site, "2022-03-20")[0] == 303
    with site.client("swj") as client:
        told = {"list": "waizi", "since": "2022-08", "reason": "恢复"}
        assert send(client, f"{_PAGE}/place", page=_PAGE, **told).status_code == 303
    for day, said in (
        ("2022-04-10", "2022年1月1日列入的，移出日期由2022年3月20日改为2022年4月10日，"),
        ("2022-08-20", "（2022年8月1日列入的，2022年8月20日移出）"),
    ):
        assert said in _left(site, day)
    assert [one[2] for one in _rows(site)] == [date(2022, 4, 10), date(2022, 8, 20)]
    assert _off(site, "2021-12-31")[0] == 400


def test_to_undo_that_he_left_names_the_month_in_which_he_came(site: Site) -> None:
    with site.client("swj") as client:
        assert 'name="back"' not in words_of(client.get(_PAGE)), "nobody left"
    assert _off(site, "2022-03-20")[0] == 303
    with site.client("swj") as client:
        told = {"list": "waizi", "reason": "误移", "back": "yes"}
        answer = send(client, f"{_PAGE}/place", page=_PAGE, **told, since="2022-03")
        words = words_of(answer)
        assert (answer.status_code, "2022-03没有列入这份清单" in words) == (400, True)
        assert re.search(r'<input[^>]*id="since"[^>]*aria-invalid="true"', words), "beside its field"
        assert re.search(r'<input[^>]*id="back"[^>]* checked', words), "what was said is there yet"
    assert _rows(site) == [(_JANUARY, 50_000_000, date(2022, 3, 20))]


def test_a_project_is_put_back_where_that_is_said(site: Site) -> None:
    assert _off(site, "2022-08-20")[0] == 303
    with site.client("swj") as client:
        told = {"list": "waizi", "since": "2022-01", "reason": "误移", "back": "yes"}
        assert send(client, f"{_PAGE}/place", page=_PAGE, **told).status_code == 303
        before = _told(site)
        assert send(client, f"{_PAGE}/place", page=_PAGE, **told).status_code == 303
    assert _rows(site) == [(_JANUARY, 50_000_000, None)]
    assert _told(site) == before, "the same again is no act"


def test_a_project_leaves_on_a_day_that_has_come_at_earliest_on_that_on_which_it_came(site: Site) -> None:
    status, words = _off(site, "2022-09-03")
    assert (status, "9月3日（周六）还没有到" in words) == (400, True)
    assert re.search(r'<input[^>]*id="off"[^>]*aria-invalid="true"', words), "beside its field"
    assert _off(site, "2022-09-02")[0] == 303
    assert _off(site, "2021-12-31")[0] == 400
    assert _off(site, "2022-01-01")[0] == 303
    before = _told(site)
    assert _off(site, "2022-01-01")[0] == 303
    assert _told(site) == before, "the same again is no act"


def test_who_kept_a_list_answers_through_the_year_after_it_left_and_no_longer(site: Site) -> None:
    """A row of the year before that nobody ended let him enter for ever."""
    with site.client("swj") as client:
        told = {"list": "waizi", "since": "2021-03", "reason": "补登"}
        assert send(client, f"{_PAGE}/place", page=_PAGE, **told).status_code == 303
    assert _off(site, "2022-08-20")[0] == 303
    value = {"month": "2022-07", "invested": "900", "source": "月报", "reason": "核对"}
    for year, may in ((2023, True), (2024, False)):
        site.clock.at = datetime(year, 1, 5, 1, 0, tzinfo=UTC)
        with site.client("swj") as client:
            assert ("登记累计完成投资" in words_of(client.get(_PAGE))) is may
            answer = send(client, f"{_PAGE}/value", page="/me", **value)
            assert answer.status_code == (303 if may else 404)
    with site.services.database.transaction() as session, pytest.raises(NotKeeperOfList):
        give_value(
            session,
            1,
            Month(2022, 7),
            1,
            source="月报",
            reason="核对",
            lists=LISTS,
            actor=site.city.liaison("swj"),
            at=site.clock.at,
        )


def test_what_may_be_taken_off_is_of_the_lists_of_the_viewer_what_stands_first(site: Site) -> None:
    with site.client("office") as client:  # keeps the list of nobody in print, and not the project of 市商务局
        value = {"list": "shengji", "since": "2022-01", "reason": "列入"}
        assert send(client, f"{_PAGE}/place", page=_PAGE, **value).status_code == 303
    with site.client("swj") as client:
        for since in ("2021-03", "2020-03"):
            told = {"list": "waizi", "since": since, "reason": "补登"}
            assert send(client, f"{_PAGE}/place", page=_PAGE, **told).status_code == 303
    assert _off(site, "2022-08-20")[0] == 303
    with site.client("swj") as client:
        offered = re.findall(r'<option value="(\w+:\d+)"', words_of(client.get(_PAGE)))
    assert offered == ["waizi:2021", "waizi:2020", "waizi:2022"]


def test_the_lists_that_the_tests_know_are_as_they_are_configured() -> None:

    configured = load_project_lists(CONFIGURATION / "project_lists.toml")
    for one in LISTS.lists:
        if known := configured.get(one.code):
            for asked in ("yearly", "batch", "confirmed"):
                assert getattr(one, asked) == getattr(known, asked), (one.code, asked)


@pytest.mark.parametrize("undone", [False, True])
def test_the_end_that_a_later_years_row_took_over_goes_with_the_one_that_it_came_from(site: Site, undone: bool) -> None:
    """On a list of no year one 移出 stands in two rows: whoever corrects or undoes it means both."""
    assert _off(site, "2022-08-20")[0] == 303
    swj, at = site.city.liaison("swj"), site.clock.at
    place = partial(place_project, project_id=1, reason="核对", lists=LISTS, actor=swj, at=at)
    with site.services.database.transaction() as session:
        place(session, place=Place("waizi", 2023, date(2022, 7, 1), 7))
    ends = [until for _since, _planned, until in _rows(site)]
    assert ends == [date(2022, 8, 20)] * 2
    with site.services.database.transaction() as session:
        if undone:
            place(session, place=Place("waizi", 2022, _JANUARY, None, back=True))
        else:
            for day in (date(2022, 6, 1), date(2022, 8, 25)):  # by a slip before the later row begins
                take_project_off(session, 1, "waizi", 2022, on=day, reason="核对", lists=LISTS, actor=swj, at=at)
    ends = [until for _since, _planned, until in _rows(site)]
    assert ends == [None if undone else date(2022, 8, 25)] * 2
    assert _disagreeing(site) == []


def test_what_ended_a_later_years_row_by_hand_stays_when_the_earlier_one_is_corrected(site: Site) -> None:
    """On its first day too, by which somebody says that the project never came."""
    assert _off(site, "2022-08-20")[0] == 303
    swj, at = site.city.liaison("swj"), site.clock.at
    place = partial(place_project, project_id=1, reason="核对", lists=LISTS, actor=swj, at=at)
    off = partial(take_project_off, project_id=1, code="waizi", reason="核对", lists=LISTS, actor=swj, at=at)
    with site.services.database.transaction() as session:
        place(session, place=Place("waizi", 2023, date(2022, 7, 1), 7))
        off(session, year=2023, on=date(2022, 7, 1))
        for day in (date(2022, 6, 1), date(2022, 8, 25)):
            off(session, year=2022, on=day)
        place(session, place=Place("waizi", 2022, _JANUARY, None, back=True))
    assert [until for _since, _planned, until in _rows(site)] == [None, date(2022, 7, 1)]
    assert _disagreeing(site) == []


def test_an_export_that_undoes_the_end_of_an_earlier_years_row_takes_the_later_one_along(site: Site) -> None:
    """As the form does: one 移出 stands in two rows, by whichever door it is undone."""
    _slipped(site, ended=date(2022, 8, 20), really=date(2022, 1, 20))
    with site.client("swj") as client:
        page = put(client, _AGAIN, month="2022-01").headers["Location"]
        answer = send(client, f"{page}/take", page=page, other_period="yes", back="3")
        assert answer.status_code == 303, words_of(answer)
    assert [until for _since, _planned, until in _rows(site)] == [None, None]
    assert _disagreeing(site) == []


@pytest.mark.parametrize("by", ["form", "export"])
def test_an_end_that_a_later_years_row_took_over_goes_where_the_project_comes_back_between(site: Site, by: str) -> None:
    """Cut off before it began, the later row said that the project had left from its first day on, for ever."""
    _slipped(site, ended=date(2022, 8, 20), really=date(2022, 3, 20))
    told = {"list": "waizi", "since": "2022-06", "reason": "恢复"}
    with site.client("swj") as client:
        if by == "form":
            assert send(client, f"{_PAGE}/place", page=_PAGE, **told).status_code == 303
        else:
            page = put(client, _AGAIN, month="2022-06").headers["Location"]
            answer = send(client, f"{page}/take", page=page, other_period="yes", back="3")
            assert answer.status_code == 303, words_of(answer)
    assert sorted((since, until) for since, _planned, until in _rows(site)) == [
        (_JANUARY, date(2022, 3, 20)),
        (date(2022, 6, 1), None),
        (date(2022, 7, 1), None),
    ]
    assert _stands(site) == [1, 2, *range(6, 13)]
    assert _disagreeing(site) == []


def test_whoever_corrects_or_undoes_an_end_reads_which_later_years_row_goes_along(site: Site) -> None:
    _slipped(site, ended=date(2022, 8, 20), really=date(2022, 3, 20))
    along = "2023年度2022年7月1日列入的，移出日期一并改为2022年8月25日。"
    assert along in _left(site, "2022-08-25")
    told = {"list": "waizi", "since": "2022-01", "reason": "误移", "back": "yes"}
    with site.client("swj") as client:
        assert send(client, f"{_PAGE}/place", page=_PAGE, **told).status_code == 303
        undone = "原定2022年8月25日的移出已撤销。2023年度2022年7月1日列入的，移出一并撤销。"
        assert undone in words_of(client.get(_PAGE))
    assert "一并" not in _left(site, "2022-08-25"), "an open row of a later year takes nothing over"


def _slipped(site: Site, *, ended: date, really: date) -> None:
    """Take the project off, give a later year's row that end, and correct it to a day before that row begins."""
    swj, at = site.city.liaison("swj"), site.clock.at
    off = partial(take_project_off, code="waizi", year=2022, reason="核对", lists=LISTS, actor=swj, at=at)
    with site.services.database.transaction() as session:
        off(session, 1, on=ended)
        place = Place("waizi", 2023, date(2022, 7, 1), 7)
        place_project(session, 1, place, reason="核对", lists=LISTS, actor=swj, at=at)
        off(session, 1, on=really)
    assert [until for _since, _planned, until in _rows(site)] == [really, really]


def _disagreeing(site: Site) -> list[object]:
    """Return where the tables and the log tell otherwise."""
    with site.services.database.reading() as session:
        return list(disagreements(session, fold(session, cut(session, as_of=site.clock.at))))
