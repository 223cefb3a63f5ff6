"""One task: its sentence, units, periods and timeline; a unit may reply or ask for completion here."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import SHANGHAI
from tracker.domain.errors import BadInput, NotFound
from tracker.domain.reports import ReportKind
from tracker.store.queries.tasks import TaskShare, task_view
from tracker.usecases.reporting import SubmitReport, submit_report
from tracker.usecases.triggers import RecordTrigger, record_trigger
from tracker.web.access import EVERYBODY, UNITS, actor, allow, services

pages = Blueprint("tasks", __name__)


class NotATime(BadInput):
    """A time is not written as one; facts: value."""

    code = "not_a_time"


_OPEN = {"issued", "in_progress", "returned", "lapsed"}
_WORKABLE = {"received", "working", "returned"}


@pages.get("/tasks/<int:task_id>")
@allow(*EVERYBODY - {Role.READER})
def show(task_id: int) -> ResponseReturnValue:
    own = actor().unit_id if actor().role in UNITS else None
    with services().database.reading() as session:
        view = task_view(session, task_id=task_id, unit_id=own)
    if view is None:
        raise NotFound()
    share = next((share for share in view.shares if share.unit_id == own), None)
    workable = share is not None and share.state in _WORKABLE and view.head.state in _OPEN
    return render_template(
        "web/tasks/task.html",
        view=view,
        share=share,
        may_complete=workable and share is not None and share.role == "lead",
        may_reply=workable and share is not None and share.duty == "reply",
        may_record=actor().role is Role.SUPERVISOR and view.head.dormant and view.head.state in _OPEN,
        may_close=actor().role is Role.SUPERVISOR and view.head.state == "completed",
    )


@pages.post("/tasks/<int:task_id>/report")
@allow(*UNITS)
def report(task_id: int) -> ResponseReturnValue:
    kind = ReportKind.COMPLETION if request.form.get("kind") == "completion" else ReportKind.REPLY
    with services().database.transaction() as session:
        view = task_view(session, task_id=task_id, unit_id=actor().unit_id)
        if view is None:
            raise NotFound()
        command = SubmitReport(_own(view.shares).assignment_id, kind, request.form.get("text", ""))
        submit_report(session, command, actor=actor(), at=services().clock.now())
    flash("已送单位负责人审签。")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@pages.post("/tasks/<int:task_id>/trigger")
@allow(Role.SUPERVISOR)
def trigger(task_id: int) -> ResponseReturnValue:
    """Record what a waiting task waits for; the form's time is Shanghai wall clock."""
    value = request.form.get("occurred_at", "")
    try:
        occurred_at = datetime.fromisoformat(value).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise NotATime(value=value) from None
    command = RecordTrigger(task_id, occurred_at, request.form.get("matter", ""))
    now = services().clock.now()
    with services().database.transaction() as session:
        opened = record_trigger(session, command, actor=actor(), at=now, calendar=services().calendar)
    flash(f"已登记，{opened}个期次开始计时。")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


def _own(shares: tuple[TaskShare, ...]) -> TaskShare:
    return next(share for share in shares if share.unit_id == actor().unit_id)
