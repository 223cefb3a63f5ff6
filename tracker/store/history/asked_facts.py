"""Which event says what of inquiries, instructions, petitions and who handles shares, beside the folded state."""

from collections.abc import Mapping

from tracker.store.history.row_says import Beside, Fact, Is, Says
from tracker.store.history.served_facts import ENCLOSED

_A, _AT, _NONE = Beside.ACTOR, Beside.AT, Is(None)
_UNDECIDED = dict.fromkeys(("coordination_by", "decided_by", "decided_at"), _NONE)
_DECIDED: Mapping[str, Beside] = {"decided_by": _A, "decided_at": _AT}

ASKED: Mapping[str, tuple[Says, ...]] = {
    **dict.fromkeys(
        ("instruction.given", "instruction.repeated"),
        (
            Says("inquiry", "inquiry_id", {"asked_by": "given_by", "recorded_by": "recorded_by", "asked_at": _AT}),
            Says("inquiry", "inquiry_id", _UNDECIDED),
            Says("instruction", "instruction_id", {"closed_by": _NONE}),
            ENCLOSED,
        ),
    ),
    "share.handler_set": (
        Says(
            "share_handler",
            "assignment_id",
            {"unit_id": Beside.UNIT, "words": "words", "person_id": "person_id", "set_by": _A, "set_at": _AT},
            born=True,
        ),
    ),
    "petition.written": (
        Says(
            "petition",
            "petition_id",
            {
                **{name: name for name in ("kind", "reason", "row_id", "report_id", "new_due_on")},
                "written_by": _A,
                "written_by_id": Beside.ACTOR_ID,
                "written_at": _AT,
                "state": Is("awaiting_sign_off"),
                **dict.fromkeys(("ended_by", "ended_at", "ended_reason", "request_id"), _NONE),
            },
            born=True,
        ),
    ),
    "petition.stopped": (
        Says(
            "petition",
            "petition_id",
            {"state": "state", "ended_by": _A, "ended_at": _AT, "ended_reason": Fact("reason", or_none=True)},
        ),
    ),
    "instruction.closed": (Says("instruction", "instruction_id", {"closed_by": _A}),),
    "inquiry.asked": (
        Says("inquiry", "inquiry_id", {"asked_by": _A, "asked_at": _AT, "recorded_by": _NONE, **_UNDECIDED}),
    ),
    "inquiry.coordination_asked": (Says("inquiry", "inquiry_id", {"coordination_by": _A}),),
    "inquiry.coordination_decided": (Says("inquiry", "inquiry_id", _DECIDED),),
}
