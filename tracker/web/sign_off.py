"""The head of a unit signs what leaves the unit, or sends it back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.store.queries.worklists import awaiting_sign_off
from tracker.usecases.reporting import send_back, sign_off
from tracker.web.access import actor, allow, services

pages = Blueprint("sign_off", __name__)


@pages.get("/sign-off")
@allow(Role.UNIT_HEAD)
def queue() -> ResponseReturnValue:
    unit_id = actor().unit_id
    assert unit_id is not None
    with services().database.reading() as session:
        reports = awaiting_sign_off(session, unit_id=unit_id)
    return render_template("web/sign_off/queue.html", reports=reports)


@pages.post("/reports/<int:report_id>/sign")
@allow(Role.UNIT_HEAD)
def sign(report_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        sign_off(session, report_id=report_id, actor=actor(), at=services().clock.now())
    flash("已审签，报督查室。")
    return redirect(url_for("sign_off.queue"), 303)


@pages.post("/reports/<int:report_id>/send-back")
@allow(Role.UNIT_HEAD)
def give_back(report_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    with services().database.transaction() as session:
        send_back(session, report_id=report_id, reason=reason, actor=actor(), at=services().clock.now())
    flash("已退回联络员。")
    return redirect(url_for("sign_off.queue"), 303)
