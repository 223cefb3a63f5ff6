"""A refused form comes back on its page as it was sent, with what is wrong beside the field that has it."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from flask import current_app, g, make_response, render_template, request
from lxml import html
from lxml.html import HtmlElement
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tracker.domain.entered import clean_words
from tracker.domain.errors import TrackerError
from tracker.web.access import may_use
from tracker.web.conflicts import Conflict

# What the page says anew: its own markers, and what is never sent back.
_OF_THE_PAGE = frozenset({"csrf_token", "seen", "version", "not_secret"})
# More than the longest form that people write holds; what is longer is shown to be copied.
_MOST_KEPT = 200_000
_NEVER_SHOWN = frozenset({"password", "file", "hidden", "submit", "button"})
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

    `head` is said at the head of the page; `label` is what the page calls the field at fault.
    """

    action: str
    sent: MultiDict[str, str]
    words: str
    head: str
    errors: Mapping[str, str] = field(default_factory=dict)
    label: str = ""


def refused(words: str, error: Exception | None = None) -> Refused:
    """Return the refusal of the request at hand."""
    errors: Mapping[str, str] = getattr(error, "errors", {})
    label = ""
    if isinstance(error, TrackerError) and not errors:
        label = str(error.facts.get("field", ""))
        if field := FIELD_AT_FAULT.get(error.code):
            errors = {field: words}
    head = f"没有保存：{words}填写的内容在下面，改正后可以再次提交。"
    return Refused(request.path, request.form, words, head, errors, label)


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody sent whose log-in had ended: carried through the log-in, shown after it, never done."""

    page: str
    action: str
    fields: str

    @classmethod
    def of_request(cls, page: str) -> "Kept | None":
        """Return what the request at hand sent from a page; None where there is none, or too much to carry."""
        shown = [(name, text) for name, text in request.form.items(multi=True) if name not in _OF_THE_PAGE]
        fields = json.dumps(shown, ensure_ascii=True)
        return cls(page, request.path, fields) if page and len(fields) <= _MOST_KEPT else None

    @classmethod
    def of_login(cls) -> "Kept | None":
        """Return what the log-in form carries; None where it carries nothing that can be read."""
        page, action, fields = (request.form.get(name, "") for name in ("next", "kept_action", "kept_fields"))
        kept = cls(page, action, fields)
        return kept if page and action and is_local(page) and kept.sent() is not None else None

    def sent(self) -> MultiDict[str, str] | None:
        """Return the fields; None where they are none."""
        try:
            told = json.loads(self.fields)
            pairs = [(str(name), str(text)) for name, text in told]
        except (ValueError, TypeError, RecursionError):
            return None
        return MultiDict(pairs)


def is_local(address: str) -> bool:
    """Tell whether an address leads to a page of ours."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def page_again(what: Refused, *, back: str, clash: Conflict | None = None) -> str | None:
    """Return the page at an address of ours with a refused form filled in.

    None where whoever asks may not see the page, or where the form does not stand on it.
    """
    page = _asked_again(back) if back else None
    if page is None:
        return None
    document = html.document_fromstring(page)
    form = _form_of(document, what)
    if form is None:
        return None
    _fill(form, what.sent)
    marked = [name for name, words in _errors_of(form, what).items() if _mark(form, name, words)]
    if not marked:
        form.insert(0, _alert(what.words, form_id=True))
    _show(form, marked)
    _head(document, what.head, clash)
    return str(html.tostring(document, encoding="unicode", doctype="<!doctype html>"))


def _asked_again(back: str) -> str | None:
    """Return what the page at an address answers to the person at hand; None where it is no page for him or her."""
    routes = current_app.create_url_adapter(request)
    assert routes is not None
    try:
        endpoint, _arguments = routes.match(unquote(urlsplit(back).path), "GET")
    except HTTPException:
        return None
    if g.get("actor") is None or not may_use(endpoint, g.actor.role):
        return None
    cookie = {"Cookie": request.headers.get("Cookie", "")}
    with current_app.test_request_context(back, base_url=request.host_url, headers=cookie):
        try:
            answer = make_response(current_app.view_functions[endpoint](**(request.view_args or {})))
        except (TrackerError, HTTPException):
            return None
        whole = answer.status_code == 200 and answer.mimetype == "text/html"
        return answer.get_data(as_text=True) if whole else None


def _form_of(document: HtmlElement, what: Refused) -> HtmlElement | None:
    """Return the form that was sent: of several to one address the one whose hidden fields agree most."""
    found = [
        form
        for form in document.iter("form")
        if form.get("method", "").lower() == "post" and urlsplit(form.get("action", "")).path == what.action
    ]

    def agreement(form: HtmlElement) -> int:
        hidden = (one for one in form.iter("input") if one.get("type") == "hidden")
        return sum(one.get("value", "") in what.sent.getlist(one.get("name", "")) for one in hidden)

    return max(found, key=agreement, default=None)


def _fields(form: HtmlElement) -> Iterator[HtmlElement]:
    for one in form.iter("input", "textarea", "select"):
        kind = one.get("type", "text") if one.tag == "input" else one.tag
        if one.get("name") and one.get("name") not in _OF_THE_PAGE and kind not in _NEVER_SHOWN:
            yield one


def _fill(form: HtmlElement, sent: MultiDict[str, str]) -> None:
    place: Counter[str] = Counter()
    for one in _fields(form):
        name = one.get("name")
        values = [clean_words(text) for text in sent.getlist(name)]
        if one.get("type") in ("checkbox", "radio"):
            _switch(one, "checked", on=one.get("value", "on") in values)
            continue
        value = values[place[name]] if place[name] < len(values) else ""
        place[name] += 1
        if one.tag == "select":
            for option in one.iter("option"):
                _switch(option, "selected", on=option.get("value", option.text or "") == value)
        elif one.tag == "textarea":
            one.text = f"\n{value}"  # a reader of HTML leaves the first line break out
        else:
            one.set("value", value)


def _switch(one: HtmlElement, name: str, *, on: bool) -> None:
    one.attrib.pop(name, None)
    if on:
        one.set(name, name)


def _errors_of(form: HtmlElement, what: Refused) -> Mapping[str, str]:
    """Return the faults by field: as told, or of the field whose label a refusal names."""
    if what.errors or not what.label:
        return what.errors
    named = {one.get("id"): one.get("name") for one in _fields(form) if one.get("id")}
    for label in form.iter("label"):
        words = re.sub(r"\s", "", label.text_content())
        if words.startswith(what.label) and label.get("for") in named:
            return {named[label.get("for")]: what.words}
    return {}


def _mark(form: HtmlElement, name: str, words: str) -> bool:
    """Put a sentence before the field of a name; say whether the form has it."""
    found = next((one for one in _fields(form) if one.get("name") == name), None)
    if found is None:
        return False
    alert = _alert(words)
    alert.set("id", f"refused-{name}")
    found.set("aria-invalid", "true")
    found.set("aria-describedby", f"refused-{name}")
    found.addprevious(alert)
    return True


def _alert(words: str, *, form_id: bool = False) -> HtmlElement:
    alert = html.Element("span", {"class": "err", "role": "alert"})
    alert.text = words
    if form_id:
        alert.set("id", "refused")
    return alert


def _show(form: HtmlElement, marked: list[str]) -> None:
    """Open what the form is folded into, and begin where the first fault is."""
    for around in form.iterancestors("details"):
        around.set("open", "open")
    for one in form.getroottree().iter("input", "textarea", "select"):
        one.attrib.pop("autofocus", None)
    at_fault = [one for one in _fields(form) if one.get("name") in marked] or list(_fields(form))
    for one in at_fault[:1]:
        one.set("autofocus", "autofocus")


def _head(document: HtmlElement, words: str, clash: Conflict | None) -> None:
    """Say at the head of the page that nothing was kept, and what others did meanwhile."""
    inside = document.xpath("//main/div")
    said = render_template("web/errors/refused.html", words=words, clash=clash)
    for element in reversed(html.fragments_fromstring(said, no_leading_text=True) if inside else []):
        element.tail = None
        inside[0].insert(0, element)
