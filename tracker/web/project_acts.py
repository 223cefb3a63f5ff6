"""What is done to single projects: entered, corrected, listed, valued, ticked, confirmed, checked on site."""

from collections.abc import Iterable
from datetime import date

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.projects.acts import Place, ProjectData, Seen, Told
from tracker.domain.projects.contradictions import Contradiction, strange_value
from tracker.domain.projects.lists import kept_by, organises
from tracker.domain.projects.records import first_day
from tracker.domain.projects.strange import former_value, strange_found
from tracker.domain.scoring.inputs import Month
from tracker.usecases.project_entries import correct_project, enter_project, give_value, place_project, take_project_off
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
    OffForm,
    ProjectForm,
    ValueForm,
)
from tracker.web.project_listings_told import left_told, placed_told
from tracker.web.project_readers import counties, keeper, kept_project, month_to_tell, own_project, require_list
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
    require_list(form.list)
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
    return _entered(project_id, "项目已登记。")


@pages.post("/projects/<int:project_id>/correct")
@allow(*ACTORS)
def correct(project_id: int) -> ResponseReturnValue:
    project, form = kept_project(project_id, or_statistics=True), read_form(CorrectionForm)
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
    return _entered(project_id, "项目信息已更正。")


@pages.post("/projects/<int:project_id>/place")
@allow(*ACTORS)
def place(project_id: int) -> ResponseReturnValue:
    """Put a project onto a list, or correct since when and with which plan of the year it stands there."""
    project, form = own_project(project_id), read_form(ListingForm)
    require_list(form.list)
    listing = Place(form.list, form.since.year, first_day(form.since), form.planned, form.back)
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
    return _entered(project_id, "项目所在清单已变更。" + placed_told(project, listing))


@pages.post("/projects/<int:project_id>/off")
@allow(*ACTORS)
def take_off(project_id: int) -> ResponseReturnValue:
    """Say from which day a project stands no more on a list of a year."""
    project, form = own_project(project_id), read_form(OffForm)
    found = next((one for one in project.listings if f"{one.list}:{one.year}" == form.listing), None)
    if found is None:
        raise NoSuchChoice(field="清单")
    require_list(found.list)
    with services().database.transaction() as session:
        take_project_off(
            session,
            project_id,
            found.list,
            found.year,
            on=form.off,
            reason=form.reason,
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
        )
    return _entered(project_id, left_told(project, found.list, found.year, form.off))


@pages.post("/projects/<int:project_id>/value")
@allow(*ACTORS)
def value(project_id: int) -> ResponseReturnValue:
    """Say or correct the cumulative investment of a month; what is strange is kept and asked back."""
    project, form = kept_project(project_id), read_form(ValueForm)
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
    asked = _asked_back(strange, "有误的更正，无误的不用再报。")
    return _entered(project_id, f"{month_words(form.month)}累计完成投资已登记。{asked}", month=form.month)


@pages.post("/projects/<int:project_id>/milestone")
@allow(*ACTORS)
def milestone(project_id: int) -> ResponseReturnValue:
    """Say when a project reached a milestone, by the document's standard."""
    kept_project(project_id)
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
    return _entered(project_id, "已登记。日期和标准都核对齐全的才计数。")


@pages.post("/projects/<int:project_id>/confirm")
@allow(*ACTORS)
def confirm(project_id: int) -> ResponseReturnValue:
    """Confirm a milestone 「核查确认」."""
    _organisers_only()
    own_project(project_id)
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
    return _entered(project_id, "已核查确认。")


@pages.get("/projects/<int:project_id>/check")
@allow(*ACTORS)
def check_form(project_id: int) -> ResponseReturnValue:
    _organisers_only()
    project = own_project(project_id)
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
    project, form = own_project(project_id), read_form(CheckForm)
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
    asked = strange_found(project, form.month, form.found) if form.found is not None else ()
    again = _asked_back(asked, "有误的重新登记一次，无误的不用再登记。")
    return _entered(project_id, f"现场核查已登记。{again}", month=form.month)


def _organisers_only() -> None:
    with services().database.reading() as session:
        if not organises(keeper(session), services().project_lists):
            raise NotFound()


def _asked_back(strange: Iterable[Contradiction], then: str) -> str:
    """Ask whoever entered something strange to look at it again; nothing where nothing is."""
    told = "；".join(map(contradiction_words, strange))
    return f"请再核对：{told}。{then}" if told else ""


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


def _entered(project_id: int, words: str, *, month: Month | None = None) -> ResponseReturnValue:
    """End an act: say what was entered, and which kept months, that of the entry or any, do not have it."""
    flash_entered(words, month=month, project=project_id)
    return redirect(url_for("projects.show", project_id=project_id), 303)
