"""Records as plain JSON values, always the same ones for the same record, and their digest."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import MappingProxyType

# Metadata of a field that came later: while it has its default, a record's plain form and digest are the earlier ones.
CAME_LATER = MappingProxyType({"came_later": True})


def number_text(value: Decimal) -> str:
    """Write a number without zeros at its end and without an exponent: 1.20 and 1.2 are one number."""
    return format(value.normalize() if value else Decimal(0), "f")


def evenly(values: Sequence[Decimal]) -> list[str]:
    """Write numbers that stand in one column, all with as many decimals as one of them needs: 75.0 beside 75.1."""
    places = max((len(number_text(one).partition(".")[2]) for one in values), default=0)
    return [f"{one:.{places}f}" for one in values]


def as_plain(value: object) -> object:
    """Return a record as JSON values. A mapping with other keys than words becomes pairs in order."""
    match value:
        case Enum():
            return value.value
        case Decimal():
            return number_text(value)
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case date():
            return value.isoformat()
        case Mapping():
            pairs = sorted((as_plain(key), as_plain(one)) for key, one in value.items())
            return dict(pairs) if all(isinstance(key, str) for key in value) else [list(pair) for pair in pairs]
        case tuple() | list():
            return [as_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        told = {one.name: as_plain(getattr(value, one.name)) for one in fields(value) if not _is_silent(value, one)}
        return {"": type(value).__name__} | told
    return value


def _is_silent(record: object, one: Field[object]) -> bool:
    return "came_later" in one.metadata and getattr(record, one.name) == one.default


def digest(value: object) -> str:
    """Return the SHA-256 of a record's plain form, hexadecimal."""
    told = json.dumps(as_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()
