"""Decimal numbers of chapters 「2.1」: which lines begin with one, and which with a mere number such as 7.2张.

A number of a chapter stands in a sequence: 2.1 opens a chapter, 2.2 follows 2.1, 2.2.1 stands under 2.2.
"""

import re
from collections.abc import Sequence

from tracker.intake.expressions import expression

# e.g. 2.1指挥机构
# but not 2.10
FIRST_OF_CHAPTER = expression(r"^(\d{1,2})\.1(?!\d)", re.MULTILINE)
# e.g. 2.1指挥机构
# but not 2.5个百分点
# but not 0.9‰
# but not 2.12月底前
DECIMAL = expression(r"^([1-9]\d?(?:\.[1-9]\d?){1,3})(?![\d%％‰月日年])(?=[^个万亿元倍分米])")
_WIDEST_STEP = 3


def numbered(lines: Sequence[str]) -> set[int]:
    """Return the places of the lines that begin with the number of a chapter."""
    found: set[int] = set()
    last: tuple[int, ...] = ()
    for place, line in enumerate(lines):
        match = DECIMAL.match(line)
        if match is None:
            continue
        number = tuple(map(int, match[1].split(".")))
        if _opens(number) or _follows(number, last):
            found.add(place)
            last = number
    return found


def _opens(number: tuple[int, ...]) -> bool:
    return all(part == 1 for part in number[1:])


def _follows(number: tuple[int, ...], last: tuple[int, ...]) -> bool:
    """Say whether a number is the next one behind another, or the first one below it; a few may be missing."""
    for depth, (this, before) in enumerate(zip(number, last, strict=False)):
        if this != before:
            return 0 < this - before <= _WIDEST_STEP and _opens((0, *number[depth + 1 :])) and depth > 0
    return len(number) > len(last) > 0 and all(part <= _WIDEST_STEP for part in number[len(last) :])
