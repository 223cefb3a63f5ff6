"""Which event says what of which row: the facts that the audit holds rows against beside the state that is folded."""

from collections.abc import Mapping

from tracker.domain.circulars.editions import EDITION_TRANSITIONS
from tracker.domain.filings import FilingState, RequestState
from tracker.store.history.account_facts import ACCOUNTS
from tracker.store.history.asked_facts import ASKED
from tracker.store.history.box_facts import BOXES
from tracker.store.history.joint_facts import JOINT
from tracker.store.history.naming_facts import NAMED
from tracker.store.history.project_facts import PROJECTS
from tracker.store.history.row_says import Beside, Fact, Is, Says, sealed
from tracker.store.history.scoring_facts import SCORED
from tracker.store.history.served_facts import SERVED

# What no event of this type tells, whatever was told before.
_LATER = Fact("", kept_later=True)
_A, _AT = Beside.ACTOR, Beside.AT
_NONE = Is(None)
_DECIDED: Mapping[str, Beside] = {"decided_by": _A, "decided_at": _AT}
# Of a number that is given when a paper is issued; from then on they are digested with what it says.
_NUMBERED = ("year", "running_number")
# Nobody has decided a report when it leaves its unit.
_UNDECIDED: Mapping[str, Is] = dict.fromkeys(
    ("decided_by", "decided_at", "verified_reason", "verified_outcome", "decision_reason", "reason_class"), _NONE
)
_SEALED_EACH = {"item": Says("item", "id", sealed("item", "sha256"), each="sealed_items")}
_DOCUMENT = Says("document", "document_id", sealed("document"))

SAYS: Mapping[str, tuple[Says, ...]] = {
    **ACCOUNTS,
    **BOXES,
    **PROJECTS,
    "circular.drafted": (
        Says(
            "circular",
            "circular_id",
            {
                "type": "kind",
                "as_of": "as_of",
                "last_event": "last_event",
                "state": Is("draft"),
                "drafted_by": _A,
                "drafted_by_id": Beside.ACTOR_ID,
                "drafted_at": _AT,
                "corrects_because": Fact("because", or_none=True),
                **{name: Fact(name, or_none=True) for name in ("score_month_id", "score_edition")},
                "redrafted_from_id": Fact("redrafts", or_none=True),
                **dict.fromkeys(("approved_by", "approved_at", "approval_basis", "sent_back_because"), _NONE),
                **dict.fromkeys(("closed_because", "number", "issued_by", "issued_at", "sha256"), _NONE),
                **dict.fromkeys(_NUMBERED, _NONE),
            },
            born=True,
        ),
    ),
    "circular.changed": (
        *(
            Says("circular", "circular_id", {"state": Is(state.value)}, when={"act": action.value})
            for (_before, action), state in EDITION_TRANSITIONS.items()
        ),
        Says(
            "circular",
            "circular_id",
            {"approved_by": _A, "approved_at": _AT, "approval_basis": "words"},
            when={"act": "approve"},
        ),
        Says(
            "circular",
            "circular_id",
            {"approved_by": _NONE, "approved_at": _NONE, "approval_basis": _NONE, "sent_back_because": "words"},
            when={"act": "send_back"},
        ),
        Says("circular", "circular_id", {"sent_back_because": _NONE}, when={"act": "submit"}),
        Says("circular", "circular_id", {"closed_because": "words"}, when={"act": "withdraw"}),
        Says("circular", "circular_id", {"closed_because": Fact("closed", kept_later=True)}, when={"act": "correct"}),
        Says("circular", "circular_id", {"closed_because": "closed"}, when={"act": "redraft"}),
    ),
    "circular.issued": (
        Says(
            "circular",
            "circular_id",
            {
                "number": "number",
                "facts_sha256": Fact("facts_sha256", kept_later=True),
                **sealed("circular"),
                **dict.fromkeys(_NUMBERED, _LATER),
                "state": Is("issued"),
                "issued_by": _A,
                "issued_at": _AT,
            },
        ),
    ),
    **ASKED,
    **SERVED,
    **NAMED,
    **JOINT,
    **SCORED,
    "circular.drawn": (Says("circular", "circular_id", {"sha256": "sha256"}),),
    "circular.template_kept": (
        Says("circular_template", "template_id", {"type": "kind", "name": "name", "sha256": "sha256"}),
        Says(
            "circular_template",
            "template_id",
            {"uploaded_by": _A, "uploaded_at": _AT, "retired_at": _NONE},
            when={"retired": False},
            born=True,
        ),
        Says("circular_template", "template_id", {"retired_at": _AT}, when={"retired": True}),
    ),
    "document.registered": (
        Says("document", "document_id", {"number": "number", "text_sha256": "text_sha256", **_DOCUMENT.columns}),
        _SEALED_EACH["item"],
    ),
    "document.reread": (
        Says("document", "document_id", {"ends_on": _LATER, **_DOCUMENT.columns}),
        _SEALED_EACH["item"],
    ),
    "news.told": (Says("report", "report_id", {"written_by": _A}),),
    "document.plan_end_corrected": (Says("document", "document_id", {"ends_on": "new_on", **_DOCUMENT.columns}),),
    "draft.uploaded": (
        Says(
            "draft",
            "draft_id",
            {
                "file_name": "file_name",
                "file_sha256": "file_sha256",
                "uploaded_by": _A,
                "uploaded_at": _AT,
                "state": Is("open"),
                "document_id": _NONE,
            },
            born=True,
        ),
    ),
    "draft.approved": (Says("draft", "draft_id", {"state": Is("approved"), "document_id": "document_id"}),),
    "draft.discarded": (Says("draft", "draft_id", {"state": Is("discarded")}),),
    "filing.submitted": (
        Says(
            "filing",
            "filing_id",
            {
                "kind": "kind",
                "written_by": _A,
                "written_at": _AT,
                "evidence_reason": "evidence_reason",
                "state": Is(FilingState.AWAITING_SIGN_OFF.value),
                "signed_by": _NONE,
                "filed_at": _NONE,
                "stopped_by": _NONE,
                "stopped_at": _NONE,
                "stopped_reason": _NONE,
            },
            born=True,
        ),
    ),
    "filing.signed": (
        Says(
            "filing",
            "filing_id",
            {"signed_by": _A, "filed_at": _AT, "ticked": "ticked", "state": Is(FilingState.FILED.value)},
        ),
    ),
    "filing.stopped": (
        Says(
            "filing",
            "filing_id",
            {"state": "state", "stopped_by": _A, "stopped_at": _AT, "stopped_reason": Fact("reason", or_none=True)},
        ),
    ),
    "report.filed": (
        Says(
            "report",
            "report_id",
            {"filed_at": _AT, "written_by": Fact("written_by", kept_later=True), **_UNDECIDED},
        ),
        Says("evidence", "id", sealed("evidence", "sha256"), each="files"),
    ),
    "report.verified": (
        Says(
            "report",
            "report_id",
            {
                **_DECIDED,
                "verified_reason": Fact("reason", or_none=True),
                "decision_reason": _NONE,
                "verified_outcome": "outcome",
                "reason_class": _NONE,
            },
        ),
    ),
    "report.given_back": (
        Says(
            "report",
            "report_id",
            {**_UNDECIDED, **_DECIDED, "decision_reason": "reason", "reason_class": "reason_class"},
        ),
    ),
    "report.lead_verified": (
        Says(
            "lead_verification",
            "report_id",
            {
                **{name: name for name in ("lead_unit_id", "opinion", "claim", "sampled")},
                "reason": Fact("reason", or_none=True),
                "given_by": _A,
                "given_at": _AT,
            },
        ),
    ),
    "request.asked": (
        Says(
            "request",
            "request_id",
            {
                **{name: name for name in ("kind", "reason", "report_id", "new_due_at")},
                "asked_by": _A,
                "asked_at": _AT,
                "state": Is(RequestState.PENDING.value),
                "decided_by": _NONE,
                "decided_at": _NONE,
                "decision_reason": _NONE,
            },
            born=True,
        ),
        Says(
            "petition",
            "petition_id",
            {"state": Is("signed"), "request_id": "request_id", "ended_by": _A, "ended_at": _AT, "ended_reason": _NONE},
            optional=True,
        ),
    ),
    "request.granted": (
        Says(
            "request",
            "request_id",
            {
                "state": Is(RequestState.GRANTED.value),
                "new_due_at": "new_due_at",
                **_DECIDED,
                "decision_reason": Fact("reason", or_none=True),
            },
        ),
        Says("report", "report_id", {"verified_reason": "reason"}, when={"kind": "objection"}),
    ),
    "request.refused": (
        Says(
            "request", "request_id", {"state": Is(RequestState.REFUSED.value), **_DECIDED, "decision_reason": "reason"}
        ),
    ),
    "request.mooted": (Says("request", "request_id", {"state": Is(RequestState.MOOT.value), "decided_at": _AT}),),
    "request.revived": (Says("request", "request_id", {"state": Is(RequestState.PENDING.value), "decided_at": _NONE}),),
    "question.answered": (
        Says("question", "question_id", {"topic": "topic", "answer": "answer", "answered_by": _A, "answered_at": _AT}),
    ),
    "trigger.recorded": (
        Says(
            "trigger_event",
            "trigger_id",
            {
                "task_id": Beside.TASK,
                "occurred_at": "occurred_at",
                "matter": "matter",
                "recorded_by": _A,
                "ended_at": _NONE,
            },
            born=True,
        ),
    ),
    "trigger.ended": (Says("trigger_event", "trigger_id", {"ended_at": _AT}),),
    **dict.fromkeys(
        ("unit.entered", "unit.registered"),
        (
            Says(
                "unit",
                "id",
                {
                    **{name: name for name in ("full_name", "short_name", "kept_by_unit_id", "merged_into_unit_id")},
                    **sealed("unit"),
                },
                each="entered",
                born=True,
            ),
        ),
    ),
    "unit.renamed": (
        Says("unit", Beside.UNIT, {"full_name": "new_name", "short_name": Fact("new_short_name", kept_later=True)}),
    ),
    "unit.keeper_set": (Says("unit", Beside.UNIT, {"kept_by_unit_id": "keeper_unit_id"}),),
    "unit.merged": (Says("unit", Beside.UNIT, {"merged_into_unit_id": "into_unit_id"}),),
    "calendar.published": (
        Says("calendar_year", "year", {"source": "source", "issued_on": "issued_on", "imported_by": _A}),
    ),
}
