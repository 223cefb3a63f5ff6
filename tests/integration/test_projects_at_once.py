"""Acts on projects on both databases, one by one and at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from tests.support.agreement import disagreements
from tests.support.office import OFFICE, City, open_city
from tests.support.projects import LISTS
from tests.support.small_evaluation import AFTER, OPENED
from tests.support.together import together
from tracker.domain.errors import TrackerError
from tracker.domain.projects.acts import ConfirmedAlready, Place, ProjectData, ProjectKnown, Seen, Told
from tracker.domain.projects.checklists import Build, Milestone
from tracker.domain.projects.frames import Frame
from tracker.domain.projects.imports import Column, ExportRow
from tracker.domain.scoring.inputs import Month
from tracker.steps.projects import ProjectChanged
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.projects import EVERY_PROJECT, project_ids, projects
from tracker.store.tables.projects import ProjectMilestoneRow, ProjectRow, ProjectValueRow, SiteCheckRow
from tracker.usecases.project_entries import correct_project, enter_project, give_value, place_project, take_project_off
from tracker.usecases.project_exports import Export, put_export, take_export
from tracker.usecases.project_milestones import check_on_site, confirm_reached, tell_reached

SEPTEMBER = Month(2022, 9)
PLACE = Place("shengji", 2022, date(2022, 1, 1), 10_000)
_BY: dict[str, Any] = {"lists": LISTS, "actor": OFFICE, "at": OPENED}  # Any: what acts take by name
_Done = TypeVar("_Done")


def _data(name: str = "甲") -> ProjectData:
    return ProjectData("", name, "yc", Build.REFIT, 10_000, None, None, strategic=False)


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _do(city: City, act: Callable[[Session], _Done]) -> _Done:
    with city.database.transaction() as session:
        return act(session)


def _tried(city: City, act: Callable[[Session], object]) -> type[Exception] | None:
    """Do an act; return how it was refused, None where it was not."""
    try:
        _do(city, act)
    except TrackerError as error:
        return type(error)
    return None


def _enter(city: City, name: str = "甲") -> int:
    enter = partial(enter_project, data=_data(name), place=PLACE, lists=LISTS, actor=OFFICE, at=OPENED)
    return _do(city, enter)


def test_every_act_leaves_records_that_the_log_tells_too(city: City) -> None:
    one = _enter(city)

    def acts(session: Session) -> None:
        correct_project(session, one, _data("甲改"), version=1, reason="更名", **_BY)
        place_project(session, one, PLACE, reason="调整", **_BY)
        take_project_off(session, one, PLACE.list, PLACE.year, on=date(2022, 8, 1), reason="移出", **_BY)
        place_project(session, one, replace(PLACE, back=True), reason="误移", **_BY)
        give_value(session, one, SEPTEMBER, 9, source="平台", reason="", **_BY)
        told = Told(Milestone.FINISHED, date(2022, 9, 1), ())
        tell_reached(session, one, told, **_BY)
        confirm_reached(session, one, Milestone.FINISHED, **_BY)
        seen = Seen(SEPTEMBER, date(2022, 10, 1), False, 5, "未完")
        check_on_site(session, one, seen, photos=[], **_BY)
        frame = Frame("shengji", SEPTEMBER, date(2022, 1, 1), 2022)
        export = Export(frame, "平台", "导出.xlsx", "e" * 64, 9)
        put = put_export(session, export, **_BY)
        rows = [ExportRow(3, "", "甲改", "yc", {Column.INVESTED: 12}), ExportRow(4, "X1", "乙", "sp", {})]
        take_export(session, put, rows, frame=frame, **_BY)

    _do(city, acts)
    with city.database.reading() as session:
        assert list(disagreements(session, fold(session, cut(session, as_of=AFTER)))) == []
        first, second = projects(session, scope=EVERY_PROJECT)
        assert project_ids(session, scope=EVERY_PROJECT) == [first.id, second.id]
    assert {first.name, second.name} == {"甲改", "乙"}


def test_of_two_acts_at_once_on_one_project_one_counts(city: City) -> None:
    one = _enter(city)
    _do(city, partial(tell_reached, project_id=one, told=Told(Milestone.FINISHED, date(2022, 9, 1), ()), **_BY))

    def correct(name: str) -> Callable[[Session], None]:
        return partial(correct_project, project_id=one, data=_data(name), version=1, reason="更名", **_BY)

    confirm = partial(confirm_reached, project_id=one, milestone=Milestone.FINISHED, **_BY)
    give = partial(give_value, project_id=one, month=SEPTEMBER, invested=9, source="平台", reason="", **_BY)
    enter = partial(enter_project, data=_data("新项目"), place=PLACE, **_BY)
    for acts, refusal in (
        ([correct("乙"), correct("丙")], ProjectChanged),
        ([confirm, confirm], ConfirmedAlready),
        ([enter, enter], ProjectKnown),
    ):
        found = together(*(partial(_tried, city, act) for act in acts))
        assert sorted(map(str, found)) == sorted(map(str, (None, refusal)))
    seen = Seen(SEPTEMBER, date(2022, 10, 1), False, 5, "未完")
    check = partial(check_on_site, project_id=one, seen=seen, photos=[], **_BY)
    for act in (give, check):  # the same again is no act
        assert together(*[partial(_tried, city, act)] * 3) == [None, None, None]
    with city.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ProjectValueRow)) == 1
        assert session.scalar(select(func.count()).select_from(SiteCheckRow)) == 1
        assert session.scalar(select(func.count()).select_from(ProjectRow)) == 2
        assert session.scalars(select(col(ProjectMilestoneRow.confirmed_by))).all() == [OFFICE.name]
        assert list(disagreements(session, fold(session, cut(session, as_of=AFTER)))) == []


def test_whoever_comes_second_in_one_instant_is_told_which_project_is_known(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL neither sees what the other is about to write; the index does, and the sentence is the same."""
    one, _other = _enter(city, "甲"), _enter(city, "乙")
    monkeypatch.setattr("tracker.usecases.project_entries._refuse_known", lambda *_told, **_but: None)
    enter = partial(enter_project, data=_data("甲"), place=PLACE, **_BY)
    rename = partial(correct_project, project_id=one, data=_data("乙"), version=1, reason="更名", **_BY)
    assert [_tried(city, enter), _tried(city, rename)] == [ProjectKnown, ProjectKnown]
