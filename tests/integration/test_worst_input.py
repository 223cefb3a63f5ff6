"""Whatever anybody sends in any field of any form is answered in words: no input ends in an error of the server."""

import importlib
import inspect
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.support.busy_site import SENSIBLE, Busy, busy_site
from tracker.web.forms import Form

# One of each kind; what each parser makes of all of them, tests/unit/test_entered.py says.
WORST = ("", "²", "9" * 5000, "nan", str(2**63), "\x00", "\ud800", "9999-12-31", "1022-11-01T08:30")
_ARGUMENTS = {"act": ("resume", "edit", "submit")}
_OF_ENTRIES = ("a1-claim", "a1-fact", "a1-v1", "a1-on1", "a1-next_on", "a1-outcome", "a1-cause_class", "a1-keep1")
# What no model has, because its fields stand row by row or are those of an act.
_ALSO_READ = {
    "drafts": (
        "item",
        "act",
        "issued_on",
        "expires_on",
        "ends_on",
        "deadline",
        "targets",
        "words",
        "kind",
        "leads",
        "version",
    ),
    "filing": (*_OF_ENTRIES, "tick", "was", "a1-fact-whose"),
    "news": (*_OF_ENTRIES, "was", "a1-fact-whose"),
    "ledgers": ("words", "leads", "supports", "due_on", "rhythm"),
}
_NOT_TRIED = ("login.enter", "login.leave")  # logging in takes a tenth of a second each, on purpose


@pytest.fixture
def busy(tmp_path: Path) -> Busy:
    return busy_site(tmp_path)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("login", "part"),
    [("office", ""), ("swj", ""), ("swj-head", "sign_off."), ("sysadmin", "accounts."), ("secadmin", "granting.")],
)
def test_no_field_of_any_form_ends_in_an_error_of_the_server(busy: Busy, login: str, part: str) -> None:
    tried = 0
    with busy.site.client(login) as client:
        busy.keep()
        for rule in _rules(busy.site.app, part=part):
            fields = _fields(busy.site.app, rule)
            for address in _addresses(busy.site.app, rule):
                busy.again()
                sensible = {each: SENSIBLE.get(each, "") for each in fields}
                if client.post(address, data=sensible).status_code == 404:
                    continue  # a page of another role
                busy.again()
                for number, name in enumerate(fields):
                    tried += _try(client, address, name, sensible, first=number % 2)
    assert tried > 10


_ASKED = (
    *("page", "unit", "document", "year", "layout", "class", "state", "again", "late", "answered", "next"),
    *("chapter", "role", "basis", "light", "court", "due", "from", "to", "key", "q", "sort", "show", "print", "kind"),
)
_HUGE = (2**31, 2**63, 10**5000)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("login", ["office", "swj"])
def test_no_id_and_no_word_after_an_address_ends_in_an_error_of_the_server(busy: Busy, login: str) -> None:
    tried = 0
    with busy.site.client(login) as client:
        for rule in sorted(busy.site.app.url_map.iter_rules(), key=lambda one: one.rule):
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            words = [{}, *(dict.fromkeys(_ASKED, bad.replace("\ud800", "")) for bad in WORST)]
            for number, query in [*((1, query) for query in words), *((huge, words[0]) for huge in _HUGE)]:
                answer = client.get(_written(rule, number), query_string=query)
                assert answer.status_code < 500, (rule.rule, str(number)[:20], str(query)[:60])
                if rule.arguments and number > 1:
                    assert answer.status_code == 404, (rule.rule, str(number)[:20])
                tried += 1
                answer.close()
    assert tried > 300


def _written(rule: Rule, number: int) -> str:
    """Write an address by hand: the router builds none that it would not know."""
    return re.sub(r"<[^>]*>", "1" + "0" * 5000 if number > 2**64 else str(number), rule.rule)


@pytest.mark.timeout(120)
def test_no_number_in_an_address_ends_in_an_error_of_the_server(busy: Busy) -> None:
    pages = ("ledger", "ledger.csv", "overview/series", "tasks", "questions", "review", "reminders", "calendar")
    with busy.site.client("office") as office:
        for page in pages:
            for bad in WORST:
                asked = dict.fromkeys(("page", "unit", "document", "year", "class", "state"), bad.replace("\ud800", ""))
                answer = office.get(f"/{page}", query_string={**asked, "overdue": "1"})
                assert answer.status_code < 500, (page, bad[:20])


def _rules(app: Flask, *, part: str) -> list[Rule]:
    """Return the routes that take forms, of one part of the site or of all; a head files with a liaison's forms."""
    posted = (rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()))
    rules = [rule for rule in posted if rule.endpoint.startswith(part)]
    return sorted((rule for rule in rules if rule.endpoint not in _NOT_TRIED), key=lambda rule: rule.rule)


def _fields(app: Flask, rule: Rule) -> list[str]:
    """Return the fields that the module of a route reads."""
    module = importlib.import_module(inspect.unwrap(app.view_functions[rule.endpoint]).__module__)
    models = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Form)]
    also = _ALSO_READ.get(module.__name__.rpartition(".")[2], ())
    return sorted({*(name for model in models for name in model.model_fields), *also})


def _addresses(app: Flask, rule: Rule) -> list[str]:
    choices = [dict.fromkeys(rule.arguments, 1)]
    if "act" in rule.arguments:
        choices = [{**choices[0], "act": act} for act in _ARGUMENTS["act"]]  # type: ignore[dict-item] # an act is a word
    with app.test_request_context():
        return [app.url_map.bind("localhost").build(rule.endpoint, values, method="POST") for values in choices]


def _try(client: FlaskClient, address: str, name: str, fields: Mapping[str, str], *, first: int) -> int:
    """Send every second of the worst, of the next field the others: most fields are read by the parsers of many."""
    worst: tuple[str | list[str], ...] = (*WORST, ["1", "1"], ["²", "1"])
    for sent in worst[first::2]:
        encoded = {key: _encoded(value) for key, value in {**fields, name: sent}.items()}
        answer = client.post(address, data=encoded)
        assert answer.status_code < 500, (address, name, str(sent)[:40])
    return len(worst[first::2])


def _encoded(value: str | list[str]) -> bytes | list[bytes]:
    """Send what no page could: half of a pair of surrogates is no UTF-8."""
    if isinstance(value, list):
        return [text.encode("utf-8", "surrogatepass") for text in value]
    return value.encode("utf-8", "surrogatepass")
