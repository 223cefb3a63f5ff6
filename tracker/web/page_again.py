"""A page is asked for again, and the form on it that was refused filled with what was sent, each fault at its field."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from flask import current_app, g, make_response, render_template, request
from flask_wtf.csrf import generate_csrf
from lxml import html
from lxml.html import HtmlElement
from structlog.contextvars import bound_contextvars, get_contextvars
from structlog.stdlib import get_logger
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from tracker.domain.entered import clean_words
from tracker.domain.errors import TrackerError
from tracker.web.access import may_use
from tracker.web.conflicts import Conflict, written_in
from tracker.web.marking import NEVER_SHOWN, alert, begin_at, fields_of, mark
from tracker.web.refused import MARKERS, OF_THE_PAGE, PAGE, Refused

_LOG = get_logger(__name__)
# A form that names its thing by the place in a list: after another's change another thing stands there.
_PLACE, _OF_PLACES = "item", frozenset({"version"})
_CHOOSE_ANEW = "请重新选择"


def page_again(what: Refused, *, back: str, clash: Callable[[], Conflict] | None = None) -> str | None:
    """Return the page at an address of ours with a refused form filled in.

    `clash` is asked last for what others did: the page is marked as made after that, so none of it may be missed. None
    where whoever asks may not see the page, or where the form does not stand on it.
    """
    page = _asked_again(back) if back else None
    if page is None:
        return None
    document = html.document_fromstring(page)
    form = _form_of(document, what)
    if form is None or _has_slipped(form, what):
        return None
    _fill(form, what.sent, beside_now=what.overtaken)
    if not what.overtaken:
        _keep_markers(form, what.sent)
    marked = [name for name, words in _errors_of(form, what).items() if mark(form, name, words)]
    if not marked and what.words != what.head:
        form.insert(0, alert(what.words, id_="refused"))
    begin_at(form, marked)
    _name_page(document, back)
    _head(document, what.head, clash() if clash else None, _without_place(form, what.sent))
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
    generate_csrf()  # in the session of this answer, for that of the page asked for is kept nowhere
    cookie = {"Cookie": request.headers.get("Cookie", "")}
    with (
        bound_contextvars(**get_contextvars()),  # the record of the request ends with the outer one
        current_app.test_request_context(back, base_url=request.host_url, headers=cookie),
    ):
        try:
            answer = make_response(current_app.view_functions[endpoint](**(request.view_args or {})))
        except (TrackerError, HTTPException):
            return None
        except Exception:
            # Whatever ails the page, the refusal is answered, and what was written is shown.
            _LOG.exception("page not to be had again")
            return None
        whole = answer.status_code == 200 and answer.mimetype == "text/html"
        return answer.get_data(as_text=True).replace("\0", "") if whole else None


def _form_of(document: HtmlElement, what: Refused) -> HtmlElement | None:
    """Return the form that was sent: of several to one address that about the same thing with the most like fields."""
    found = [form for form in _posted(document) if what.action in _actions(form) and _is_of_the_same(form, what.sent)]
    return min(found, key=lambda form: _strangeness(form, what.sent), default=None)


def _actions(form: HtmlElement) -> set[str]:
    """Return where a form can be sent: its own address and those of its buttons."""
    addresses = (form.get("action", ""), *(one.get("formaction", "") for one in form.iter("button")))
    return {urlsplit(address).path for address in addresses}


def _strangeness(form: HtmlElement, sent: MultiDict[str, str]) -> int:
    """Count the fields that were sent and are not the form's, and those of the form that a browser would have sent."""
    names = {one.get("name") for one in form.iter("input", "textarea", "select", "button")}
    always = {one.get("name") for one in fields_of(form) if one.get("type") not in ("checkbox", "radio")}
    return len(set(sent) - names - OF_THE_PAGE) + len(always - set(sent))


def _is_of_the_same(form: HtmlElement, sent: MultiDict[str, str]) -> bool:
    """Tell whether all that a form says by itself was sent, row for row; a place in a list means one version only."""
    said: dict[str, list[str]] = defaultdict(list)
    for one in form.iter("input"):
        if one.get("type") == "hidden" and one.get("name"):
            said[one.get("name")].append(one.get("value", ""))
    if _PLACE in sent and _PLACE not in said:
        return False
    fixed = {name for name in said if name not in OF_THE_PAGE} | (_OF_PLACES if _PLACE in said else frozenset())
    return all(said.get(name, [""]) == sent.getlist(name) for name in fixed)


def _has_slipped(form: HtmlElement, what: Refused) -> bool:
    """Tell whether a form has other rows than those that were written: its texts would stand at wrong places."""
    if not what.overtaken and not _is_of_another_version(form, what.sent):
        return False
    places = Counter(one.get("name") for one in fields_of(form) if _is_written(one))
    return any(len(what.sent.getlist(name)) not in (0, count) for name, count in places.items())


def _is_of_another_version(form: HtmlElement, sent: MultiDict[str, str]) -> bool:
    return any(one.get("value") != sent.get("version") for one in form.iter("input") if one.get("name") == "version")


def _is_written(one: HtmlElement) -> bool:
    return one.get("type") not in ("checkbox", "radio") and one.get("multiple") is None


def _posted(document: HtmlElement) -> Iterator[HtmlElement]:
    return (form for form in document.iter("form") if form.get("method", "").lower() == "post")


def _fill(form: HtmlElement, sent: MultiDict[str, str], *, beside_now: bool) -> None:
    """Write what was sent; `beside_now`: where it differs, with what stands there now and it would replace."""
    place: Counter[str] = Counter()
    for one in list(fields_of(form)):
        name = one.get("name")
        values = [clean_words(text) for text in sent.getlist(name)]
        now = _words_of(one)
        if one.get("type") in ("checkbox", "radio"):
            _switch(one, "checked", on=one.get("value", "on") in values)
        elif one.get("multiple") is not None:
            _choose(one, values)
        elif values:
            _write(one, values[place[name]] if place[name] < len(values) else "")
            place[name] += 1
        if beside_now and now and _words_of(one) != now:
            one.addprevious(_aside(f"现为：{now}"))


def _words_of(one: HtmlElement) -> str:
    """Return what stands in a field, as people read it; of a tick or a choice among several nothing."""
    if one.tag == "select" and one.get("multiple") is None:
        options = list(one.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return clean_words("".join(option.text_content() for option in chosen if option.get("value", "-")))
    if one.tag == "textarea":
        return clean_words(one.text or "")
    return clean_words(one.get("value", "")) if _is_written(one) else ""


def _aside(words: str) -> HtmlElement:
    aside = html.Element("span", {"class": "hint"})
    aside.text = words
    return aside


def _keep_markers(form: HtmlElement, sent: MultiDict[str, str]) -> None:
    """Let the form say until when the page was made on which it was written: what others did since is shown first."""
    for one in form.iter("input"):
        if one.get("name") in MARKERS and one.get("name") in sent:
            one.set("value", clean_words(sent[one.get("name")]))


def _write(one: HtmlElement, value: str) -> None:
    if one.tag == "select":
        if not _choose(one, [value]):  # without a choice a browser takes the first, which nobody has chosen
            anew = html.Element("option", {"value": "", "selected": "selected"})
            anew.text = _CHOOSE_ANEW
            one.insert(0, anew)
    elif one.tag == "textarea":
        one.text = f"\n{value}"  # a reader of HTML leaves the first line break out
    else:
        one.set("value", value)


def _choose(select: HtmlElement, values: Iterable[str]) -> int:
    """Select the options of these values; return how many there are."""
    chosen = 0
    for option in select.iter("option"):
        on = option.get("value", option.text or "") in values
        _switch(option, "selected", on=on)
        chosen += on
    return chosen


def _switch(one: HtmlElement, name: str, *, on: bool) -> None:
    one.attrib.pop(name, None)
    if on:
        one.set(name, name)


def _without_place(form: HtmlElement, sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what was sent in more rows than the page has by itself."""
    of_pages = [one for one in form.iter("input", "select") if one.get("type") in NEVER_SHOWN]
    places = Counter(one.get("name") for one in (*fields_of(form), *of_pages))
    return MultiDict((name, text) for name in sent for text in sent.getlist(name)[places[name] :] if text.strip())


def _errors_of(form: HtmlElement, what: Refused) -> Mapping[str, str]:
    """Return the faults by field: as told, or of the field whose label a refusal names."""
    if what.errors or not what.label:
        return what.errors
    named = {one.get("id"): one.get("name") for one in fields_of(form) if one.get("id")}
    for label in form.iter("label"):
        words = re.sub(r"\s", "", label.text_content())
        if words.startswith(what.label) and label.get("for") in named:
            return {named[label.get("for")]: what.words}
    return {}


def _name_page(document: HtmlElement, back: str) -> None:
    """Let each form say on which page it stands, for the address is now that of the form that was refused."""
    for form in _posted(document):
        form.append(html.Element("input", {"type": "hidden", "name": PAGE, "value": back}))


def _head(document: HtmlElement, words: str, clash: Conflict | None, homeless: MultiDict[str, str]) -> None:
    """Say at the head of the page that nothing was kept, what others did meanwhile, and what found no place."""
    inside = document.xpath("//main/div")
    page = "web/errors/refused.html"
    said = clean_words(render_template(page, words=words, clash=clash, written=written_in(homeless)))
    for element in reversed(html.fragments_fromstring(said, no_leading_text=True) if inside else []):
        element.tail = None
        inside[0].insert(0, element)
