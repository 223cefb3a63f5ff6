"""Read the fields of a form or an address: choices, ids, days, times. Nothing that anybody may send makes one fail."""

import re
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from flask import request

from tracker.domain.calendar import SHANGHAI
from tracker.domain.entered import LARGEST_ID, check_day, shown
from tracker.domain.errors import BadInput

_Choice = TypeVar("_Choice", bound=StrEnum)
_ID = re.compile(r"[0-9]{1,10}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")


class NotATime(BadInput):
    """A time is not written as one; facts: field, value."""

    code = "not_a_time"


class DaysReversed(BadInput):
    """A span ends before it begins."""

    code = "days_reversed"


class NoSuchChoice(BadInput):
    """A form names what the page does not offer; facts: field."""

    code = "no_such_choice"


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


def asked_id(name: str) -> int | None:
    """Return the id that the address asks for; None where it asks for none."""
    return read_id(request.args.get(name, ""))


def asked_page() -> int:
    """Return which page of a list the address asks for, the first where it asks for none."""
    return asked_id("page") or 1


def read_time(text: str, *, field: str) -> datetime:
    """Return the Shanghai wall clock's time that is written as 2022-11-01T09:00. Raises NotATime, DayOutOfBounds."""
    value = text.strip()
    try:
        at = datetime.fromisoformat(value).replace(tzinfo=SHANGHAI) if _TIME.fullmatch(value) else None
    except ValueError:
        at = None
    if at is None:
        raise NotATime(field=field, value=shown(value))
    check_day(at.date(), field=field)
    return at


def local_input(at: datetime) -> str:
    """Write a moment as a field for Shanghai's time holds it."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
