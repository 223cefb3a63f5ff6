"""主送 as papers print it: by full names or accepted short ones, and a bare place is no body.

Source: GB/T 9704-2012, 7.3.2: 全称、规范化简称或者同类型机关统称. Bodies of one class share their last word, as
「驿城区、遂平县人民政府」, and stand apart by a comma.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

_BETWEEN = re.compile("[、，]")  # between two bodies of one class, and between classes
_GOVERNMENT, _COMMITTEE = "人民政府", "管委会"
_ZONES = ("示范区", "开发区", "新区", "产业园区")


def printed(names: Iterable[str]) -> str:
    """Write whom a paper goes to: names of units as lists have them, in official order."""
    classes = groupby(names, key=_last_word)
    return "，".join(f"{'、'.join(several)}{last}" for last, several in classes)


def names_printed(words: str) -> list[str]:
    """Read printed words back to the names of lists; whatever else was typed stays as one part."""
    return [_bare(part) for part in _BETWEEN.split(words) if part]


def _last_word(name: str) -> str:
    """Name what a bare place lacks to be a body; empty of whatever is one."""
    if name.endswith(_ZONES):
        return _COMMITTEE
    return _GOVERNMENT if name.endswith(("县", "区", "市")) else ""


def _bare(part: str) -> str:
    for last in (_GOVERNMENT, _COMMITTEE):
        name = part.removesuffix(last)
        if name != part and _last_word(name) == last:
            return name
    return part


def without(words: str, gone: Sequence[str], *, back: Sequence[str]) -> str:
    """Leave bodies out of printed words, and put others at their end."""
    kept = [name for name in names_printed(words) if name not in gone]
    return printed([*kept, *(name for name in back if name not in kept)])
