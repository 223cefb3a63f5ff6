"""Outages of the system 「系统停用」: what was recorded, what a record would move, and the confirmation."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_words
from tracker.domain.outages import MOST_DAYS, Outage
from tracker.store.queries.outages import recorded_outages
from tracker.usecases.recording_outages import Consequences, preview_outage, record_outage
from tracker.web.access import actor, allow, services
from tracker.web.form_fields import local_input
from tracker.web.forms import Form, Reason, Time, read_form
from tracker.wording.moments import due_words
from tracker.wording.periods import moment_label

pages = Blueprint("outages", __name__)


class OutageForm(Form):
    from_at: Time = Field(title="开始时间")
    until_at: Time = Field(title="结束时间")
    reason: Reason = Field(title="原因")

    @property
    def outage(self) -> Outage:
        """The outage that was told."""
        return Outage(self.from_at, self.until_at)


@pages.get("/outages")
@allow(Role.SUPERVISOR)
def show() -> ResponseReturnValue:
    with services().database.reading() as session:
        known = [
            (local_words(one.outage.from_at), local_words(one.outage.until_at), one)
            for one in recorded_outages(session)
        ]
    workdays = services().policy.outage_workdays
    return render_template("web/outages/outages.html", known=known, most_days=MOST_DAYS, workdays=workdays)


@pages.post("/outages/preview")
@allow(Role.SUPERVISOR)
def preview() -> ResponseReturnValue:
    """Show what recording an outage would move; nothing is written."""
    form = read_form(OutageForm)
    with services().database.reading() as session:
        found = preview_outage(session, form.outage, now=services().clock.now(), by=services().reckoning)
        moves = _moves(found)
    return render_template(
        "web/outages/preview.html",
        from_at=local_input(form.from_at),
        until_at=local_input(form.until_at),
        span=_span(form.outage),
        reason=form.reason,
        moves=moves,
        excused=len(found.excused),
    )


@pages.post("/outages")
@allow(Role.SUPERVISOR)
def record() -> ResponseReturnValue:
    form = read_form(OutageForm)
    with services().database.transaction() as session:
        done = record_outage(
            session,
            form.outage,
            reason=form.reason,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
        )
        moved = len(_moves(done))
    follows = f"{moved}处报送时限顺延，有关单位会收到消息" if moved else "没有报送时限需要顺延"
    flash(f"系统停用已登记，{follows}。")
    return redirect(url_for("outages.show"), 303)


def _span(outage: Outage) -> str:
    return f"{local_words(outage.from_at)}至{local_words(outage.until_at)}"


def _moves(found: Consequences) -> list[tuple[str, str, str, str]]:
    """Word each moment once for a unit and a form, however many of its rows have it for themselves."""
    lines = [
        (
            move.form.unit_name,
            f"{move.form.document_number}{moment_label(move.form.period.code, correction=move.correction)}",
            _words(move.old_due_at),
            _words(move.new_due_at),
        )
        for move in found.moves
    ]
    return sorted(dict.fromkeys(lines))


def _words(at: datetime) -> str:
    return due_words(at, today=None)
