"""Which event says what of praise and criticism that were served on units."""

from collections.abc import Mapping

from tracker.domain.namings import NamingState
from tracker.store.history.row_says import Beside, Columns, Fact, Is, Says

_BY, _AT = Beside.ACTOR, Beside.AT
_NOT_KEPT = dict.fromkeys(("kept_because", "kept_by"), Is(None))
_NOT_YET = {**dict.fromkeys(("answer", "answered_by", "answered_at"), Is(None)), **_NOT_KEPT}
# What the office said to an earlier answer says nothing to a new one.
_ANSWER: Columns = {"answer": Fact("words", or_none=True), "answered_by": _BY, "answered_at": _AT, **_NOT_KEPT}


def _answered(state: NamingState, **when: bool) -> Says:
    return Says("naming", "naming_id", {**_ANSWER, "state": Is(state.value)}, when=when)


NAMED: Mapping[str, tuple[Says, ...]] = {
    "naming.served": (
        Says(
            "naming",
            "naming_id",
            {
                **{name: name for name in ("circular_id", "act", "words", "answer_by")},
                "key": "proposal",
                "unit_id": Beside.UNIT,
                "served_at": _AT,
                "state": Is(NamingState.SERVED.value),
                **_NOT_YET,
            },
            born=True,
        ),
    ),
    "naming.answered": (
        _answered(NamingState.AGREED, agrees=True),
        _answered(NamingState.SERVED, agrees=True, proposed=True),
        _answered(NamingState.OBJECTED, agrees=False),
    ),
    "naming.kept": (Says("naming", "naming_id", {"kept_because": "reason", "kept_by": _BY}),),
    "naming.left_out": (),  # it concerns the text, the naming stays as it is
    "naming.ended": (Says("naming", "naming_id", {"state": Is(NamingState.ENDED.value)}),),
}
