"""What events say of inquiries, of leaders' instructions and of the shares that are asked."""

from collections.abc import Callable, Mapping
from datetime import date

from tracker.domain.inquiries import AskedState
from tracker.store.history.log import Told
from tracker.store.history.past_inquiries import PastAsked, PastInquiry, PastInstruction
from tracker.store.history.state import State


def _asked(state: State, told: Told) -> None:
    facts = told.facts
    state.inquiries[facts["inquiry_id"]] = PastInquiry(
        task_id=told.task_id or 0,
        assignment_id=facts.get("assignment_id"),
        words=facts["words"],
        answer_by=date.fromisoformat(facts["answer_by"]),
    )
    for share in facts["asked"]:
        state.asked[share["asked_id"]] = PastAsked(inquiry_id=facts["inquiry_id"], assignment_id=share["assignment_id"])


def _instructed(state: State, told: Told) -> None:
    """A leader's words open his instruction, also one that was ended."""
    facts = told.facts
    _asked(state, told)
    inquiry = state.inquiries[facts["inquiry_id"]]
    inquiry.instruction_id, inquiry.haste = facts["instruction_id"], facts["haste"]
    inquiry.given_on = date.fromisoformat(facts["given_on"])
    new = PastInstruction(task_id=told.task_id or 0, leader_id=facts["leader_id"])
    state.instructions.setdefault(facts["instruction_id"], new).closed_at = None


def _instruction_read(state: State, told: Told) -> None:
    if (instruction := state.instructions.get(told.facts["instruction_id"])) is not None:
        instruction.read_at = told.at


def _instruction_closed(state: State, told: Told) -> None:
    if (instruction := state.instructions.get(told.facts["instruction_id"])) is not None:
        instruction.closed_at = told.at
    _withdrawn(state, told)


def _reminded(state: State, told: Told) -> None:
    if (asked := state.asked.get(told.facts["asked_id"])) is not None:
        asked.reminded_at = told.at


def _close(asked: PastAsked | None, as_: AskedState, told: Told, *, cause: str | None = None) -> None:
    if asked is not None:
        asked.state, asked.closed_at, asked.cause = as_.value, told.at, cause


def _answered(state: State, told: Told) -> None:
    asked = state.asked.get(told.facts["asked_id"])
    _close(asked, AskedState.ANSWERED, told)
    if asked is not None:
        asked.report_id = told.facts["report_id"]


def _ended(state: State, told: Told) -> None:
    _close(state.asked.get(told.facts["asked_id"]), AskedState.ENDED, told, cause=told.facts["cause"])


def _withdrawn(state: State, told: Told) -> None:
    for id_ in told.facts["asked"]:
        _close(state.asked.get(id_), AskedState.WITHDRAWN, told)


def _coordination_asked(state: State, told: Told) -> None:
    if (inquiry := state.inquiries.get(told.facts["inquiry_id"])) is not None:
        inquiry.coordination_words, inquiry.coordination_at = told.facts["words"], told.at


def _coordination_decided(state: State, told: Told) -> None:
    if (inquiry := state.inquiries.get(told.facts["inquiry_id"])) is not None:
        inquiry.decision = told.facts["words"]
    for id_ in told.facts["silent"]:
        _close(state.asked.get(id_), AskedState.DECIDED, told)


def _share_moved(state: State, told: Told) -> None:
    """What is open goes on with the share that goes on; what one unit would ask itself is ended by its own event."""
    old, goes_on = told.facts["assignment_id"], told.facts["into_assignment_id"]
    open_ = [asked for asked in state.asked.values() if asked.state == AskedState.OPEN.value]
    for inquiry_id in {asked.inquiry_id for asked in open_}:
        inquiry = state.inquiries.get(inquiry_id)
        if inquiry is not None and inquiry.assignment_id == old:
            inquiry.assignment_id = goes_on
    for asked in open_:
        if asked.assignment_id == old:
            asked.assignment_id = goes_on


FOLDS: Mapping[str, Callable[[State, Told], None]] = {
    "inquiry.asked": _asked,
    "inquiry.reminded": _reminded,
    "inquiry.answered": _answered,
    "inquiry.withdrawn": _withdrawn,
    "inquiry.ended": _ended,
    "inquiry.coordination_asked": _coordination_asked,
    "inquiry.coordination_decided": _coordination_decided,
    "instruction.given": _instructed,
    "instruction.repeated": _instructed,
    "instruction.read": _instruction_read,
    "instruction.closed": _instruction_closed,
    "share.moved": _share_moved,
}
