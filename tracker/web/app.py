"""The Flask application: factory only."""

from typing import Any

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from tracker.domain.account_policy import ABSOLUTE
from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.services import Services
from tracker.web import (
    absences,
    accounts,
    acts,
    audit,
    boxes,
    calendar,
    calendar_link,
    changes,
    circular_acts,
    circular_drafting,
    circular_files,
    circular_templates,
    circulars,
    countersigning,
    desk,
    documents,
    drafts,
    due,
    enclosures,
    evidence,
    exports,
    factor,
    filing,
    form_files,
    granting,
    guide,
    handing_over,
    handling,
    health,
    inquiries,
    instructions,
    jottings,
    late_registration,
    leader,
    ledger_import,
    ledger_views,
    ledgers,
    lessons,
    login,
    many_forms,
    mine,
    namings,
    news,
    nobody,
    notices,
    objections,
    outages,
    overdue,
    overview,
    petitions,
    project_acts,
    project_imports,
    projects,
    proposed_papers,
    published_months,
    questions,
    quoting,
    reminders,
    review,
    review_rows,
    schedules,
    scoring,
    scoring_books,
    scoring_counts,
    scoring_inputs,
    scoring_results,
    scoring_rules,
    scoring_waits,
    search,
    second_step,
    served,
    sign_off,
    task_ledger,
    tasks,
    today,
    unified,
    units,
    verifying,
)
from tracker.web.access import EVERYBODY, guard, must_change, must_set_up
from tracker.web.access import services as present_services
from tracker.web.cookies import set_up_cookies
from tracker.web.errors import RowId, answer_errors
from tracker.web.filters import add_filters
from tracker.web.forwarded import Forwarded
from tracker.web.navigation import navigation_for
from tracker.web.places import one_of_a_few
from tracker.web.presentation import date_words
from tracker.web.request_log import LoggedFlask, log_requests
from tracker.web.sent_bytes import BoundedRequest
from tracker.web.top_of_pages import of_the_moment
from tracker.wording import catalogue
from tracker.wording.moments import clock_words

# A county has more than eighty shares, each with a dozen fields, and several forms on one page.
_MOST_FIELDS = 10_000


_FEATURES = (
    login,
    second_step,
    unified,
    *exports.ALL,
    factor,
    accounts,
    granting,
    mine,
    calendar_link,
    absences,
    handing_over,
    audit,
    today,
    filing,
    form_files,
    many_forms,
    jottings,
    news,
    boxes,
    handling,
    inquiries,
    quoting,
    instructions,
    petitions,
    namings,
    countersigning,
    sign_off,
    overdue,
    due,
    changes,
    review,
    review_rows,
    desk,
    leader,
    overview,
    task_ledger,
    ledger_views,
    proposed_papers,
    questions,
    documents,
    drafts,
    ledger_import,
    ledgers,
    lessons,
    tasks,
    enclosures,
    evidence,
    circular_templates,
    circular_acts,
    circular_drafting,
    circular_files,
    circulars,
    published_months,
    served,
    nobody,
    notices,
    reminders,
    calendar,
    outages,
    health,
    guide,
    acts,
    objections,
    schedules,
    units,
    late_registration,
    verifying,
    projects,
    project_acts,
    project_imports,
    scoring,
    scoring_inputs,
    scoring_counts,
    scoring_books,
    scoring_rules,
    scoring_results,
    scoring_waits,
    search,
)


def create_app(services: Services) -> Flask:
    """Build the application on the given services."""
    app = LoggedFlask("tracker.web", template_folder="../../templates")
    set_up_cookies(app, services.settings)
    app.request_class = BoundedRequest
    app.config["MAX_FORM_PARTS"] = _MOST_FIELDS
    # A form may lie open as long as a log-in lasts: what is refused as too old loses the files that were chosen.
    app.config["WTF_CSRF_TIME_LIMIT"] = int(ABSOLUTE.total_seconds())
    app.wsgi_app = Forwarded(one_of_a_few(app.wsgi_app), services.settings)  # type: ignore[method-assign]  # as Flask wants it
    app.extensions["tracker"] = services
    app.url_map.converters["int"] = RowId
    app.jinja_env.undefined = StrictUndefined
    add_filters(app)
    _add_layout(app)
    log_requests(app)
    CSRFProtect(app)
    guard(app)
    answer_errors(app)
    for feature in _FEATURES:
        app.register_blueprint(feature.pages)
    return app


def _add_layout(app: Flask) -> None:
    @app.context_processor
    def layout() -> dict[str, Any]:  # Any: what templates get has no common type
        viewer: Actor | None = g.get("actor")
        of_now = of_the_moment(viewer)
        now = of_now.now
        return {
            "unread": of_now.unread,
            "viewer": viewer,
            "help_at": guide.help_at(viewer.role) if viewer and not (must_change() or must_set_up()) else None,
            "large_print": "logged_in" in g and g.logged_in.large_print,
            "acts_for": of_now.acts_for,
            "unread_of": of_now.unread_of,
            "viewer_house": catalogue.house(viewer.unit_name, viewer.role.value) if viewer else "",
            "may_search": viewer is not None and viewer.role in EVERYBODY,
            "role_name": catalogue.ROLES[viewer.role.value] if viewer else "",
            "navigation": navigation_for(viewer.role, evaluates=of_now.evaluates, projects=of_now.projects)
            if viewer
            else [],
            "demonstration_day": date_words(local_day(now)) if now and present_services().settings.is_demo else None,
            "as_of": clock_words(now) if now else None,
        }
