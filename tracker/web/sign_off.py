"""The head of a unit sees all that an envelope carries, and signs it or sends it back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.domain.errors import BadInput
from tracker.domain.leaving import NothingLeaves
from tracker.store.queries.envelopes import waiting_envelopes
from tracker.store.queries.units import units_acted_for
from tracker.usecases.filing import send_back, sign_off
from tracker.web.access import actor, allow, services
from tracker.web.forms import Form, Words, read_form
from tracker.wording.endings import signed_words
from tracker.wording.refusals import sentence

pages = Blueprint("sign_off", __name__)


class ReasonForm(Form):
    reason: Words = Field(title="退回理由")


@pages.get("/sign-off")
@allow(Role.UNIT_HEAD)
def queue() -> ResponseReturnValue:
    return _page({}, {})


@pages.post("/filings/<int:filing_id>/sign")
@allow(Role.UNIT_HEAD)
def sign(filing_id: int) -> ResponseReturnValue:
    """Sign an envelope; where nothing of it can leave any more, it comes back with the reason."""
    try:
        with services().database.transaction() as session:
            signed = sign_off(session, filing_id=filing_id, actor=actor(), at=services().clock.now())
    except NothingLeaves as error:
        return _page({filing_id: sentence(error)}, {}), 409
    flash(signed_words(signed))
    return redirect(url_for("sign_off.queue"), 303)


@pages.post("/filings/<int:filing_id>/send-back")
@allow(Role.UNIT_HEAD)
def give_back(filing_id: int) -> ResponseReturnValue:
    """Send an envelope back to the liaison; a reason that is refused comes back beside it."""
    reason = read_form(ReasonForm).reason
    try:
        with services().database.transaction() as session:
            send_back(session, filing_id=filing_id, reason=reason, actor=actor(), at=services().clock.now())
    except BadInput as error:
        return _page({filing_id: sentence(error)}, {filing_id: reason}), 400
    flash("已退回联络员，理由一并送达。")
    return redirect(url_for("sign_off.queue"), 303)


def _page(refused: dict[int, str], given: dict[int, str]) -> str:
    with services().database.reading() as session:
        envelopes = waiting_envelopes(session, unit_ids=units_acted_for(session, actor().unit_id))
    now = services().clock.now()
    return render_template("web/sign_off/queue.html", envelopes=envelopes, now=now, refused=refused, given=given)
