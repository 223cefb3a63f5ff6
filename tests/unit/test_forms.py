"""A form is read whole: each fault stands by the name of its field, and nothing that is sent ends otherwise."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path
from typing import Annotated

import pytest
from flask import Flask
from pydantic import Field
from werkzeug.datastructures import MultiDict

import tracker.web
from tracker.domain.entered import LARGEST_ID
from tracker.domain.items import CadenceKind
from tracker.web.forms import (
    Day,
    Form,
    Id,
    Ids,
    OptionalDay,
    OptionalId,
    Reason,
    RefusedForm,
    Texts,
    Tick,
    Time,
    Version,
    Words,
    one_of,
    one_or_none_of,
    read_form,
    text_fields,
)
from tracker.web.refused import PASSWORDS
from tracker.wording.acts import FIELD_NAMES
from tracker.wording.refusals import sentence

_TEMPLATES = Path(__file__).parents[2] / "templates"
_WORST = (
    "nan",
    "inf",
    "-1",
    "1.5",
    "²",
    "１",
    str(2**63),
    "9" * 5000,
    "\x00",
    "1\x00",
    "9999-12-31",
    "22-1-1",
    "' OR 1=1",
)
# What reads fields that no model can name, or looks at a form without taking it.
_READ_OTHERWISE = {
    "parts": "the fields of the form at hand, for the one reader, and of one form among several",
    "pads": "what is half done, field by field, as the form calls them",
    "schedules": "lines that are numbered",
    "drafts": "a correction, whose fields are those of its act",
    "conflicts": "shows what was sent, whatever it is",
    "seen": "until which event the page was made",
    "uploads": "the declaration beside files",
    "login": "name and password, which are looked up and not checked",
    "second_step": "a code, which is looked up and not checked",
}


class _Every(Form):
    reason: Reason = Field(title="批准人及依据")
    words: Words = Field(title="说明")
    day: Day = Field(title="新时限")
    perhaps: OptionalDay = Field(title="期限")
    time: Time = Field(title="发生时间")
    unit: Id = Field(title="单位")
    keeper: OptionalId = Field(title="集体")
    reports: Ids = Field(title="勾选的行")
    lines: Texts = Field(title="事项")
    version: Version = Field(title="版次")
    ticked: Tick = Field(title="替换")
    rhythm: Annotated[CadenceKind, one_of(CadenceKind)] = Field(title="报送间隔")
    other: Annotated[CadenceKind | None, one_or_none_of(CadenceKind)] = Field(title="另一间隔")


def _read(*sent: tuple[str, str]) -> _Every:
    with Flask("x").test_request_context("/", method="POST", data=MultiDict(sent)):
        return read_form(_Every)


def _faults(*sent: tuple[str, str]) -> dict[str, str]:
    with pytest.raises(RefusedForm) as refused:
        _read(*sent)
    assert sentence(refused.value) == "".join(dict.fromkeys(refused.value.errors.values()))
    return dict(refused.value.errors)


_GOOD = (
    ("reason", "工作需要"),
    ("day", "2022-12-31"),
    ("time", "2022-11-01T09:00"),
    ("unit", str(LARGEST_ID)),
    ("rhythm", "monthly"),
)


def test_what_is_sent_is_read_as_what_it_is_and_what_may_be_left_out_is_nothing() -> None:
    form = _read(*_GOOD, ("reports", "3"), ("reports", "1"), ("lines", "一"), ("lines", ""), ("version", "x"))
    assert (form.unit, form.reports, form.lines, form.version) == (LARGEST_ID, (3, 1), ("一", ""), 0)
    assert (form.perhaps, form.keeper, form.other, form.ticked, form.words) == (None, None, None, False, "")
    assert form.rhythm is CadenceKind.MONTHLY


def test_every_fault_is_told_at_once_with_what_to_do() -> None:
    assert _faults() == {
        "reason": "请填写批准人及依据。",
        "day": "请填写新时限。",
        "time": "请填写发生时间。",
        "unit": "请从列出的选项中选择单位。",
        "rhythm": "请从列出的选项中选择报送间隔。",
    }


@pytest.mark.parametrize("worst", _WORST)
@pytest.mark.parametrize("name", ["day", "perhaps", "time", "unit", "keeper", "reports", "rhythm", "other"])
def test_what_is_none_is_refused_in_a_sentence_beside_its_field(name: str, worst: str) -> None:
    faults = _faults(*(field for field in _GOOD if field[0] != name), (name, worst))
    assert faults.keys() == {name}
    assert re.fullmatch(r".+。", faults[name])
    assert len(faults[name]) < 120


def _models() -> list[type[Form]]:
    names = [module.name for module in pkgutil.iter_modules(tracker.web.__path__)]
    modules = [importlib.import_module(f"tracker.web.{name}") for name in names]
    return [
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, Form) and one.__module__ == module.__name__ and one is not Form
    ]


def test_a_model_names_what_a_page_sends_and_how_people_call_it() -> None:
    sent = {
        name
        for template in _TEMPLATES.rglob("*.html")
        for name in re.findall(r"[\"'](\w+)[\"']", template.read_text(encoding="utf-8"))
    }
    assert len(_models()) > 25
    for model in _models():
        for name, field in model.model_fields.items():
            assert name in sent, f"{model.__name__}.{name} stands on no page"
            assert field.title, f"{model.__name__}.{name} has no label"


# Texts that nobody writes: they are chosen, or the page says them itself. Passwords are never shown again.
_CHOSEN = {
    *("office", "unit", "document", "choice", "rhythm", "keeper", "part", "jotting", "late", "walk", "shown"),
    *("envelope", "asked"),
    *("scheme", "option", "objected", "ticket", "records"),
}
# The name of a new account: its page has that field whatever happened meanwhile.
_ALWAYS_THERE = {"login"}


def test_what_is_written_has_a_name_by_which_it_comes_back_where_its_field_is_gone() -> None:
    written = {name for model in _models() for name in text_fields(model)}
    assert written - FIELD_NAMES.keys() - _CHOSEN - _ALWAYS_THERE == PASSWORDS & written


def test_forms_are_read_by_their_models() -> None:
    folder = Path(tracker.web.__path__[0])
    reading = {
        path.stem
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "form" and ast.unparse(node.value) == "request"
    }
    assert reading == _READ_OTHERWISE.keys()
