"""Acts on projects and months that begin while another is not over: what each decides by is what holds when it acts."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from tests.support.agreement import disagreements
from tests.support.office import OFFICE, City, open_city
from tests.support.projects import LISTS
from tests.support.small_evaluation import (
    AFTER,
    CHECKING,
    OPENED,
    decided,
    filled,
    in_check,
    keep_small_scheme,
    opened,
    ruling,
)
from tests.support.small_scheme import SMALL_SCHEME
from tests.support.together import await_waiting
from tracker.auditing import month_difference
from tracker.domain.projects.acts import Place, ProjectData, ProjectKnown
from tracker.domain.projects.checklists import Build
from tracker.domain.projects.frames import Frame
from tracker.domain.projects.imports import Column, ExportRow
from tracker.domain.scoring.inputs import Month
from tracker.gateways.schemes import read_scheme
from tracker.steps.decided_months import MonthDecidedAlready
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.projects import EVERY_PROJECT, projects
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.project_entries import enter_project, give_value, take_project_off
from tracker.usecases.project_exports import Export, put_export, take_export
from tracker.usecases.scoring_months import draft_ranking, freeze_month
from tracker.usecases.scoring_rules import decide

_SEPTEMBER = Month(2022, 9)
_PLACE = Place("shengji", 2022, date(2022, 1, 1), 10_000)
_FRAME = Frame("shengji", _SEPTEMBER, date(2022, 1, 1), 2022)
_BY: dict[str, Any] = {"lists": LISTS, "actor": OFFICE, "at": OPENED}  # Any: what acts take by name
_Act = Callable[[Session], object]


@pytest.fixture
def city(request: pytest.FixtureRequest) -> Iterator[City]:
    """A city on PostgreSQL: SQLite lets one writer in at a time."""
    with request.getfixturevalue("spare_postgres").taken() as database:
        yield open_city(database)


def _do(city: City, act: _Act) -> None:
    with city.database.transaction() as session:
        act(session)


def _one_in_the_other(city: City, first: _Act, second: _Act) -> None:
    """Begin the second act while the first is done and not yet over; raises what the second raises."""
    with ThreadPoolExecutor(1) as pool:
        with city.database.transaction() as session:
            first(session)
            session.flush()
            following = pool.submit(_do, city, second)
            await_waiting(city.database, following)
        following.result()


def _export(city: City, told: dict[Column, int]) -> _Act:
    """Put in an export that tells of the one project; return what takes it over."""
    with city.database.transaction() as session:
        put = put_export(session, Export(_FRAME, "平台", "导出.xlsx", "e" * 64, 9), **_BY)
    rows = [ExportRow(3, "", "甲", "yc", told)]
    return partial(take_export, import_id=put, rows=rows, frame=_FRAME, **_BY)


@pytest.mark.parametrize("export_first", [True, False])
@pytest.mark.parametrize("what", ["value", "place"])
def test_an_export_and_a_form_at_once_leave_what_the_later_one_said(city: City, what: str, export_first: bool) -> None:
    """What only one of both changed must not stay of the other beside what its own event tells."""
    with city.database.transaction() as session:
        data = ProjectData("", "甲", "yc", Build.REFIT, 10_000, None, None, strategic=False)
        id_ = enter_project(session, data, _PLACE, **_BY)
        give_value(session, id_, _SEPTEMBER, 100, source="甲", reason="", **_BY)
    if what == "value":
        form: _Act = partial(
            give_value, project_id=id_, month=_SEPTEMBER, invested=100, source="乙", reason="更正", **_BY
        )
        export = _export(city, {Column.INVESTED: 200})
    else:
        gone = date(2022, 9, 9)
        form = partial(take_project_off, project_id=id_, code="shengji", year=2022, on=gone, reason="移出", **_BY)
        export = _export(city, {Column.PLANNED: 30_000})
    _one_in_the_other(city, *((export, form) if export_first else (form, export)))
    with city.database.reading() as session:
        assert list(disagreements(session, fold(session, cut(session, as_of=AFTER)))) == []
        (project,) = projects(session, scope=EVERY_PROJECT)
    (listing,) = project.listings
    assert project.values[_SEPTEMBER] == (200 if what == "value" and not export_first else 100)
    if what == "place":
        assert (listing.planned, listing.until) == (30_000 if export_first else 10_000, gone), "it does not come back"


def test_no_changed_decision_comes_between_what_is_drafted_and_its_draft(city: City) -> None:
    worked = opened(city)
    decided(city)
    filled(worked)
    draft = partial(draft_ranking, month_id=worked.month_id, read=read_scheme, actor=OFFICE, at=CHECKING)
    changed = ruling("over-full", "total", seen=1, first_month="2022-09")
    with pytest.raises(MonthDecidedAlready):
        _one_in_the_other(city, draft, partial(decide, ruling=changed, read=read_scheme, actor=OFFICE, at=CHECKING))


def test_what_is_being_decided_is_in_the_kept_month_or_decided_after_it(city: City) -> None:
    """Decisions by two versions of the rules do not wait for each other, so that the earlier may come to hold later."""
    worked = in_check(city)
    act: dict[str, Any] = {"read": read_scheme, "actor": OFFICE, "at": AFTER}
    freeze = partial(freeze_month, month_id=worked.month_id, lists=LISTS, **act)
    with ThreadPoolExecutor(1) as pool:
        with city.database.transaction() as session:
            decide(session, ruling("issuer", "group"), **act)
            _do(city, partial(keep_small_scheme, content=f"{SMALL_SCHEME}\n# 新版\n"))
            _do(city, partial(decide, ruling=ruling("ties", "skip", seen=1, first_month="2022-11"), **act))
            following = pool.submit(_do, city, freeze)
            await_waiting(city.database, following)
        following.result()
    with city.database.reading() as session:
        assert month_difference(session, session.get_one(ScoreMonthRow, worked.month_id)) is None, (
            "it is computed again to the byte"
        )


def test_of_two_exports_that_enter_one_project_at_once_the_second_is_told_which_is_known(city: City) -> None:
    first, second = _export(city, {Column.INVESTED: 200}), _export(city, {Column.INVESTED: 300})
    with pytest.raises(ProjectKnown) as refused:
        _one_in_the_other(city, first, second)
    assert refused.value.facts == {"name": "甲"}
