"""The office's review queue: reports and requests for more time."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.store.queries.worklists import awaiting_review, count_awaiting_review, pending_extensions
from tracker.usecases.extensions import grant_extension, refuse_extension
from tracker.usecases.review import accept_report, close_task, return_report
from tracker.web.access import actor, allow, services

pages = Blueprint("review", __name__)
_PAGE = 20


@pages.get("/review")
@allow(Role.SUPERVISOR)
def queue() -> ResponseReturnValue:
    with services().database.reading() as session:
        reports = awaiting_review(session, limit=_PAGE)
        waiting = count_awaiting_review(session)
        extensions = pending_extensions(session)
    return render_template("web/review/queue.html", reports=reports, waiting=waiting, extensions=extensions)


@pages.post("/reports/<int:report_id>/accept")
@allow(Role.SUPERVISOR)
def accept(report_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        accept_report(session, report_id=report_id, actor=actor(), at=services().clock.now())
    flash("审核通过。")
    return redirect(url_for("review.queue"), 303)


@pages.post("/reports/<int:report_id>/return")
@allow(Role.SUPERVISOR)
def give_back(report_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason=request.form.get("reason", ""),
            actor=actor(),
            at=services().clock.now(),
            calendar=services().calendar,
            policy=services().policy,
        )
    flash("已退回，理由已送单位。")
    return redirect(url_for("review.queue"), 303)


@pages.post("/extensions/<int:extension_id>/grant")
@allow(Role.SUPERVISOR)
def grant(extension_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        grant_extension(session, extension_id=extension_id, actor=actor(), at=services().clock.now())
    flash("已同意延期。")
    return redirect(url_for("review.queue"), 303)


@pages.post("/extensions/<int:extension_id>/refuse")
@allow(Role.SUPERVISOR)
def refuse(extension_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    with services().database.transaction() as session:
        refuse_extension(session, extension_id=extension_id, reason=reason, actor=actor(), at=services().clock.now())
    flash("已答复不同意延期。")
    return redirect(url_for("review.queue"), 303)


@pages.post("/tasks/<int:task_id>/close")
@allow(Role.SUPERVISOR)
def close(task_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        close_task(
            session, task_id=task_id, reason=request.form.get("reason", ""), actor=actor(), at=services().clock.now()
        )
    flash("已销号。")
    return redirect(url_for("tasks.show", task_id=task_id), 303)
