"""What somebody sent, from which page, and why it was not taken; carried through a log-in where his had ended."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from flask import current_app, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tracker.domain.entered import clean_words
from tracker.domain.errors import TrackerError
from tracker.web.conflicts import sent
from tracker.web.own_box import lost_names, with_what_came
from tracker.web.uploads import chosen_names

# The page on which a form came back, whose own address is that of the form.
PAGE = "page_of_form"
# Until when the page was made on which somebody wrote, and what came next then: others may have decided since.
MARKERS = frozenset({"seen", "version", "was", "onward"})
# What is never sent back, kept or shown.
PASSWORDS = frozenset({"password", "old_password", "new_password", "new_again", "factor_code"})
# What the page says anew: its own markers, the records that it lists, and what is never sent back.
OF_THE_PAGE = frozenset({"csrf_token", "not_secret", "uncounted", "records", PAGE}) | PASSWORDS | MARKERS
# A page of this site, e.g. /tasks?q=[2022]; not "//elsewhere", also where browsers drop a tab: "/\\t/elsewhere".
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\ufffe\uffff]*")
# More than the longest form that people write holds; what is longer is shown to be copied.
_MOST_KEPT = 200_000
_FILES_LOST = "附件没有留下，请重新选择。"
_FILES_KEPT = "所选文件已存入佐证箱，编号已填在下面。"
_OF_FIELDS: Mapping[str, str] = {
    "month": "score_month_unreadable score_month_ahead score_month_open_already score_month_before_scheme"
    " project_month_ahead",
    "inputs_by": "day_too_far score_inputs_due_in_past score_inputs_due_early",
    "decided_on": "score_decided_in_future score_decided_before_document",
    "option": "score_decision_invalid",
    "first_month": "score_month_decided_already",
    "last_month": "score_decision_months_reversed",
    "title": "title_too_long paper_title_missing",
    "reason": "reason_required reason_too_long lowering_needs_reason lowered_outcome_needs_reason"
    " score_correction_reason finding_too_short",
    "reason_class": "no_return_reason",
    "falsified": "nothing_found_untrue",
    "let_pass": "leads_still_owe",
    "opinion": "opinion_missing",
    "claim": "lower_claim_missing claim_raised claim_unfit claim_leaves_open",
    "outcome": "outcome_needed outcome_raised",
    "new_due_on": "day_too_far not_an_extension leader_decides due_before_opening",
    "new_on": "day_too_far end_before_issue same_plan_end validity_printed same_deadline new_deadline_needed"
    " leader_decides",
    "occurred_at": "event_in_the_future event_before_issue event_too_old event_recorded_already event_still_running",
    "answer": "answer_unfit",
    "decided_by": "decider_needed",
    "names": "members_missing",
    "naming_words": "naming_words_missing reason_too_long",
    "countersign_words": "countersign_words_missing reason_too_long",
    "proposal": "nothing_to_serve",
    "paper_answer": "paper_answer_missing paper_answer_too_long",
    "answer_by": "day_too_far wanted_day_past",
    "given_on": "given_in_the_future",
    "leader": "no_such_leader",
    "good_until": "term_over",
    "name": "project_name_missing name_too_long view_name_missing view_name_too_long view_name_taken",
    "planned_finish": "project_plan_reversed",
    "since": "project_not_listed_then",
    "off": "project_off_before_listed project_day_ahead",
    "on": "project_day_ahead",
    "in_statistics": "project_day_ahead",
    "found": "site_check_not_true",
    "source": "project_source_missing",
    "tick": "tick_evidence_missing",
    "other_period": "export_other_period",
    "strange_values": "export_strange_values",
    "words": "inquiry_words_missing site_check_says_nothing words_not_found span_taken",
    "box": "box_numbers_unreadable box_file_unknown box_file_expired",
    "asked": "nobody_instructed",
    "handler": "handler_too_long",
    "urgency": "urgency_unknown",
    "layout": "template_of_another_type",
    "cited": "nothing_cited cited_unknown",
    "added": "figure_by_hand",
    "person": "handler_unfit",
    "everyone": "nobody_asked",
    "day": "day_too_far deadline_set deadline_before_issue project_day_ahead",
    "interval": "no_such_interval interval_printed interval_not_asked key_is_monthly same_interval",
    "keeper": "may_not_keep kept_already",
    "full_name": "name_missing name_in_use",
    "into_unit_id": "same_unit unit_gone",
    "merged_on": "not_yet_merged",
    "valid_from": "not_yet_merged",
    "unit_id": "unit_needed unit_unfit unknown_unit has_a_share never_tasked unit_gone last_lead",
    "unit": "asked_by_letter nobody_acts scope_missing",
    "office": "no_such_letterhead",
    "number": "number_taken score_number_outside score_number_not_whole",
    "from_at": "outage_overlaps",
    "until_at": "outage_not_over outage_empty outage_too_long",
    "replace": "calendar_year_published",
    "text": "calendar_empty notice_unreadable notice_incomplete",
    "role": "role_not_grantable unit_unfit",
    "login": "login_taken login_malformed",
    "email": "email_malformed",
    "old_password": "old_password_wrong",
    "digest_hour": "hour_not_offered",
    "password": "password_wrong",
    "factor_code": "factor_wrong factor_not_confirmed",
    "new_password": "password_refused",
    "new_again": "passwords_differ",
    "first_on": "leave_overlaps",
    "last_on": "leave_ends_before leave_is_past leave_too_long",
    "deputy_id": "deputy_unfit deputy_away",
    "to_id": "receiver_unfit",
    "anyway": "open_work_left",
    "learn": "lesson_unclear unit_not_in_registry taught_otherwise",
    "speaks": "label_not_printed",
    "not_secret": "declaration_missing",
    "file": "no_file_chosen empty_file file_too_large bad_file_name ending_not_allowed content_unlike_ending"
    " secrecy_marked archive_damaged archive_too_large archive_encrypted archive_name_unsafe archive_nested"
    " macros_inside member_not_allowed file_encrypted file_damaged scan_without_text pdf_too_long text_too_long"
    " nothing_to_break_down ledger_unreadable calendar_file_unreadable template_refused"
    " part_not_allowed files_too_large_together too_many_files too_many_inspected"
    " doctype_inside link_outside object_inside program_inside pdf_active file_too_complex virus_found scanner_failed"
    " quota_used_up day_quota_used_up ledger_too_long project_sheet_unreadable project_sheet_too_long"
    " sheet_unreadable sheet_too_long sheet_of_another_form"
    " score_book_unreadable score_book_of_another score_book_of_other_scheme score_book_too_long score_book_empty",
}
# Which field a refusal is about, where its facts do not name the label; the first of them that the form has.
FIELD_AT_FAULT: Mapping[str, tuple[str, ...]] = {
    code: tuple(field for field, codes in _OF_FIELDS.items() if code in codes.split())
    for code in " ".join(_OF_FIELDS.values()).split()
}


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent where, and why it was not taken: in `words`, or by the names of fields in `errors`.

    `head` is said at the head of the page; `label` is what the page calls the field at fault. `overtaken`: the page
    shows what others did; else the form keeps its markers, for nobody has told the sender of it.
    """

    action: str
    sent: MultiDict[str, str]
    words: str
    head: str
    errors: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    overtaken: bool = False


def refused(words: str, error: Exception | None = None, *, overtaken: bool = False) -> Refused:
    """Return the refusal of the request at hand."""
    errors: Mapping[str, str] = getattr(error, "errors", {})
    label = ""
    if isinstance(error, TrackerError) and not errors:
        label = str(error.facts.get("field", ""))
        errors = dict.fromkeys(FIELD_AT_FAULT.get(error.code, ()), words)
    back = "请重新填写。" if PASSWORDS & sent().keys() else "填写的内容在下面，改正后可以再次提交。"
    head = f"没有保存：{words}{back}{files_lost()}"
    return Refused(request.path, with_what_came(sent()), words, head, errors, label, overtaken)


def files_lost() -> str:
    """Return the sentence that the files of the request at hand are to be chosen again; empty where it has none."""
    try:
        if not any(file.filename for file in request.files.values()):
            return ""
        if "came_with" in g:
            return _kept_in_box()
        return _lost_words() if g.get("boxed") else _FILES_LOST
    except HTTPException:
        return ""


def _kept_in_box() -> str:
    """Say which files of the form lie in the box now, and which are to be chosen again."""
    lost = sum(map(len, lost_names().values()))
    kept = _FILES_KEPT if lost < sum(map(len, chosen_names().values())) else ""
    return kept + _lost_words()


def _lost_words() -> str:
    lost = [name for names in lost_names().values() for name in names]
    return f"没有保存的附件：{'、'.join(lost)}，请重新选择。" if lost else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody sent whose log-in had ended: carried through the log-in, shown after it, never done."""

    page: str
    action: str
    fields: str

    @classmethod
    def of_request(cls) -> "Kept | None":
        """Return what the request at hand sent from a page; None where there is none, or too much to carry."""
        page = sent_from()
        shown = [(name, text) for name, text in sent().items(multi=True) if name not in OF_THE_PAGE - MARKERS]
        fields = json.dumps(shown, ensure_ascii=True)
        return cls(page, request.path, fields) if page and len(fields) <= _MOST_KEPT else None

    @classmethod
    def of_login(cls) -> "Kept | None":
        """Return what the log-in form carries; None where it carries nothing that can be read."""
        page, action, fields = (sent().get(name, "") for name in ("next", "kept_action", "kept_fields"))
        kept = cls(page, action, fields)
        return kept if page and action and is_local(page) and kept.sent() is not None else None

    def sent(self) -> MultiDict[str, str] | None:
        """Return the fields, as a form sends them; None where they are none."""
        try:
            told = json.loads(self.fields)
            pairs = [(str(name), clean_words(str(text))) for name, text in told]
        except (ValueError, TypeError, RecursionError):
            return None
        return MultiDict(pairs)


def sent_from() -> str:
    """Return the page of ours on which the form at hand was filled in; empty where it came from elsewhere.

    A page that came back stands at the address of a form, so it carries its own in the form.
    """
    if request.method == "GET" or not came_from_here():
        return ""
    shown_at = urlsplit(request.referrer or "")._replace(scheme="", netloc="").geturl()
    return next((page for page in (sent().get(PAGE, ""), shown_at) if is_page(page)), "")


def came_from_here() -> bool:
    """Tell whether the form at hand stood on a page of ours, as the browser says."""
    try:
        return urlsplit(request.referrer or "").netloc == request.host
    except ValueError:
        return False


def is_page(address: str) -> bool:
    """Tell whether an address is one of ours that can be asked for."""
    routes = current_app.create_url_adapter(request)
    assert routes is not None
    return is_local(address) and routes.test(unquote(urlsplit(address).path), "GET")


def is_local(address: str) -> bool:
    """Tell whether an address leads to a page of ours."""
    return _LOCAL.fullmatch(address) is not None
