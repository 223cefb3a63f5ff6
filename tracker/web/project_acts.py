"""What is done to single projects: entered, corrected, listed, valued, ticked, confirmed, checked on site."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.projects.acts import Place, ProjectData, Seen, Told
from tracker.domain.projects.contradictions import strange_value
from tracker.domain.projects.lists import keeps_any, kept_by, organises, says_statistics
from tracker.domain.projects.records import Project, first_day
from tracker.domain.projects.strange import former_value
from tracker.domain.scoring.inputs import Month
from tracker.store.queries.projects import projects
from tracker.usecases.project_entries import correct_project, enter_project, give_value, place_project
from tracker.usecases.project_milestones import check_on_site, confirm_reached, tell_reached
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.form_fields import NoSuchChoice
from tracker.web.forms import RefusedForm, read_form
from tracker.web.parts import sent_fields, sent_files
from tracker.web.project_forms import (
    CheckForm,
    ConfirmForm,
    CorrectionForm,
    ListingForm,
    MilestoneForm,
    NewProjectForm,
    ProjectForm,
    ValueForm,
)
from tracker.web.project_readers import counties, keeper, month_to_tell, scope
from tracker.web.projects import list_names
from tracker.web.scoring_since import flash_entered
from tracker.web.uploads import DeclarationMissing, is_declared, receive_each
from tracker.wording.projects import BUILD_NAMES, contradiction_words, month_words
from tracker.wording.refusals import sentence

pages = Blueprint("project_acts", __name__)
ACTORS = UNITS | {Role.SUPERVISOR}


@pages.get("/projects/new")
@allow(*ACTORS)
def form() -> ResponseReturnValue:
    with services().database.reading() as session:
        own = kept_by(keeper(session), services().project_lists)
        names = {code: unit.short_name for code, unit in counties(session).items()}
        month = month_to_tell(session)
    if not own:
        raise NotFound()
    return render_template(
        "web/projects/new.html", own_lists=list_names(own), counties=names, builds=BUILD_NAMES, month=month
    )


@pages.post("/projects")
@allow(*ACTORS)
def enter() -> ResponseReturnValue:
    form = read_form(NewProjectForm)
    _keeps(form.list)
    with services().database.reading() as session:
        if form.county not in counties(session):
            raise NoSuchChoice(field="县区")
    place = Place(form.list, form.since.year, first_day(form.since), form.planned)
    with services().database.transaction() as session:
        project_id = enter_project(
            session,
            _data(form, form.county),
            place,
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
        )
    flash("项目已登记。")
    return _back(project_id)


@pages.post("/projects/<int:project_id>/correct")
@allow(*ACTORS)
def correct(project_id: int) -> ResponseReturnValue:
    project, form = _kept(project_id, or_statistics=True), read_form(CorrectionForm)
    with services().database.transaction() as session:
        correct_project(
            session,
            project_id,
            _data(form, project.unit),
            version=form.version,
            reason=form.reason,
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
        )
    flash("项目信息已更正。")
    return _back(project_id)


@pages.post("/projects/<int:project_id>/place")
@allow(*ACTORS)
def place(project_id: int) -> ResponseReturnValue:
    """Put a project onto a list, correct its plan of the year there, or take it off."""
    _own(project_id)
    form = read_form(ListingForm)
    _keeps(form.list)
    listing = Place(form.list, form.since.year, first_day(form.since), form.planned, form.off)
    with services().database.transaction() as session:
        place_project(
            session,
            project_id,
            listing,
            reason=form.reason,
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
        )
    flash("项目所在清单已变更。")
    return _back(project_id)


@pages.post("/projects/<int:project_id>/value")
@allow(*ACTORS)
def value(project_id: int) -> ResponseReturnValue:
    """Say or correct the cumulative investment of a month; what is strange is kept and asked back."""
    project, form = _kept(project_id), read_form(ValueForm)
    with services().database.transaction() as session:
        give_value(
            session,
            project_id,
            form.month,
            form.invested,
            source=form.source,
            reason=form.reason,
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
        )
    before = former[1] if (former := former_value(project, form.month)) else None
    strange = strange_value(form.invested, form.month, before=before, total=project.total)
    asked = f"请再核对：{'；'.join(map(contradiction_words, strange))}。有误的更正，无误的不用再报。" if strange else ""
    flash_entered(f"{month_words(form.month)}累计完成投资已登记。{asked}", month=form.month)
    return _back(project_id)


@pages.post("/projects/<int:project_id>/milestone")
@allow(*ACTORS)
def milestone(project_id: int) -> ResponseReturnValue:
    """Say when a project reached a milestone, by the document's standard."""
    _kept(project_id)
    form = read_form(MilestoneForm)
    ticks = tuple((tick, sent_fields().get(f"evidence-{tick}", "")) for tick in form.tick)
    with services().database.transaction() as session:
        tell_reached(
            session,
            project_id,
            Told(form.milestone, form.on, ticks),
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
        )
    flash_entered("已登记。日期和标准都核对齐全的才计数。")
    return _back(project_id)


@pages.post("/projects/<int:project_id>/confirm")
@allow(*ACTORS)
def confirm(project_id: int) -> ResponseReturnValue:
    """Confirm a milestone 「核查确认」."""
    _organisers_only()
    _own(project_id)
    form = read_form(ConfirmForm)
    with services().database.transaction() as session:
        confirm_reached(
            session,
            project_id,
            form.milestone,
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
        )
    flash_entered("已核查确认。")
    return _back(project_id)


@pages.get("/projects/<int:project_id>/check")
@allow(*ACTORS)
def check_form(project_id: int) -> ResponseReturnValue:
    _organisers_only()
    project = _own(project_id)
    with services().database.reading() as session:
        county, month = counties(session)[project.unit].short_name, month_to_tell(session)
    today = local_day(services().clock.now())
    last = project.value_at(month)
    return render_template(
        "web/projects/check.html", project=project, county=county, last=last, today=today, month=month
    )


@pages.post("/projects/<int:project_id>/check")
@allow(*ACTORS)
def check(project_id: int) -> ResponseReturnValue:
    """Record what was found on site; photos that are refused refuse the whole form."""
    _organisers_only()
    _own(project_id)
    form = read_form(CheckForm)
    if form.verdict not in ("true", "false"):
        raise NoSuchChoice(field="核查结果")
    uploads = [upload for upload in sent_files().getlist("photo") if upload.filename]
    if uploads and not is_declared():
        raise DeclarationMissing()
    good, faults = receive_each(uploads, None)
    if faults:
        raise RefusedForm({"photo": "".join(sentence(fault) for fault in faults)})
    with services().database.transaction() as session:
        check_on_site(
            session,
            project_id,
            Seen(form.month, form.day, form.verdict == "true", form.found, form.words),
            photos=list(good.values()),
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
        )
    flash_entered("现场核查已登记。", month=form.month)
    return _back(project_id)


def _organisers_only() -> None:
    with services().database.reading() as session:
        if not organises(keeper(session), services().project_lists):
            raise NotFound()


def _own(project_id: int) -> Project:
    """Return a project that the viewer may read: what he may not is not there."""
    with services().database.reading() as session:
        found = projects(session, scope=scope(session), ids=[project_id])
    if not found:
        raise NotFound()
    return found[0]


def _keeps(code: str) -> None:
    """Look whether the viewer keeps a list: to anybody else it is none."""
    with services().database.reading() as session:
        if code not in {one.code for one in kept_by(keeper(session), services().project_lists)}:
            raise NotFound()


def _kept(project_id: int, *, or_statistics: bool = False) -> Project:
    """Return a project that the viewer enters and corrects: to anybody else there is no such way."""
    project, lists = _own(project_id), services().project_lists
    codes = {one.list for one in project.listings if one.until is None}
    with services().database.reading() as session:
        who = keeper(session)
    if not keeps_any(who, lists, codes=codes) and not (or_statistics and says_statistics(who, lists)):
        raise NotFound()
    return project


def _data(form: ProjectForm, county: str) -> ProjectData:
    return ProjectData(
        form.code,
        form.name,
        county,
        form.build,
        form.total,
        _day(form.planned_start),
        _day(form.planned_finish),
        form.strategic,
        form.in_statistics,
    )


def _day(month: Month | None) -> date | None:
    return first_day(month) if month else None


def _back(project_id: int) -> ResponseReturnValue:
    return redirect(url_for("projects.show", project_id=project_id), 303)
