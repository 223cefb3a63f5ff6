"""A computed month as text: the same month gives the same bytes, whenever and wherever it is computed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from tracker.domain.scoring.inputs import Inputs, Month
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.results import MonthResult
from tracker.domain.scoring.scheme import Scheme

FORMAT = "tracker.score/1"


def number_written(value: Decimal) -> str:
    """Write a number with the digits that it needs and no exponent: 2.50 and 2.5 are the same number."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def frozen_text(
    scheme: Scheme, *, scheme_sha256: str, decisions: Sequence[Decision], inputs: Inputs, result: MonthResult
) -> str:
    """Return all that a month is made of and what it came to, as JSON with one key a line, a line's end at the end."""
    told = {
        "format": FORMAT,
        "scheme": {"code": scheme.code, "document": scheme.document, "sha256": scheme_sha256},
        "decisions": plain(tuple(decisions)),
        "inputs": plain(inputs),
        "result": plain(result),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def plain(value: object) -> object:
    """Return records as JSON values; fractions as 1/3, mappings by keys of several parts as lists."""
    if isinstance(value, Month):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return number_written(value)
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if any(isinstance(key, tuple) for key in value):
            return [[*key, plain(value[key])] for key in sorted(value)]
        return {str(key): plain(value[key]) for key in sorted(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value
