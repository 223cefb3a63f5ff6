"""Events read back from the log: the facts that one was written with become an event of its class again.

Two readers keep to the facts as they were written: the state folded from the log (`store/history`), which reads whole
logs and says itself what a fact that older versions left out means there, and the timelines, which also word the types
that nobody records any more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from tracker.domain.events import (
    absences,
    accounts,
    boxes,
    calendar,
    circulars,
    documents,
    downloads,
    drafts,
    forms,
    inquiries,
    instructions,
    joint,
    lessons,
    machinery,
    namings,
    petitions,
    projects,
    reports,
    requests,
    score_corrections,
    scoring,
    served_papers,
    shares,
    tasks,
    triggers,
    units,
)
from tracker.domain.events.base import Event

# What was recorded before reports were reckoned by series. Such events stay in the log, and no class knows them.
FORMER_TYPES = frozenset(
    {
        *("period.opened", "period.overdue", "period.missed"),
        *("report.submitted", "report.sent_back", "report.signed_off", "report.accepted", "report.returned"),
        *("extension.requested", "extension.granted", "extension.refused"),
    }
)
_ROOMS = (
    documents,
    drafts,
    lessons,
    tasks,
    triggers,
    shares,
    forms,
    reports,
    petitions,
    requests,
    inquiries,
    instructions,
    units,
    calendar,
    circulars,
    served_papers,
    namings,
    joint,
    downloads,
    boxes,
    scoring,
    score_corrections,
    projects,
    machinery,
    accounts,
    absences,
)

_Event = TypeVar("_Event", bound=Event)
_Read = Callable[[Any], Any]  # Any: a JSON value, and the value of a field that it stands for


class Undecodable(ValueError):
    """No event can be made of what the log tells: its type is of before, or its facts are not those of its class."""


def decode(type_: str, payload: Mapping[str, object]) -> Event:
    """Return the event that was recorded as a type with a payload, which tells its task and unit as well.

    What earlier versions did not tell is as the class has it by default; what no class knows any more is left out.
    Raises Undecodable.
    """
    if type_ not in CLASSES:
        raise Undecodable(f"{type_}: {'not recorded any more' if type_ in FORMER_TYPES else 'never recorded'}")
    return decode_as(CLASSES[type_], payload)


def decode_as(kind: type[_Event], payload: Mapping[str, object]) -> _Event:
    """Return the event of a class that was recorded with a payload, as `decode` does. Raises Undecodable."""
    try:
        event: _Event = _made(kind, payload)
    except (TypeError, ValueError) as error:
        raise Undecodable(f"{kind.type}: {error}") from error
    return event


def _classes() -> Iterator[type[Event]]:
    for room in _ROOMS:
        for kind in vars(room).values():
            if isinstance(kind, type) and issubclass(kind, Event) and hasattr(kind, "type"):
                yield kind


CLASSES: Mapping[str, type[Event]] = {kind.type: kind for kind in _classes()}


def _made(kind: type, told: Mapping[str, object]) -> Any:  # Any: an instance of `kind`
    readers = _readers(kind)
    return kind(**{name: readers[name](value) for name, value in told.items() if name in readers})


@cache
def _readers(kind: Any) -> Mapping[str, _Read]:  # Any: a dataclass
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in fields(kind)}


def _reader(hint: Any) -> _Read:  # Any: the type of a field
    """Return what makes a value of a type out of its JSON value; the counterpart of `Event.payload`."""
    if get_origin(hint) is UnionType:
        (given,) = (one for one in get_args(hint) if one is not NoneType)
        return partial(_read_or_none, _reader(given))
    if get_origin(hint) is tuple:
        return partial(_read_all, _reader(get_args(hint)[0]))
    if isinstance(hint, type) and is_dataclass(hint):
        return partial(_made, hint)
    if hint in (date, datetime):
        found: _Read = hint.fromisoformat
        return found
    return partial(_read_plain, (int, float) if hint is float else hint)


def _read_or_none(read: _Read, told: Any) -> Any:  # Any: as `_Read`
    return None if told is None else read(told)


def _read_all(read: _Read, told: list[Any]) -> tuple[Any, ...]:  # Any: as `_Read`
    return tuple(read(one) for one in told)


def _read_plain(kind: type | tuple[type, ...], told: object) -> object:
    if not isinstance(told, kind):
        raise TypeError(f"{told!r} is not {kind}")
    return told
