"""What a liaison asks for in the unit's name: the head signs it or sends it back, the liaison may withdraw it."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.petitions import PetitionOver
from tracker.store.queries.petitions import Petition, petition_of
from tracker.usecases.petitioning import send_petition_back, sign_petition, withdraw_petition
from tracker.web.access import UNITS, acted_for, actor, allow, services
from tracker.web.filing import shown_again
from tracker.web.forms import Form, Words, read_form
from tracker.web.petition_lines import PetitionLine, lines_on
from tracker.web.sign_off import Tried, queue_page
from tracker.wording.catalogue import REQUEST_KINDS
from tracker.wording.refusals import sentence

pages = Blueprint("petitions", __name__)


class ReasonForm(Form):
    reason: Words = Field(title="退回理由")


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give pages that include these lists what they show."""
    return {"petitions_on": _petitions_on}


@pages.post("/petitions/<int:petition_id>/sign")
@allow(Role.UNIT_HEAD)
def sign(petition_id: int) -> ResponseReturnValue:
    """Sign it; what its rules refuse by now goes on waiting, and the page says why."""
    found = _own(petition_id)
    try:
        with services().database.transaction() as session:
            at, by = services().clock.now(), services().reckoning
            sign_petition(session, petition_id=petition_id, actor=actor(), at=at, by=by)
    except PetitionOver:
        raise
    except (BadInput, Rejected) as error:
        return queue_page(Tried(petitions={petition_id: sentence(error)})), 409
    flash(f"已同意报出{REQUEST_KINDS[found.kind]}申请，等待批复。")
    return redirect(url_for("sign_off.queue"), 303)


@pages.post("/petitions/<int:petition_id>/send-back")
@allow(Role.UNIT_HEAD)
def give_back(petition_id: int) -> ResponseReturnValue:
    """Send it back to the liaison; a reason that is refused comes back beside it."""
    _own(petition_id)
    reason = read_form(ReasonForm).reason
    try:
        with services().database.transaction() as session:
            at = services().clock.now()
            send_petition_back(session, petition_id=petition_id, reason=reason, actor=actor(), at=at)
    except BadInput as error:
        tried = Tried(petitions={petition_id: sentence(error)}, petitions_given={petition_id: reason})
        return queue_page(tried), 400
    flash("已退回联络员，理由一并送达。")
    return redirect(url_for("sign_off.queue"), 303)


@pages.post("/petitions/<int:petition_id>/withdraw")
@allow(*UNITS)
def take_back(petition_id: int) -> ResponseReturnValue:
    """Withdraw it; on the page of a form all that is written there stays."""
    found = _own(petition_id)
    with services().database.transaction() as session:
        withdraw_petition(session, petition_id=petition_id, actor=actor(), at=services().clock.now())
    flash("已撤回，没有报出；所写内容保留，可改后再送。")
    if found.period_id is not None:
        return shown_again(found.period_id)
    return redirect(url_for("tasks.show", task_id=found.task_id), 303)


def _own(petition_id: int) -> Petition:
    with services().database.reading() as session:
        found = petition_of(session, petition_id=petition_id, unit_ids=acted_for(session))
    if found is None:
        raise NotFound()
    return found


def _petitions_on(task_id: int) -> tuple[PetitionLine, ...]:
    with services().database.reading() as session:
        return lines_on(session, task_id)
