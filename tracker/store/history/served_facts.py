"""Which event says what of papers that were served on units."""

from collections.abc import Mapping

from tracker.domain.served_papers import ServedState
from tracker.store.history.row_says import Beside, Columns, Fact, Is, Says, sealed

_NONE = Is(None)
_BY, _AT = Beside.ACTOR, Beside.AT
# Files that were laid beside an answer or an instruction with the act that an event tells.
ENCLOSED = Says(
    "enclosure",
    "id",
    {**sealed("enclosure", "sha256"), "put_at": Beside.AT, "out_at": Is(None)},
    each="files",
    born=True,
)
_NOT_YET = dict.fromkeys(
    (
        *("received_by", "received_at", "answer", "written_by", "written_at", "sent_back_because"),
        *("signed_by", "signed_at", "read_by", "read_at"),
    ),
    _NONE,
)


def _says(columns: Columns, state: ServedState | None = None, *, born: bool = False) -> tuple[Says, ...]:
    of_state = {} if state is None else {"state": Is(state.value)}
    return (Says("served_paper", "served_id", {**of_state, **columns}, born=born),)


SERVED: Mapping[str, tuple[Says, ...]] = {
    "paper.served": _says(
        {
            **{name: name for name in ("circular_id", "wants_answer", "answer_on")},
            "unit_id": Beside.UNIT,
            "served_at": _AT,
            **_NOT_YET,
        },
        ServedState.SERVED,
        born=True,
    ),
    "paper.received": _says({"received_by": _BY, "received_at": _AT}, ServedState.RECEIVED),
    "paper.answer_written": (
        *_says(
            {"answer": "words", "written_by": _BY, "written_at": _AT, "sent_back_because": _NONE}, ServedState.WRITTEN
        ),
        Says("enclosure", "id", {"out_at": _AT}, each="taken_out"),
        ENCLOSED,
    ),
    "paper.answer_stopped": _says({"sent_back_because": Fact("reason", or_none=True)}, ServedState.RECEIVED),
    "paper.answered": _says({"answer": "words", "signed_by": _BY, "signed_at": _AT}, ServedState.ANSWERED),
    "paper.answer_read": _says({"read_by": _BY, "read_at": _AT}),
    "paper.service_ended": _says({}, ServedState.ENDED),
}
