"""The list of projects and what is counted from a list say the same of who stands on it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.support.databases import fresh_sqlite
from tests.support.office import OFFICE
from tests.support.project_pages import words
from tests.support.projects import LISTS
from tests.support.site import Site
from tracker.domain.projects.acts import Place, ProjectData, Told
from tracker.domain.projects.checklists import Build, Milestone
from tracker.domain.projects.counting import counted
from tracker.domain.projects.lists import ProjectList
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.scheme import Cohort, Figure, Measure, Window
from tracker.store.database import Database
from tracker.store.queries.projects import EVERY_PROJECT, project_ids, projects
from tracker.usecases.project_entries import enter_project, place_project, take_project_off
from tracker.usecases.project_milestones import tell_reached

_BOTH, _OLD, _NEW, _LEFT, _FORMER = "甲两年", "乙上年", "丙本年", "丁移出", "戊上年移出"
_MONTHS = (Month(2021, 12), Month(2022, 1), Month(2022, 7), Month(2022, 8), Month(2023, 1))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    _enter(made, made.services.database)
    return made


def _enter(site: Site, database: Database) -> None:
    actor, at = site.city.liaison("swj"), site.clock.at
    told = {
        _BOTH: ((2021, None), (2022, None)),
        _OLD: ((2021, None),),
        _NEW: ((2022, None),),
        _LEFT: ((2021, None), (2022, date(2022, 8, 20))),
        _FORMER: ((2021, date(2021, 12, 1)),),
    }
    for name, rows in told.items():
        data = ProjectData("", name, "yc", Build.REFIT, 10_000, None, None, strategic=False)
        places = [Place("waizi", year, date(year, 3, 1), year) for year, _ in rows]
        with database.transaction() as session:
            id_ = enter_project(session, data, places[0], lists=LISTS, actor=actor, at=at)
            for place in places[1:]:
                place_project(session, id_, place, reason="列入", lists=LISTS, actor=actor, at=at)
            for year, gone in rows:
                if gone:
                    take_project_off(
                        session, id_, "waizi", year, on=gone, reason="移出", lists=LISTS, actor=actor, at=at
                    )


def _listed(site: Site, name: str, *places: Place, planned_start: date | None = None) -> None:
    """Enter a project that its keepers put onto several lists."""
    data = ProjectData("", name, "yc", Build.REFIT, 10_000, planned_start, None, strategic=False)
    by = {"lists": LISTS, "at": site.clock.at}
    with site.services.database.transaction() as session:
        keepers = [OFFICE if one.list == "shengji" else site.city.liaison("swj") for one in places]
        id_ = enter_project(session, data, places[0], actor=keepers[0], **by)  # type: ignore[arg-type]  # by name
        for place, keeper in zip(places[1:], keepers[1:], strict=True):
            place_project(session, id_, place, reason="列入", actor=keeper, **by)  # type: ignore[arg-type]  # by name
        if planned_start:
            ticks = (("equipment_there", "到货单"),)
            told = Told(Milestone.STARTED, planned_start, ticks)
            tell_reached(session, id_, told, actor=keepers[0], **by)  # type: ignore[arg-type]  # by name


def _line(site: Site, name: str, **asked: str) -> str:
    """Return what the list of projects says of one; empty where it has none."""
    with site.client("office") as client:
        page = words(client.get("/projects", query_string={"month": "2022-08", **asked}))
    return next((row for row in page.split("<tr ") if name in row), "")


def test_a_project_is_due_by_the_list_that_is_asked(site: Site) -> None:
    """Its start is told, and confirmed by nobody: only the list that asks for that misses it."""
    places = (Place("waizi", 2022, date(2022, 1, 1), None), Place("shengji", 2022, date(2022, 1, 1), None))
    _listed(site, "己两份", *places, planned_start=date(2022, 8, 1))
    due = {code: "己两份" in _line(site, "己两份", list=code, state="due_start") for code in ("waizi", "shengji", "")}
    assert due == {"waizi": False, "shengji": True, "": True}


def test_the_list_of_projects_names_no_list_of_an_earlier_year_and_no_plan_of_one(site: Site) -> None:
    for name, year in (("庚上年", 2021), ("辛本年", 2022)):
        places = [Place(code, year, date(year, 1, 1), 77_770_000) for code in ("waizi", "shengji")]
        _listed(site, name, *places)
        line = _line(site, name)
        assert ("省级重点项目" in line, "7777" in line) == (year == 2022, year == 2022), name
        assert "重点外资项目" in line, "he stands there until he is taken off"


def _lists() -> Iterator[tuple[ProjectList, Cohort]]:
    standing = LISTS.need("waizi")
    yield standing, Cohort("c", "waizi")
    yield replace(standing, yearly=True), Cohort("c", "waizi", 0)


def test_of_a_list_with_a_year_and_of_one_without_the_page_asks_as_the_count_does(site: Site) -> None:
    figure = Figure("f", "个数", "个", Window.TO_MONTH_END, "c", Measure.PROJECTS, ())
    found = set()
    with site.services.database.reading() as session:
        known = projects(session, scope=EVERY_PROJECT)
        for wanted, cohort in _lists():
            lists = replace(LISTS, lists=(wanted,))
            for month in _MONTHS:
                told = counted(figure, known, cohort=cohort, lists=lists, month=month).projects
                asked = project_ids(session, scope=EVERY_PROJECT, stands_on=(wanted, month))
                assert sorted(asked) == list(told), (wanted.yearly, month)
                assert projects(session, scope=EVERY_PROJECT, stands_on=(wanted, month)) == [
                    one for one in known if one.id in told
                ]
                found.add(told)
    assert len(found) >= 5


@pytest.mark.parametrize(
    ("month", "there", "gone"),
    [
        ("2022-01", {_BOTH, _OLD, _LEFT}, {_NEW, _FORMER}),
        ("2022-07", {_BOTH, _OLD, _NEW, _LEFT}, {_FORMER}),
        ("2022-08", {_BOTH, _OLD, _NEW}, {_LEFT, _FORMER}),
    ],
)
def test_the_page_of_a_list_has_whoever_stands_on_it(site: Site, month: str, there: set[str], gone: set[str]) -> None:
    with site.client("swj") as client:
        for state in ("", "&state=not_started"):
            told = words(client.get(f"/projects?list=waizi&month={month}{state}"))
            assert {name for name in there | gone if name in told} == there
        every = words(client.get(f"/projects?month={month}"))
        assert all(name in every for name in there | gone)
        assert every.count('data-label="清单">—<') == len(gone), "the list that it left is none of its"
