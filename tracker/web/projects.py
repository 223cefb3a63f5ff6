"""Projects that are evaluated 「重点项目」: the list with its filters, a project with its history, its photos."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.downloads import Fetched
from tracker.domain.errors import NotFound
from tracker.domain.projects.checklists import Milestone, checklist
from tracker.domain.projects.contradictions import contradictions
from tracker.domain.projects.counting import not_done_when_due
from tracker.domain.projects.lists import ProjectList, keeps_any, kept_by, organises, says_statistics
from tracker.domain.projects.records import Listing, Project, answered_lists, last_day, newest, standing
from tracker.domain.scoring.inputs import Month
from tracker.gateways.ledger_files import Cell
from tracker.store.queries.projects import (
    beside_project,
    project_ids,
    projects,
    site_photo,
    unit_id_of,
)
from tracker.web.access import EVERYBODY, allow, services
from tracker.web.downloads import send_kept
from tracker.web.list_exports import send_list
from tracker.web.paging import Paging, paging
from tracker.web.project_forms import NotAMonth, read_month
from tracker.web.project_readers import counties, keeper, last_month, month_to_tell, scope, this_month
from tracker.wording.projects import (
    BUILD_NAMES,
    COLUMN_WORDS,
    MILESTONE_NAMES,
    TICK_WORDS,
    contradiction_words,
    money_words,
    month_words,
    told_words,
)

pages = Blueprint("projects", __name__)
READERS = EVERYBODY - {Role.READER}
_PAGE = 50
_COLUMNS = {
    "序号": 6,
    "项目代码": 24,
    "项目名称": 50,
    "县区": 16,
    "清单": 30,
    "建设类别": 16,
    "总投资（万元）": 16,
    "年度计划投资（万元）": 18,
    "累计完成投资（万元）": 18,
    "计划开工": 12,
    "计划竣工": 12,
    "开工": 14,
    "竣工": 14,
    "投产": 14,
    "达效": 14,
    "须核对": 60,
}
STATES: Mapping[str, str] = {
    "started": "已开工",
    "not_started": "未开工",
    "finished": "已竣工",
    "in_production": "已投产",
    "at_capacity": "已达效",
    "due_start": "应开未开",
    "due_finish": "应竣未竣",
    "flagged": "数据有矛盾",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A project as the list shows it, as of a month."""

    project: Project
    county: str
    lists: tuple[str, ...]
    planned: int | None
    invested: tuple[Month, int] | None
    reached: Mapping[str, str]
    flags: tuple[tuple[str, bool], ...]
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """What the address asks of the list; what nobody can mean is as if it were not asked."""

    month: Month
    list: str
    county: str
    state: str


@pages.app_context_processor
def _words() -> dict[str, object]:
    return {"money": money_words, "month_words": month_words}


def _question() -> Question:
    asked = request.args
    try:
        month = read_month(asked.get("month", ""), field="")
    except NotAMonth:
        month = last_month()
    state = asked.get("state", "")
    return Question(month, asked.get("list", ""), asked.get("county", ""), state if state in STATES else "")


def _lines(session: Session, question: Question, *, ids: Collection[int] | None = None) -> list[Line]:
    names = {code: unit.short_name for code, unit in counties(session).items()}
    lists, stands_on = services().project_lists, _stands_on(question)
    found = projects(session, scope=scope(session), stands_on=stands_on if ids is None else None, ids=ids)
    found = [one for one in found if question.county in ("", one.unit)]
    due = {
        state: {
            one.id
            for wanted in lists.lists
            if wanted.code == question.list or not stands_on
            for one in not_done_when_due(
                found,
                wanted,
                of_year=wanted.of_year(question.month.year),
                milestone=milestone,
                month=question.month,
                only_this_month=False,
            )
        }
        for state, milestone in (("due_start", Milestone.STARTED), ("due_finish", Milestone.FINISHED))
    }
    lines = [_line(one, names, question, {state for state, ids in due.items() if one.id in ids}) for one in found]
    return [line for line in lines if not question.state or question.state in line.states]


def _page(session: Session, question: Question) -> tuple[list[Line], Paging]:
    """Return the lines of the page that is asked for, and which part of the list they are.

    A situation is known only of whole records; without one, only those of the page are read.
    """
    if question.state:
        lines = _lines(session, question)
        part = paging(len(lines), size=_PAGE)
        return part.cut(lines), part
    county = counties(session).get(question.county)
    if question.county and county is None:
        return [], paging(0, size=_PAGE)
    unit_id = unit_id_of(session, question.county) if county else None
    ids = project_ids(session, scope=scope(session), stands_on=_stands_on(question), unit_id=unit_id)
    part = paging(len(ids), size=_PAGE)
    return _lines(session, question, ids=part.cut(ids)), part


def _stands_on(question: Question) -> tuple[ProjectList, Month] | None:
    wanted = services().project_lists.get(question.list)
    return (wanted, question.month) if wanted else None


def _line(project: Project, names: Mapping[str, str], question: Question, due: set[str]) -> Line:
    month, lists = question.month, services().project_lists
    codes = list(dict.fromkeys(one.list for one in project.listings))
    flags = [(contradiction_words(one), one.only_pointed_at) for one in contradictions(project, until=month)]
    days = {one: day for one in Milestone if (day := project.reached_on(one)) and day <= last_day(month)}
    states = {one.value for one in days} | due | ({"not_started"} if Milestone.STARTED not in days else set())
    if any(not pointed for _, pointed in flags):
        states.add("flagged")
    return Line(
        project,
        names.get(project.unit, project.unit),
        tuple(
            one.name
            for one in lists.lists
            if standing(project.listings, one.code, on=last_day(month), year=one.of_year(month.year))
        ),
        _planned(project.listings, codes, question),
        project.value_at(month),
        {one.value: told_words(day, None) for one, day in days.items()},
        tuple(flags),
        frozenset(states),
    )


def _planned(listings: Sequence[Listing], codes: Iterable[str], question: Question) -> int | None:
    month = question.month
    asked = [code for code in codes if question.list in ("", code)]
    of_year = [standing(listings, code, on=last_day(month), year=month.year) for code in asked]
    chosen = [one.planned for one in of_year if one and one.planned is not None]
    return chosen[0] if chosen else None


@pages.get("/projects")
@allow(*READERS)
def index() -> ResponseReturnValue:
    question, lists = _question(), services().project_lists
    with services().database.reading() as session:
        lines, part = _page(session, question)
        who = keeper(session)
        names = {code: unit.short_name for code, unit in counties(session).items()}
    return render_template(
        "web/projects/list.html",
        lines=lines,
        question=question,
        lists=lists.lists,
        counties=names,
        states=STATES,
        milestones=MILESTONE_NAMES,
        keeps=bool(kept_by(who, lists)),
        document=lists.document,
        paging=part,
        total=part.total,
    )


@pages.get("/projects.xlsx")
@allow(*READERS)
def as_workbook() -> ResponseReturnValue:
    """Send the projects that the page's filters let through."""
    with services().database.reading() as session:
        lines = _lines(session, _question())
    return send_list("重点项目", _COLUMNS, map(_row, lines))


def _row(line: Line) -> Sequence[Cell]:
    project = line.project
    plans = (told_words(day, None) if day else "" for day in (project.planned_start, project.planned_finish))
    money = (project.total, line.planned, line.invested[1] if line.invested else None)
    return (
        project.code,
        project.name,
        line.county,
        "、".join(line.lists),
        BUILD_NAMES[project.build],
        *(money_words(amount) for amount in money),
        *plans,
        *(line.reached.get(one.value, "") for one in Milestone),
        "；".join(words for words, _ in line.flags),
    )


@pages.get("/projects/<int:project_id>")
@allow(*READERS)
def show(project_id: int) -> ResponseReturnValue:
    lists = services().project_lists
    with services().database.reading() as session:
        found, who = projects(session, scope=scope(session), ids=[project_id]), keeper(session)
        beside, month = beside_project(session, project_id, scope=scope(session)), month_to_tell(session)
    if not found or beside is None:
        raise NotFound()
    project = found[0]
    codes = answered_lists(project.listings, today=local_day(services().clock.now()))
    own = kept_by(who, lists)
    return render_template(
        "web/projects/show.html",
        project=project,
        beside=beside,
        checks_held={one.id: one for one in project.last_checks.values()},
        flags=[(contradiction_words(one), one.only_pointed_at) for one in contradictions(project, until=this_month())],
        lists={one.code: one for one in lists.lists},
        own_lists=own,
        own_listings=_to_take_off(project, own),
        may_keep=keeps_any(who, lists, codes=codes),
        may_check=organises(who, lists),
        may_date=says_statistics(who, lists),
        builds=BUILD_NAMES,
        milestones=MILESTONE_NAMES,
        checklists={one: checklist(one, project.build) for one in Milestone},
        tick_words=TICK_WORDS,
        ticked={one: {tick["tick"]: tick for tick in row.ticks} for one, row in beside.milestones.items()},
        columns={one.value: words for one, words in COLUMN_WORDS.items()},
        month=month,
    )


def _to_take_off(project: Project, own: Sequence[ProjectList]) -> list[Listing]:
    """Return the rows of lists that the viewer keeps, a year's last: those nobody ended first, the newest first."""
    codes, known = {one.code for one in own}, project.listings
    found = [one for one in known if one.list in codes and newest(known, one.list, year=one.year) is one]
    return sorted(found, key=lambda one: (one.until is not None, -one.year))


@pages.get("/projects/photos/<int:photo_id>")
@allow(*READERS)
def photo(photo_id: int) -> ResponseReturnValue:
    """Send a file that was taken on site of a project that the viewer may read."""
    with services().database.reading() as session:
        found = site_photo(session, photo_id, scope=scope(session))
    if found is None:
        raise NotFound()
    return send_kept(found.sha256, name=found.name, media_type=found.media_type, what=Fetched.SITE_PHOTO, of=photo_id)


def list_names(chosen: Sequence[ProjectList]) -> dict[str, str]:
    """Return lists by their codes as a form offers them."""
    return {one.code: one.name for one in chosen}
