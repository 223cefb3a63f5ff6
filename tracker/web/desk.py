"""The office's desk 「督查台」: what is overdue, where, and the list behind every figure."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.store.queries.rollups import by_document, by_unit, by_week
from tracker.store.queries.worklists import count_awaiting_review, count_overdue, overdue, pending_extensions
from tracker.web.access import EVERYBODY, actor, allow, services
from tracker.web.presentation import date_words, owed_line

pages = Blueprint("desk", __name__)
_PAGE = 50
_WEEKS = 12


@pages.get("/desk")
@allow(Role.SUPERVISOR, Role.LEADER)
def show() -> ResponseReturnValue:
    now = services().clock.now()
    with services().database.reading() as session:
        return render_template(
            "web/desk/desk.html",
            day=date_words(local_day(now)),
            overdue=count_overdue(session, now=now, unit_id=None),
            waiting=count_awaiting_review(session),
            extensions=len(pending_extensions(session)),
            units=by_unit(session, now=now),
            documents=by_document(session, now=now),
            weeks=by_week(session, weeks=_WEEKS),
        )


@pages.get("/tasks")
@allow(*EVERYBODY - {Role.READER})
def overdue_list() -> ResponseReturnValue:
    """List overdue periods, the longest overdue first; a unit sees its own only."""
    if request.args.get("overdue") != "1":
        return redirect(url_for("desk.overdue_list", overdue=1))
    now, page = services().clock.now(), max(1, request.args.get("page", 1, type=int))
    unit_id = actor().unit_id or request.args.get("unit", type=int)
    with services().database.reading() as session:
        rows = overdue(session, now=now, unit_id=unit_id, limit=_PAGE, offset=(page - 1) * _PAGE)
        total = count_overdue(session, now=now, unit_id=unit_id)
    lines = [owed_line(row, now=now, services=services()) for row in rows]
    return render_template(
        "web/overdue/list.html", lines=lines, total=total, page=page, pages=max(1, -(-total // _PAGE)), unit_id=unit_id
    )
