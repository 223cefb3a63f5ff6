"""What somebody sent, from which page, and why it was not taken; carried through a log-in where his had ended."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from flask import current_app, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tracker.domain.entered import clean_words
from tracker.domain.errors import TrackerError
from tracker.web.conflicts import sent

# The page on which a form came back, whose own address is that of the form.
PAGE = "page_of_form"
# Until when the page was made on which somebody wrote: others may have decided since.
MARKERS = frozenset({"seen", "version"})
# What the page says anew: its own markers, and what is never sent back.
OF_THE_PAGE = frozenset({"csrf_token", "not_secret", "password", PAGE}) | MARKERS
# A page of this site, e.g. /tasks?q=[2022]; not "//elsewhere", also where browsers drop a tab: "/\\t/elsewhere".
_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\ufffe\uffff]*")
# More than the longest form that people write holds; what is longer is shown to be copied.
_MOST_KEPT = 200_000
_FILES_LOST = "附件没有留下，请重新选择。"
# Which field a refusal of an act is about, where its facts do not name the label.
FIELD_AT_FAULT: Mapping[str, str] = {
    "reason_required": "reason",
    "no_return_reason": "reason_class",
    "opinion_missing": "opinion",
    "end_before_issue": "new_on",
    "same_plan_end": "new_on",
    "same_deadline": "new_on",
    "not_an_extension": "new_due_on",
    "name_missing": "full_name",
    "name_in_use": "full_name",
    "not_yet_merged": "merged_on",
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
        if field := FIELD_AT_FAULT.get(error.code):
            errors = {field: words}
    head = f"没有保存：{words}填写的内容在下面，改正后可以再次提交。{files_lost()}"
    return Refused(request.path, sent(), words, head, errors, label, overtaken)


def files_lost() -> str:
    """Return the sentence that the files of the request at hand are to be chosen again; empty where it has none."""
    try:
        return _FILES_LOST if any(file.filename for file in request.files.values()) else ""
    except HTTPException:
        return ""


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
