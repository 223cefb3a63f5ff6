"""The Flask application: factory only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from tracker.domain.accounts import Actor, Role
from tracker.domain.calendar import local_day
from tracker.domain.entered import number_text
from tracker.services import Services
from tracker.store.queries.addressees import HEARING_ROLES
from tracker.store.queries.reminders import count_unread
from tracker.web import (
    acts,
    calendar,
    circular_files,
    circular_templates,
    circulars,
    desk,
    documents,
    drafts,
    evidence,
    filing,
    health,
    late_registration,
    ledgers,
    login,
    news,
    nobody,
    notices,
    objections,
    outages,
    overdue,
    overview,
    questions,
    reminders,
    review,
    schedules,
    sign_off,
    tasks,
    today,
    units,
    verifying,
)
from tracker.web.access import guard
from tracker.web.access import services as present_services
from tracker.web.clocks import shown_light
from tracker.web.conflicts import conflict
from tracker.web.errors import RowId, answer_errors
from tracker.web.presentation import clock_words, date_words
from tracker.web.request_log import LoggedFlask, log_requests
from tracker.web.seen import seen_field
from tracker.wording import catalogue
from tracker.wording import form_options as form_words
from tracker.wording.codes import (
    CIRCULAR_NAMES,
    EDITION_STATES,
    LEGACY_PERIOD_STATES,
    RETURN_REASONS,
    STATE_NAMES,
    cadence_words,
)
from tracker.wording.digests import heading_name
from tracker.wording.endings import nothing_leaves_words, stayed_words
from tracker.wording.moments import day_words, due_words, inclusive
from tracker.wording.notices import reminder_name
from tracker.wording.periods import period_label
from tracker.wording.quoting import stopped
from tracker.wording.work import WORK_NAMES, lead_opinion_words, month_day, work_sentence

_LARGEST_REQUEST_BYTES = 60 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    endpoint: str
    name: str


_DOCUMENTS = (("documents.index", "文件"), ("circulars.index", "通报"))
_OVERDUE = ("overdue.show", "逾期")
_NOTICES = ("notices.show", "消息")
_NAVIGATION = {
    Role.LIAISON: (("today.show", "今天"), _OVERDUE, _NOTICES, *_DOCUMENTS),
    Role.UNIT_HEAD: (("sign_off.queue", "待我审签"), _OVERDUE, _NOTICES, *_DOCUMENTS),
    Role.SUPERVISOR: (
        ("desk.show", "督查台"),
        ("review.queue", "审核队列"),
        ("overview.show", "全貌"),
        _OVERDUE,
        _NOTICES,
        ("questions.index", "待明确"),
        ("reminders.show", "提醒台账"),
        ("units.index", "单位"),
        ("calendar.show", "工作日历"),
        *_DOCUMENTS,
    ),
    Role.LEADER: (
        ("desk.show", "督查台"),
        ("review.leader", "待我批"),
        ("overview.show", "全貌"),
        _OVERDUE,
        *_DOCUMENTS,
    ),
    Role.READER: tuple(reversed(_DOCUMENTS)),
}


def create_app(services: Services) -> Flask:
    """Build the application on the given services."""
    app = LoggedFlask("tracker.web", template_folder="../../templates")
    app.config["SECRET_KEY"] = services.settings.secret_key
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST_BYTES
    app.extensions["tracker"] = services
    app.url_map.converters["int"] = RowId
    app.jinja_env.undefined = StrictUndefined
    _add_filters(app)
    _add_layout(app)
    log_requests(app)
    CSRFProtect(app)
    guard(app)
    answer_errors(app)
    for feature in (
        login,
        today,
        filing,
        news,
        sign_off,
        overdue,
        review,
        desk,
        overview,
        questions,
        documents,
        drafts,
        ledgers,
        tasks,
        evidence,
        circular_templates,
        circular_files,
        circulars,
        nobody,
        notices,
        reminders,
        calendar,
        outages,
        health,
        acts,
        objections,
        schedules,
        units,
        late_registration,
        verifying,
    ):
        app.register_blueprint(feature.pages)
    return app


def _today() -> date:
    return local_day(present_services().clock.now())


def _computed_day(day: date) -> str:
    """Write a day that the calendar gave; one of a year without a notice is marked as estimated."""
    return day_words(day, today=_today(), estimated=present_services().calendar.is_estimated(day))


def _add_filters(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=_computed_day,
        printed_day=lambda day: day_words(day, today=_today()),
        clock=clock_words,
        period=period_label,
        number=number_text,
        report_kind=catalogue.REPORT_KINDS.__getitem__,
        report_state=catalogue.REPORT_STATES.__getitem__,
        nil_reason=catalogue.NIL_REASONS.__getitem__,
        lead_basis=catalogue.LEAD_BASES.__getitem__,
        basis=catalogue.BASES.__getitem__,
        cadence=catalogue.CADENCES.__getitem__,
        channel=catalogue.CHANNELS.__getitem__,
        reminder_state=catalogue.REMINDER_STATES.__getitem__,
        reminder_kind=reminder_name,
        heading=heading_name,
        change=catalogue.CHANGES.__getitem__,
        obstacle=catalogue.OBSTACLES.__getitem__,
        doubt=catalogue.DOUBTS.__getitem__,
        event=catalogue.EVENTS.__getitem__,
        task_state=lambda code: STATE_NAMES["task", code],
        filing_kind=catalogue.FILING_KINDS.__getitem__,
        standing=catalogue.STANDINGS.__getitem__,
        claim=catalogue.CLAIMS.__getitem__,
        cause=catalogue.CAUSES.__getitem__,
        outcome=catalogue.OUTCOMES.__getitem__,
        return_reason=RETURN_REASONS.__getitem__,
        request_kind=catalogue.REQUEST_KINDS.__getitem__,
        paper=catalogue.PAPERS.__getitem__,
        paper_colour=catalogue.PAPER_COLOURS.__getitem__,
        bearer=catalogue.BEARERS.__getitem__,
        measure=catalogue.MEASURES.__getitem__,
        topic=catalogue.TOPICS.__getitem__,
        op=catalogue.OPS.__getitem__,
        work=WORK_NAMES.__getitem__,
        work_words=work_sentence,
        shown_light=lambda light: shown_light(light, today=_today()),
        cadence_within=cadence_words,
        circular_type=lambda code: CIRCULAR_NAMES[code],
        edition_state=lambda code: EDITION_STATES[code],
        assignment_state=lambda code: STATE_NAMES["assignment", code],
        lead_word=lambda said: lead_opinion_words(said.opinion, said.claim, said.reason),
        stayed=stayed_words,
        stopped=stopped,
        nothing_leaves=lambda envelope: nothing_leaves_words(envelope.causes),
        row_state=lambda code: STATE_NAMES["row", code],
        legacy_state=lambda code: LEGACY_PERIOD_STATES[code],
    )
    _add_form_words(app)


def _add_form_words(app: Flask) -> None:
    app.jinja_env.filters.update(
        until=lambda day: inclusive(day, today=_today()),
        short=lambda day: month_day(day, today=_today()),
        moment=lambda at: due_words(at, today=_today()),
        sign=form_words.SIGNS.__getitem__,
        envelope=catalogue.FILING_KINDS.__getitem__,
        rhythm=form_words.RHYTHMS.__getitem__,
    )
    app.jinja_env.globals.update(
        claims=form_words.claim_options,
        causes=form_words.cause_options,
        outcomes=catalogue.OUTCOMES,
        seen_field=seen_field,
        conflict=conflict,
    )


def _add_layout(app: Flask) -> None:
    @app.context_processor
    def layout() -> dict[str, Any]:  # Any: what templates get has no common type
        services = present_services()
        viewer: Actor | None = g.get("actor")
        # Where something has failed the database may be what is away; the page that says so must not ask it.
        now = None if g.get("failed") else services.clock.now()
        unread = 0
        if now and viewer and viewer.role in HEARING_ROLES and viewer.user_id:
            with services.database.reading() as session:
                unread = count_unread(session, user_id=viewer.user_id)
        return {
            "unread": unread,
            "viewer": viewer,
            "role_name": catalogue.ROLES[viewer.role.value] if viewer else "",
            "navigation": [NavigationEntry(*entry) for entry in _NAVIGATION[viewer.role]] if viewer else [],
            "demonstration_day": date_words(local_day(now)) if now and services.settings.is_demo else None,
            "as_of": clock_words(now) if now else None,
        }
