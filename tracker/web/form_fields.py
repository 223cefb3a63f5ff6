"""Read the fields of a form or an address: choices, ids, days, times. Nothing that anybody may send makes one fail."""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from flask import request

from tracker.domain.calendar import SHANGHAI
from tracker.domain.entered import check_day, read_day, shown
from tracker.domain.errors import BadInput

_Choice = TypeVar("_Choice", bound=StrEnum)
LARGEST_ID = 2**31 - 1
_ID = re.compile(r"[0-9]{1,10}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")


class NotATime(BadInput):
    """A time is not written as one; facts: field, value."""

    code = "not_a_time"


class NoSuchChoice(BadInput):
    """A form names what the page does not offer; facts: field."""

    code = "no_such_choice"


def chosen(choices: type[_Choice], name: str, *, field: str) -> _Choice | None:
    """Return what was chosen, None where nothing was; `field` names it to people. Raises NoSuchChoice."""
    return choice_in(request.form.get(name, ""), choices, field=field)


def choice_in(text: str, choices: type[_Choice], *, field: str) -> _Choice | None:
    """Return the choice that a text names, None where it is empty; `field` names it to people. Raises NoSuchChoice."""
    text = text.strip()
    if text and text not in set(choices):
        raise NoSuchChoice(field=field)
    return choices(text) if text else None


def read_id(text: str) -> int | None:
    """Return the id that is written in ASCII digits; None where it is none that a row can have."""
    text = text.strip()
    value = int(text) if _ID.fullmatch(text) else 0
    return value if 1 <= value <= LARGEST_ID else None


def id_of(name: str, *, field: str) -> int:
    """Return the id in a field of the form; `field` names it to people. Raises NoSuchChoice."""
    value = read_id(request.form.get(name, ""))
    if value is None:
        raise NoSuchChoice(field=field)
    return value


def ids_of(name: str, *, field: str) -> list[int]:
    """Return the ids in a field that may be chosen several times. Raises NoSuchChoice."""
    found = [read_id(text) for text in request.form.getlist(name)]
    ids = [value for value in found if value is not None]
    if len(ids) < len(found):
        raise NoSuchChoice(field=field)
    return ids


def version_of(name: str = "version") -> int:
    """Return the version of a row that the form was made from; 0, which no row has, where it is unreadable."""
    return read_id(request.form.get(name, "")) or 0


def asked_id(name: str) -> int | None:
    """Return the id that the address asks for; None where it asks for none."""
    return read_id(request.args.get(name, ""))


def asked_page() -> int:
    """Return which page of a list the address asks for, the first where it asks for none."""
    return asked_id("page") or 1


def day_of(name: str, *, field: str = "日期") -> date:
    """Return the day in a field. Raises NotADay, DayOutOfBounds."""
    return read_day(request.form.get(name, ""), field=field)


def day_if_given(name: str, *, field: str = "日期") -> date | None:
    """Return the day in a field that may be left empty. Raises NotADay, DayOutOfBounds."""
    return day_of(name, field=field) if request.form.get(name, "").strip() else None


def time_of(name: str, *, field: str = "时间") -> datetime:
    """Return the time in a field, Shanghai wall clock, as an aware one. Raises NotATime, DayOutOfBounds."""
    value = request.form.get(name, "").strip()
    try:
        at = datetime.fromisoformat(value).replace(tzinfo=SHANGHAI) if _TIME.fullmatch(value) else None
    except ValueError:
        at = None
    if at is None:
        raise NotATime(field=field, value=shown(value))
    check_day(at.date(), field=field)
    return at
