"""Faults are put beside their fields on a page that is made already, whatever template it has."""

from collections.abc import Collection, Iterator, Mapping

from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from tracker.domain.entered import clean_words
from tracker.web.refused import OF_THE_PAGE

# The search stands in the head of every page and belongs to none of its forms.
NEVER_SHOWN = frozenset({"password", "file", "hidden", "submit", "button", "search"})
# What belongs together with its field on one line: a sentence stands before all of it.
_AROUND = frozenset({"unit", "pick"})
# What names a field, or leads to one; addresses within the page stay, for pictures are led to by them.
_NAMES = ("name", "id", "for", "data-beside", "aria-labelledby", "aria-describedby")


def with_faults(page: str, errors: Mapping[str, str]) -> str:
    """Return a page with each fault beside the field of its name, opened and begun at the first."""
    document = html.document_fromstring(page)
    begin_at(document, [name for name, words in errors.items() if mark(document, name, words)])
    return str(html.tostring(document, encoding="unicode", doctype="<!doctype html>"))


def with_asides(page: str, asides: Mapping[str, str]) -> str:
    """Return a page with HTML of ours before the field of each name, which is opened; as it is where there is none."""
    if not asides:
        return page
    document = html.document_fromstring(page)
    for name, aside in asides.items():
        found = next((one for one in fields_of(document) if one.get("name") == name), None)
        if found is not None:
            _around(found).addprevious(html.fragment_fromstring(aside))
    begin_at(document, list(asides))
    return str(html.tostring(document, encoding="unicode", doctype="<!doctype html>"))


def as_part(piece: str, start: str) -> Markup:
    """Return a piece of HTML of ours whose names all begin with `start`, as on a page of several forms."""
    body = html.fragment_fromstring(piece, create_parent="div")
    for one in body.iter(html.etree.Element):
        for name in _NAMES:
            if one.get(name):
                one.set(name, " ".join(start + word for word in one.get(name).split()))
    whole = str(html.tostring(body, encoding="unicode"))
    return Markup(whole.removeprefix("<div>").removesuffix("</div>"))  # a template of ours made it


def fields_of(form: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the fields of a form, or of all forms of a page, in which people write or choose."""
    outside = form.getroottree().xpath("//*[@form=$name]", name=form.get("id") or "no form")
    for one in (*form.iter("input", "textarea", "select"), *outside):
        kind = one.get("type", "text") if one.tag == "input" else one.tag
        if (
            one.tag in ("input", "textarea", "select")
            and one.get("name")
            and one.get("name") not in OF_THE_PAGE
            and kind not in NEVER_SHOWN
        ):
            yield one


def mark(form: HtmlElement, name: str, words: str) -> bool:
    """Put a sentence before the field of a name; say whether the form has it."""
    more = (one for one in form.iter("input") if one.get("type") in ("file", "checkbox", "password"))
    found = next((one for one in (*fields_of(form), *more) if one.get("name") == name), None)
    if found is None:
        return False
    found.set("aria-invalid", "true")
    hints = found.get("aria-describedby", "").split()
    found.set("aria-describedby", " ".join((f"refused-{name}", *hints)))
    _around(found).addprevious(alert(words, id_=f"refused-{name}"))
    return True


def _around(found: HtmlElement) -> HtmlElement:
    """Return a field, or what belongs together with it on one line."""
    around = found.getparent()
    return around if around is not None and around.get("class") in _AROUND else found


def alert(words: str, *, id_: str) -> HtmlElement:
    """Return a sentence that is read out at once."""
    said = html.Element("span", {"class": "err", "role": "alert", "id": id_})
    said.text = clean_words(words)
    return said


def begin_at(form: HtmlElement, marked: Collection[str]) -> None:
    """Open what the form and its faults are folded into, and begin where the first fault is."""
    at_fault = [one for one in fields_of(form) if one.get("name") in marked]
    for inside in (form, *at_fault):
        for around in inside.iterancestors("details"):
            around.set("open", "open")
    for one in form.getroottree().iter("input", "textarea", "select"):
        one.attrib.pop("autofocus", None)
    for one in (at_fault or list(fields_of(form)))[:1]:
        one.set("autofocus", "autofocus")
