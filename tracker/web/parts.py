"""A page of several forms 「一次多报」, of which the names of one begin with its period: only this module knows.

Whoever reads a form reads it `in_part`, by the names that its own page gives it; whoever shows it says those names, and
`marking.as_part` gives them their beginning when the page is put together. So a row is written and read in one way.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from flask import g, request
from werkzeug.datastructures import FileStorage, MultiDict

from tracker.web.form_fields import read_id

_Told = TypeVar("_Told")
_OF_PART = re.compile(r"p([0-9]{1,10})-")


@dataclass(frozen=True, slots=True)
class _Part:
    start: str
    fields: MultiDict[str, str]
    files: MultiDict[str, FileStorage]


@contextmanager
def in_part(period_id: int) -> Iterator[None]:
    """Read what was sent of one form of the page at hand as if nothing else had been sent."""
    start = start_of(period_id)
    with _reading(_Part(start, _cut(request.form, start), _cut(request.files, start))):
        yield


@contextmanager
def as_if_sent(fields: Mapping[str, str]) -> Iterator[None]:
    """Read what came by another way, as a workbook, as if the page of a form had sent it, without files."""
    with _reading(_Part("", MultiDict(fields), MultiDict())):
        yield


@contextmanager
def _reading(part: _Part) -> Iterator[None]:
    before = g.get("part")
    g.part = part
    try:
        yield
    finally:
        g.part = before


def sent_fields() -> MultiDict[str, str]:
    """Return the fields of the form at hand, on a page of several those of the one that is read."""
    part: _Part | None = g.get("part")
    return request.form if part is None else part.fields


def sent_files() -> MultiDict[str, FileStorage]:
    """Return the files of the same."""
    part: _Part | None = g.get("part")
    return request.files if part is None else part.files


def start_read() -> str:
    """Return with what the names of the form that is read begin on the page at hand."""
    part: _Part | None = g.get("part")
    return "" if part is None else part.start


def of_part(told: Mapping[str, _Told]) -> Mapping[str, _Told]:
    """Return what a page tells in one field of all its fields, as far as it is about the form that is read."""
    part: _Part | None = g.get("part")
    return told if part is None else _renamed(told, part.start)


def start_of(period_id: int) -> str:
    """Return with what the names of a form begin on a page of several."""
    return f"p{period_id}-"


def on_page(period_id: int, told: Mapping[str, _Told]) -> dict[str, _Told]:
    """Return what is told of the fields of one form by their names on a page of several."""
    return {start_of(period_id) + name: one for name, one in told.items()}


def parts_sent() -> tuple[int, ...]:
    """Return the periods whose forms were on the page that was sent, in its order."""
    named = (found for name in (*request.form, *request.files) if (found := _OF_PART.match(name)))
    return tuple(dict.fromkeys(id_ for found in named if (id_ := read_id(found[1])) is not None))


def _cut(told: MultiDict[str, _Told], start: str) -> MultiDict[str, _Told]:
    pairs = ((name.removeprefix(start), one) for name, one in told.items(multi=True) if name.startswith(start))
    return MultiDict(pairs)


def _renamed(told: Mapping[str, _Told], start: str) -> dict[str, _Told]:
    return {name.removeprefix(start): one for name, one in told.items() if name.startswith(start)}
