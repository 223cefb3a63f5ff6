"""Which event says what of the evaluation by a scheme."""

from collections.abc import Mapping

from tracker.domain.events.scoring import EnteredInput
from tracker.store.history.row_says import Beside, Fact, Is, Says, sealed

_ACTOR, _AT = Beside.ACTOR, Beside.AT
_DECIDED = ("scheme", "question", "version", "option", "number", "weights", "decider", "decided_on", "reason")
_NOT_YET = ("check_opened_at", "check_until", "frozen_by", "frozen_at", "inputs_digest", "decided_up_to")
_SETTLED = ("settled_because", "settled_by", "settled_at")
_RESULT = ("result", "rule_version")

SCORED: Mapping[str, tuple[Says, ...]] = {
    "scoring.scheme_kept": (
        Says(
            "score_scheme",
            "scheme_id",
            {
                **{name: name for name in ("code", "document", "title", "sha256")},
                **sealed("score_scheme"),
                "kept_by": _ACTOR,
                "kept_at": _AT,
            },
            born=True,
        ),
    ),
    "scoring.decided": (
        Says(
            "score_decision",
            "decision_id",
            {
                **{name: name for name in (*_DECIDED, "first_month", "last_month")},
                "entered_by": _ACTOR,
                "entered_at": _AT,
            },
            born=True,
        ),
    ),
    "scoring.month_opened": (
        Says(
            "score_month",
            "month_id",
            {
                **{name: name for name in ("scheme", "scheme_id", "month", "inputs_by")},
                "state": Is("collecting"),
                "opened_by": _ACTOR,
                "opened_at": _AT,
                **dict.fromkeys((*_NOT_YET, *_RESULT), Is(None)),
            },
            born=True,
        ),
    ),
    "scoring.suppliers_named": (),
    "scoring.rules_renewed": (Says("score_month", "month_id", {"scheme_id": "scheme_id"}),),
    "scoring.inputs_entered": (
        Says(
            "score_input",
            "id",
            {
                **{name: name for name in EnteredInput.__dataclass_fields__ if name != "id"},
                "unit_id": Beside.UNIT,
                "entered_by": _ACTOR,
                "entered_at": _AT,
            },
            each="inputs",
            born=True,
        ),
    ),
    "scoring.month_moved": (Says("score_month", "month_id", {"state": "state"}),),
    "scoring.check_opened": (
        Says(
            "score_month",
            "month_id",
            {"state": Is("check"), "check_opened_at": _AT, "check_until": "check_until"},
        ),
    ),
    "scoring.marks_changed": (Says("score_month", "month_id", {"check_until": "check_until"}),),
    "scoring.objected": (
        Says(
            "score_objection",
            "objection_id",
            {
                **{name: name for name in ("month_id", "object", "item", "words")},
                "unit_id": Beside.UNIT,
                "state": Is("open"),
                "raised_by": _ACTOR,
                "raised_at": _AT,
                **dict.fromkeys(("answer", "answered_by", "answered_at", "inputs_after", *_SETTLED), Is(None)),
            },
            born=True,
        ),
    ),
    "scoring.objection_answered": (
        Says(
            "score_objection",
            "objection_id",
            {
                **{name: name for name in ("state", "answer")},
                "inputs_after": Fact("inputs_after", kept_later=True),
                "answered_by": _ACTOR,
                "answered_at": _AT,
            },
        ),
    ),
    "scoring.objection_settled": (
        Says(
            "score_objection",
            "objection_id",
            {"settled_because": "because", "settled_by": _ACTOR, "settled_at": _AT},
        ),
    ),
    "scoring.month_frozen": (
        Says(
            "score_month",
            "month_id",
            {
                "state": Is("frozen"),
                "frozen_by": _ACTOR,
                "frozen_at": _AT,
                **{name: name for name in ("rule_version", "inputs_digest", "decided_up_to")},
                **sealed("score_month"),
                "result": Fact("", kept_later=True),  # its digest is told
            },
        ),
    ),
    "scoring.month_issued": (Says("score_month", "month_id", {"state": Is("issued")}),),
    "scoring.correction_opened": (
        Says(
            "score_correction",
            "correction_id",
            {
                **{name: name for name in ("month_id", "reason", "inputs_after")},
                "state": Is("open"),
                "opened_by": _ACTOR,
                "opened_at": _AT,
                **dict.fromkeys(("edition", "frozen_by", "frozen_at", "inputs_digest", *_RESULT), Is(None)),
            },
            born=True,
        ),
    ),
    "scoring.correction_dropped": (Says("score_correction", "correction_id", {"state": Is("dropped")}),),
    "scoring.correction_frozen": (
        Says(
            "score_correction",
            "correction_id",
            {
                "state": Is("frozen"),
                "frozen_by": _ACTOR,
                "frozen_at": _AT,
                **{name: name for name in ("edition", "rule_version", "inputs_digest")},
                **sealed("score_correction"),
                "result": Fact("", kept_later=True),
            },
        ),
    ),
    "scoring.correction_issued": (Says("score_correction", "correction_id", {"state": Is("issued")}),),
}
