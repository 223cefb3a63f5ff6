"""Each form of each page: its fields are those that are read, and refused it comes back as it was sent."""

import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement
from werkzeug.routing import Rule

from tests.support.busy_site import SENSIBLE, Busy, busy_site
from tracker.domain.entered import clean_words
from tracker.web import draft_forms
from tracker.web.draft_items import ItemForm
from tracker.web.forms import Form

_PEOPLE = ("office", "swj", "tjj", "wjw", "swj-head", "leader", "sysadmin", "secadmin", "auditor")
_IDS = (1, 2, 3)
# Tests of so many parts run side by side.
_SHARES = 3
_WORST = ("", "²", "nan", "9" * 5000, str(2**63), "\x00\x1b一", "9999-12-31", "</textarea><form>")
# What a person wrote beside it, which must not be lost.
_WRITTEN = "已与有关单位会商"
# Tests of logging in and of second factors say what comes back.
_NOT_TRIED = frozenset(
    {"login.enter", "login.leave", "second_step.enter", "factor.confirm", "factor.remove", "accounts.reset_second"}
)
# What only a longer story puts on a page; tests/integration/test_worst_input.py sends them without one.
_OF_A_LONGER_STORY = frozenset(
    {
        *("acts.dispute", "acts.grant", "acts.set_interval", "objections.raise_objection", "objections.restore"),
        *("calendar.publish", "outages.record", "circular_templates.retire", "nobody.keep"),
        *("documents.approve", "documents.issue", "drafts.approve", "drafts.enter_units", "lessons.withdraw"),
        *(
            "filing.ask_for_time",
            "filing.keep",
            "filing.take_back",
            "form_files.check",
            *("served.receive", "served.receive_several", "served.answer", "served.take_back", "served.sign"),
            *("served.give_back", "served.read"),
            *("namings.answer", "namings.keep", "scoring_results.settle", "scoring.renew"),
            *("countersigning.sign", "countersigning.take_back", "countersigning.drop"),
            "petitions.give_back",
            "petitions.sign",
            "petitions.take_back",
            "sign_off.give_back",
            "sign_off.sign",
            "sign_off.sign_chosen",
        ),
        *("reminders.confirm", "reminders.send_again", "review.find_untrue", "review.grant", "review.refuse"),
        *("verifying.accept", "verifying.confirm", "verifying.decide"),
        *("inquiries.answer", "inquiries.remind_unit", "inquiries.take_back", "inquiries.plead", "inquiries.decide"),
        *("instructions.read", "instructions.close"),
        *("project_acts.correct", "project_acts.place", "project_acts.value", "project_acts.milestone"),
        "project_acts.take_off",
        *("project_acts.confirm", "project_acts.check", "project_imports.take"),
        *("published_months.correct", "published_months.freeze", "published_months.drop", "ledger_import.take_over"),
        "accounts.enable",
        "calendar_link.give_up",
        "jottings.drop",
        *(
            "absences.act_for",
            "absences.act_as_oneself",
            "absences.end",
            "handing_over.hand_over",
        ),
        "quoting.take_files",
        *("scoring.draft", "scoring.freeze", "scoring_books.take_over"),
    }
)
# Fields that no model names: the page's own marks, files, and rows named by their numbers.
_MARKS = frozenset({"csrf_token", "seen", "was", "file", "not_secret", "page_of_form"})
_ROWS = re.compile(r"[axfsk]\d+(?:r\d+)?-\w+|on\d+|value\d+")
# Of a page of several forms, what begins the names of one.
_OF_PART = re.compile(r"^p\d+-")
# The fields of a correction are those of its act.
_READ_BY_ACT = {
    "drafts": frozenset(re.findall(r'"(\w+)"', inspect.getsource(draft_forms))) | set(ItemForm.model_fields)
}


@dataclass(frozen=True)
class Found:
    """A form on a page; `fields` is what a browser sends of it, `shown` what people see, `texts` what they write."""

    endpoint: str
    page: str
    action: str
    fields: dict[str, list[str]]
    texts: tuple[str, ...]
    shown: frozenset[str]
    named: frozenset[str]


@pytest.fixture
def busy(tmp_path: Path) -> Busy:
    return busy_site(tmp_path)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Found]]:
    """Return the forms on all pages of each person; a site made again has them under the same numbers."""
    busy, found = busy_site(tmp_path_factory.mktemp("found")), dict[str, list[Found]]()
    for login in _PEOPLE:
        with busy.site.client(login) as client:
            found[login] = list(_all_forms(client))
    return found


@pytest.mark.timeout(300)
def test_each_form_stands_on_a_page_and_names_what_is_read(busy: Busy, found: dict[str, list[Found]]) -> None:
    app, met = busy.site.app, set[str]()
    for form in chain.from_iterable(found.values()):
        met.add(form.endpoint)
        named = {_OF_PART.sub("", name) for name in form.named}
        unread = {name for name in named - _read(app, form.endpoint) if not _ROWS.fullmatch(name)}
        assert not unread, f"{form.page}: nobody reads {unread} of the form of {form.endpoint}"
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert met.isdisjoint(_OF_A_LONGER_STORY)
    assert posts - met - _NOT_TRIED == _OF_A_LONGER_STORY, "let the busy site have what puts the form on a page"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("share", range(_SHARES))
def test_a_refused_form_comes_back_on_its_page_with_all_that_was_written(
    busy: Busy, found: dict[str, list[Found]], share: int
) -> None:
    refused = 0
    for login, form in _largest_of_each(found)[share::_SHARES]:
        with busy.site.client(login) as client:
            busy.keep()  # who is logged in
            refused += sum(_try(busy, client, form, sent) for sent in _sendings(form))
            busy.again()
    assert refused > 100  # most of what is sent


def _largest_of_each(found: dict[str, list[Found]]) -> list[tuple[str, Found]]:
    """Return of each form the one with most fields, with somebody on whose page it stands."""
    largest: dict[str, tuple[str, Found]] = {}
    for login, forms in found.items():
        for form in forms:
            known = largest.get(form.endpoint)
            if form.endpoint not in _NOT_TRIED and (known is None or len(form.fields) > len(known[1].fields)):
                largest[form.endpoint] = login, form
    return [largest[endpoint] for endpoint in sorted(largest)]


def _all_forms(client: FlaskClient) -> Iterator[Found]:
    for rule in client.application.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in ("static", "health.metrics"):
            for address in _addresses(client.application, rule):
                answer = client.get(address, buffered=True)
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    yield from _forms_of(client.application, address, answer.get_data(as_text=True))


def _addresses(app: Flask, rule: Rule) -> list[str]:
    places = app.url_map.bind("localhost")
    return [
        places.build(rule.endpoint, dict.fromkeys(rule.arguments, id_)) for id_ in _IDS[: 3 * len(rule.arguments) or 1]
    ]


def _forms_of(app: Flask, page: str, text: str) -> Iterator[Found]:
    for form in html.document_fromstring(text).iter("form"):
        if form.get("method", "").lower() == "post":
            named = frozenset(
                one.get("name") for one in form.iter("input", "textarea", "select", "button") if one.get("name")
            )
            fields = _values([form])
            shown = frozenset(one.get("name") for one in form.iter("input", "textarea", "select") if _is_shown(one))
            texts = tuple(one.get("name") for one in form.iter("input", "textarea") if _is_written(one))
            for name, values in fields.items():
                fields[name] = [_filled(name, value, row, texts) for row, value in enumerate(values)]
            for action in _actions(form):
                endpoint, _ids = app.url_map.bind("localhost").match(action, "POST")
                yield Found(str(endpoint), page, action, fields, texts, shown, named)


def _actions(form: HtmlElement) -> list[str]:
    """Return where a form can be sent: to its address and to those of its buttons."""
    elsewhere = (one.get("formaction") for one in form.iter("button") if one.get("formaction"))
    return list(dict.fromkeys(action.partition("#")[0] for action in (form.get("action"), *elsewhere)))


def _filled(name: str, value: str, row: int, texts: tuple[str, ...]) -> str:
    return f"{_WRITTEN}（{name}{row}）" if name in texts else value or SENSIBLE.get(name, "")


def _values(forms: list[HtmlElement]) -> dict[str, list[str]]:
    """Return what a browser would send of forms."""
    sent: dict[str, list[str]] = {}
    for form in forms:
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
    return sent


def _is_written(one: HtmlElement) -> bool:
    return (
        bool(one.get("name")) and (one.tag == "textarea" or one.get("type") == "text") and "readonly" not in one.attrib
    )


def _is_shown(one: HtmlElement) -> bool:
    return bool(one.get("name")) and one.get("type") not in ("hidden", "file", "submit")


def _read(app: Flask, endpoint: str) -> frozenset[str]:
    """Return the fields that the module of a route reads."""
    module = importlib.import_module(inspect.unwrap(app.view_functions[endpoint]).__module__)
    models = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Form)]
    by_act = _READ_BY_ACT.get(module.__name__.rpartition(".")[2], frozenset())
    log_in = {"login", "password", "next"} if endpoint == "login.enter" else set()
    return frozenset(name for model in models for name in model.model_fields) | by_act | _MARKS | log_in


def _sendings(form: Found) -> Iterator[dict[str, object]]:
    """Yield what may be sent: the worst in all fields and in each, files for texts, nothing, everything twice."""
    for names in {frozenset(form.shown & form.fields.keys()), frozenset(form.fields.keys() - _MARKS)}:
        for worst in _WORST:
            yield {**form.fields, **{name: [worst] * len(form.fields[name]) for name in names}}
    for name in form.fields.keys() - _MARKS:
        yield {**form.fields, name: ["²"] * len(form.fields[name])}
    yield {name: (BytesIO(b"x"), "x.txt") if name in form.texts else value for name, value in form.fields.items()}
    yield {}
    yield {name: [*values, *values] for name, values in form.fields.items()}


def _try(busy: Busy, client: FlaskClient, form: Found, sent: dict[str, object]) -> bool:
    """Send a form; return whether it was refused, and came back then with the texts that were sent."""
    busy.again()
    texts = {name: values for name in form.texts if isinstance(values := sent.get(name), list)}
    answer = client.post(form.action, data=sent, headers={"Referer": f"http://localhost{form.page}"})
    assert answer.status_code < 500, (form.action, str(sent)[:200])
    if answer.status_code not in (400, 409):
        return False
    document = html.document_fromstring(answer.get_data(as_text=True))
    back = [one for one in document.iter("form") if form.action in _actions(one)]
    # One whose thing is unknown is not put on another thing: its texts are shown to be copied.
    own = form.fields.keys() - form.shown - _MARKS
    strange = any(sent.get(name) != form.fields[name] for name in own)
    # Nor is what has more rows than the page has now, which others changed meanwhile.
    slipped = answer.status_code == 409 and sent == {name: [*values, *values] for name, values in form.fields.items()}
    assert back or strange or slipped, (form.action, str(sent)[:200])
    copied = [one for one in document.iter("input", "textarea") if "readonly" in one.attrib]
    more = [(one.get("value") or one.text_content()).strip() for one in copied]
    for name, values in texts.items():
        shown = [text.strip() for text in _values(back).get(name, ())]
        lost = [text for text in values if clean_words(text) not in ("", *shown, *more)]
        assert not lost, (form.action, name, str(sent)[:200])
    return True
