"""Which event says what of organs that issue a paper together."""

from collections.abc import Mapping

from tracker.domain.circulars.joint import CoIssuerState
from tracker.store.history.row_says import Beside, Columns, Fact, Is, Says

_BY, _AT, _NONE = Beside.ACTOR, Beside.AT, Is(None)
_UNANSWERED: Columns = dict.fromkeys(("answer", "answered_by", "answered_at"), _NONE)
_UNASKED: Columns = dict.fromkeys(("digest", "asked_by", "asked_at", "answer_by"), _NONE)
_ANSWER: Columns = {"answer": Fact("words", or_none=True), "answered_by": _BY, "answered_at": _AT}


def _says(columns: Columns, **when: bool) -> Says:
    return Says("co_issuer", "co_issuer_id", columns, when=when)


JOINT: Mapping[str, tuple[Says, ...]] = {
    "co_issuer.named": (
        Says(
            "co_issuer",
            "co_issuer_id",
            {
                **{name: name for name in ("circular_id", "purpose", "place", "name")},
                "unit_id": Beside.UNIT,
                "state": Is(CoIssuerState.NAMED.value),
                "matter": _NONE,
                "dropped_because": _NONE,
                **_UNASKED,
                **_UNANSWERED,
            },
            born=True,
        ),
    ),
    "co_issuer.asked": (
        _says(
            {
                "digest": "digest",
                "answer_by": "answer_by",
                "matter": Fact("matter", or_none=True),
                "asked_by": _BY,
                "asked_at": _AT,
                "state": Is(CoIssuerState.ASKED.value),
                **_UNANSWERED,
            }
        ),
    ),
    "co_issuer.answered": (
        _says({**_ANSWER, "state": Is(CoIssuerState.AGREED.value)}, agrees=True),
        _says({**_ANSWER, "state": Is(CoIssuerState.RETURNED.value)}, agrees=False),
    ),
    "co_issuer.ask_ended": (_says({"state": Is(CoIssuerState.NAMED.value), **_UNASKED, **_UNANSWERED}),),
    "co_issuer.dropped": (
        _says({"state": Is(CoIssuerState.DROPPED.value), "dropped_because": Fact("reason", or_none=True)}),
    ),
}
