"""Read the fields of a form: choices, days, times."""

from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from flask import request

from tracker.domain.calendar import SHANGHAI
from tracker.domain.errors import BadInput

_Choice = TypeVar("_Choice", bound=StrEnum)


class NotADay(BadInput):
    """A day is not written as one; facts: value."""

    code = "not_a_day"


class NotATime(BadInput):
    """A time is not written as one; facts: value."""

    code = "not_a_time"


def chosen(choices: type[_Choice], name: str) -> _Choice | None:
    """Return what was chosen; None where nothing was, or nothing that can be."""
    value = request.form.get(name, "")
    return choices(value) if value in set(choices) else None


def day_of(name: str) -> date:
    """Return the day in a field. Raises NotADay."""
    value = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise NotADay(value=value) from None


def time_of(name: str) -> datetime:
    """Return the time in a field, Shanghai wall clock, as an aware one. Raises NotATime."""
    value = request.form.get(name, "").strip()
    try:
        return datetime.fromisoformat(value).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise NotATime(value=value) from None
