"""Every column that the audit does not hold against the log, with the reason; docs/security.md says what remains."""

from collections.abc import Mapping

KEY = "the number of the row itself: another one is a row that is gone"
MACHINERY = "how far the machinery has come; what it did is told by events, and by the messages that are sealed"
TRIES = "changes with each try and each look; what a message says is sealed"
REPEATED = "follows from what is compared, and is computed anew"
OPENINGS = "of log-ins events tell the beginning and the end, not the keys; they end after eight hours"
COUNTED = "counts guesses and uploads: whoever empties it is refused later, and let in by nothing"
DEMANDS = "no event tells whom an item names and binds; what followed is compared, what is still to follow is not"
WORDS = "words of what is not issued yet; the facts and the file of what is issued are compared by their digests"
MERGERS = "a merger moves it, and its events tell shares and rows, not envelopes"
UNITS = "further names, by which documents are read; what was read is compared with its digests"
UNTOLD = "no event tells it; what is decided by it is"
UNSENT = "of one's own: what is half done, and how somebody looks at lists; nobody else is told of it"
ANSWERS = "compared of what an event calls an answer; a reply that came too late for that keeps what it was meant for"
CHAIN = "the chain holds it"
HISTORY = "reckoned before events told it; never owed"

_ALL = "*"
# By table: columns by reason; `*` are all.
_BY_REASON: Mapping[str, Mapping[str, str]] = {
    "box_file": {"id": KEY, "version": TRIES},
    **{name: {"id": KEY, "version": TRIES} for name in ("project", "project_import", "project_milestone")},
    **{name: {"id": KEY} for name in ("project_listing", "project_value", "site_check")},
    "site_photo": {"id": KEY, "check_id": REPEATED},
    "calendar_year": {"year": KEY, "days": REPEATED, "imported_at": UNTOLD},
    "chain_head": {_ALL: CHAIN},
    "event": {_ALL: CHAIN},
    "circular_template": {"id": KEY, "fields": REPEATED},
    "demonstration_clock": {_ALL: MACHINERY},
    "digest_pass": {_ALL: MACHINERY},
    "relay_cursor": {_ALL: MACHINERY},
    "delivery": {_ALL: MACHINERY},
    "overdue_rollup": {_ALL: REPEATED},
    "number_series": {_ALL: REPEATED},
    "document": {"id": KEY},
    "document_span": {_ALL: DEMANDS},
    "item": {"id": KEY},
    "item_bearer": {_ALL: DEMANDS},
    "item_cadence": {"id": KEY, "addressee_unit_id": MERGERS},
    "item_evidence": {"id": KEY},
    "item_group": {_ALL: DEMANDS},
    "item_group_member": {_ALL: DEMANDS},
    "item_succession": {_ALL: DEMANDS},
    "item_target": {"id": KEY},
    "item_unit": {_ALL: DEMANDS},
    "question": {"id": KEY, "item_id": DEMANDS, "words": DEMANDS},
    "lesson": {_ALL: UNITS},
    "draft": {"id": KEY, "version": TRIES, "content": WORDS},
    "circular": {
        "id": KEY,
        "version": TRIES,
        "replaces_id": UNTOLD,
        **dict.fromkeys(("template_version", "rule_version", "previous_id"), WORDS),
        **dict.fromkeys(("name", "remarks", "deviations", "layout_id", "left_behind"), WORDS),
        "drafted_for_id": UNTOLD,
        "said": REPEATED,
    },
    "served_paper": {"id": KEY, "version": TRIES},
    "enclosure": {"id": KEY},
    "naming": {"id": KEY, "version": TRIES},
    "co_issuer": {"id": KEY, "version": TRIES},
    "unit": {"id": KEY},
    "unit_alias": {_ALL: UNITS},
    "person": {
        "id": KEY,
        "asked_role": UNTOLD,
        "created_at": UNTOLD,
        "password_changed_at": UNTOLD,
        "last_login_at": UNTOLD,
    },
    "absence": {"id": KEY},
    "handover": {"id": KEY},
    "former_password": {_ALL: UNTOLD},
    "login": {_ALL: OPENINGS},
    "half_log_in": {_ALL: OPENINGS},
    "login_throttle": {_ALL: COUNTED},
    "upload": {_ALL: COUNTED},
    "recovery_code": {_ALL: UNTOLD},
    "share_handler": {"assignment_id": KEY, "version": TRIES},
    "score_scheme": {"id": KEY},
    "score_decision": {"id": KEY},
    "score_month": {"id": KEY, "version": TRIES},
    "score_input": {"id": KEY},
    "score_objection": {"id": KEY, "version": TRIES},
    "score_correction": {"id": KEY, "version": TRIES},
    "second_factor": {
        "user_id": KEY,
        **dict.fromkeys(("confirmed_at", "last_counter", "pending_sealed", "pending_at", "pending_log_in_id"), UNTOLD),
        **dict.fromkeys(("reset_at", "reset_by", "reset_told"), UNTOLD),
    },
    "reminder": {
        "id": KEY,
        **dict.fromkeys(("state", "attempts", "next_at", "claim_token", "claim_until", "rung_at", "sent_at"), TRIES),
        **dict.fromkeys(("read_at", "last_error"), TRIES),
    },
    "task": {"id": KEY, "version": TRIES, "item_id": UNTOLD, "dormant": DEMANDS},
    "target_point": {"id": KEY} | dict.fromkeys(("reason", "set_by", "set_at"), UNTOLD),
    "assignment": {
        "id": KEY,
        "version": TRIES,
        "proposed": UNTOLD,
        "received_at": UNTOLD,
        **dict.fromkeys(("own_role", "own_duty", "taken_role", "taken_duty", "got_on", "from_on"), UNTOLD),
    },
    "trigger_event": {"id": KEY},
    "series": {
        "id": KEY,
        "version": TRIES,
        "key": UNTOLD,
        "addressee_unit_id": UNTOLD,
        **dict.fromkeys(("overdue_from", "overdue_noted", "extends_on", "unasked"), REPEATED),
    },
    "duty": {_ALL: DEMANDS},
    "period": {"id": KEY, "version": TRIES, "scheduled_at": UNTOLD, "frozen_at": REPEATED},
    "form_row": {"id": KEY, "version": TRIES, "settled_by": UNTOLD},
    "filing": {
        "id": KEY,
        "version": TRIES,
        "missed_words": UNTOLD,
        **dict.fromkeys(("unit_id", "period_id", "legacy_period_id"), MERGERS),
    },
    "report": {"id": KEY, "version": TRIES, "late": REPEATED, "answers_id": ANSWERS},
    "evidence": {"id": KEY, "uploaded_at": UNTOLD},
    "correction": {_ALL: REPEATED},
    "lead_verification": {"report_id": KEY},
    "inquiry": {"id": KEY, "version": TRIES},
    "inquiry_asked": {"id": KEY, "version": TRIES},
    "instruction": {"id": KEY, "version": TRIES},
    "jotting": {_ALL: UNSENT},
    "search_text": {_ALL: REPEATED},
    "search_gram": {_ALL: REPEATED},
    "saved_view": {_ALL: UNSENT},
    "request": {
        "id": KEY,
        "version": TRIES,
        "old_due_at": REPEATED,
        "by_leader": UNTOLD,
        **dict.fromkeys(("assignment_id", "row_id"), MERGERS),
    },
    "petition": {"id": KEY, "version": TRIES, "assignment_id": MERGERS},
    "legacy_period": {_ALL: HISTORY},
    "legacy_extension": {_ALL: HISTORY},
}


def reason_for(table: str, column: str) -> str | None:
    """Return why a column is not compared; None where it is."""
    known = _BY_REASON.get(table, {})
    return known.get(column) or known.get(_ALL)


def listed() -> set[tuple[str, str]]:
    """Return each table and column that is listed, `*` for all of one."""
    return {(table, column) for table, columns in _BY_REASON.items() for column in columns}
