"""How each act on projects is done to that of 市商务局's list, whoever does it."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from tests.support.projects import LISTS
from tests.support.two_bureaus import NOW, OURS, TwoBureaus
from tracker.domain.accounts import Actor
from tracker.domain.projects.acts import Place, ProjectData, Seen, Told
from tracker.domain.projects.checklists import Build, Milestone
from tracker.domain.projects.frames import Frame
from tracker.domain.projects.imports import ExportRow
from tracker.domain.scoring.inputs import Month
from tracker.store.tables.projects import ProjectRow
from tracker.usecases.project_entries import correct_project, enter_project, give_value, place_project, take_project_off
from tracker.usecases.project_exports import Export, put_export, take_export
from tracker.usecases.project_milestones import check_on_site, confirm_reached, tell_reached

AUGUST, PLACE = Month(2022, 8), Place("waizi", 2022, date(2022, 1, 1), 7)
DATA = ProjectData("NEW", "新项目", "yc", Build.REFIT, None, None, None, strategic=False)
FRAME = Frame("waizi", AUGUST, date(2022, 1, 1), None)
FINISHED = Told(Milestone.FINISHED, date(2022, 9, 1), ())


def enter(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return enter_project(session, DATA, PLACE, lists=LISTS, actor=actor, at=NOW)


def correct(city: TwoBureaus, session: Session, actor: Actor) -> object:
    project_id = city.of(OURS, "project")
    data = replace(DATA, code="swj", in_statistics=date(2022, 8, 1))
    version = session.get_one(ProjectRow, project_id).version
    correct_project(session, project_id, data, version=version, reason="核对", lists=LISTS, actor=actor, at=NOW)
    return None


def place(city: TwoBureaus, session: Session, actor: Actor) -> object:
    place_project(session, city.of(OURS, "project"), PLACE, reason="调整", lists=LISTS, actor=actor, at=NOW)
    return None


def take_off(city: TwoBureaus, session: Session, actor: Actor) -> object:
    project_id, gone = city.of(OURS, "project"), date(2022, 9, 1)
    take_project_off(
        session, project_id, PLACE.list, PLACE.year, on=gone, reason="移出", lists=LISTS, actor=actor, at=NOW
    )
    return None


def value(city: TwoBureaus, session: Session, actor: Actor) -> object:
    project_id = city.of(OURS, "project")
    give_value(session, project_id, AUGUST, 9, source="平台", reason="", lists=LISTS, actor=actor, at=NOW)
    return None


def reach(city: TwoBureaus, session: Session, actor: Actor) -> object:
    tell_reached(session, city.of(OURS, "project"), FINISHED, lists=LISTS, actor=actor, at=NOW)
    return None


def reached(city: TwoBureaus, session: Session) -> object:
    return reach(city, session, city.actor("swj"))


def confirm(city: TwoBureaus, session: Session, actor: Actor) -> object:
    confirm_reached(session, city.of(OURS, "project"), Milestone.FINISHED, lists=LISTS, actor=actor, at=NOW)
    return None


def check(city: TwoBureaus, session: Session, actor: Actor) -> object:
    seen = Seen(AUGUST, date(2022, 9, 2), True, None, "")
    return check_on_site(session, city.of(OURS, "project"), seen, photos=[], lists=LISTS, actor=actor, at=NOW)


def put(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    export = Export(FRAME, "平台", "导出.xlsx", "e" * 64, 9)
    return put_export(session, export, lists=LISTS, actor=actor, at=NOW)


def take(city: TwoBureaus, session: Session, actor: Actor) -> object:
    rows = [ExportRow(3, "X1", "导入的项目", "yc", {})]
    return take_export(session, city.of(OURS, "import"), rows, frame=FRAME, lists=LISTS, actor=actor, at=NOW)
