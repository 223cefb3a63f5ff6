"""The ledger of reminders 「提醒台账」: who was told what, when, why, and what became of it."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.store.queries.reminders import count_ledger, ledger
from tracker.store.tables.events import ReminderState
from tracker.usecases.mail_outbox import resend, settle
from tracker.web.access import actor, allow, services
from tracker.web.paging import paging

pages = Blueprint("reminders", __name__)
_PAGE = 50


@pages.get("/reminders")
@allow(Role.SUPERVISOR)
def show() -> ResponseReturnValue:
    state = request.args.get("state", "")
    wanted = state if state in {known.value for known in ReminderState} else None
    with services().database.reading() as session:
        part = paging(count_ledger(session, state=wanted), size=_PAGE)
        rows = ledger(session, state=wanted, limit=part.length, offset=part.first)
        counts = {known: count_ledger(session, state=known) for known in ("sent", "pending", "held", "failed")}
    return render_template(
        "web/reminders/ledger.html",
        rows=rows,
        total=part.total,
        counts=counts,
        state=wanted,
        paging=part,
        mail=services().settings.smtp_url is not None,
    )


@pages.post("/reminders/<int:reminder_id>/resend")
@allow(Role.SUPERVISOR)
def send_again(reminder_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        at, machine_now = services().clock.now(), datetime.now(UTC)
        resend(session, reminder_id=reminder_id, actor=actor(), at=at, machine_now=machine_now)
    flash("已列入补发。")
    return redirect(url_for("reminders.show"), 303)


@pages.post("/reminders/<int:reminder_id>/settle")
@allow(Role.SUPERVISOR)
def confirm(reminder_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        settle(session, reminder_id=reminder_id, actor=actor(), at=services().clock.now())
    flash("已确认收到。")
    return redirect(url_for("reminders.show"), 303)
