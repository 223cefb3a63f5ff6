"""The office's desk 「督查台」: what is overdue, where, what waits, and the list behind every figure."""

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.calendar import local_day
from tracker.domain.deadlines import due_day
from tracker.domain.errors import NotFound
from tracker.store.queries.editions_under_way import waiting_for
from tracker.store.queries.filings import review_backlog
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.requests import request_backlog
from tracker.store.queries.rollups import by_document, by_unit, by_week, parts_of_week
from tracker.web.access import actor, allow, services
from tracker.web.clocks import late_before
from tracker.web.presentation import date_words
from tracker.wording.moments import late_span

pages = Blueprint("desk", __name__)
_WEEKS = 12
_DOCUMENTS = 20


@pages.get("/desk")
@allow(Role.SUPERVISOR, Role.LEADER)
def show() -> ResponseReturnValue:
    now = services().clock.now()
    today = local_day(now)
    late = late_before(workdays=services().policy.review_workdays, now=now, services=services())
    with services().database.reading() as session:
        units, documents = by_unit(session, now=now), by_document(session, now=now, limit=_DOCUMENTS)
        return render_template(
            "web/desk/desk.html",
            day=date_words(today),
            overdue=count_overdue(session, now=now, unit_ids=EVERY_UNIT),
            review=review_backlog(session),
            review_late=review_backlog(session, filed_before=late),
            requests=request_backlog(session),
            editions=waiting_for(session, actor()),
            units=units,
            documents=documents,
            all_documents=len(documents) < _DOCUMENTS,
            weeks=by_week(session, weeks=_WEEKS),
            late={line.since: _late(line.since, now=now) for line in (*units, *documents)},
        )


def _late(since: datetime, *, now: datetime) -> str:
    workdays = services().calendar.workdays_between(due_day(since), local_day(now))
    return late_span(since, at=now, workdays=workdays)


@pages.get("/desk/weeks/<week>")
@allow(Role.SUPERVISOR, Role.LEADER)
def week_parts(week: str) -> ResponseReturnValue:
    """Show what a week's figure is made of."""
    with services().database.reading() as session:
        parts = parts_of_week(session, week=week)
    if not parts:
        raise NotFound()
    return render_template("web/desk/week.html", week=week, parts=parts)
