"""Annotations whose bracket is open at the end of a line are made whole again: 责任单位 may begin a line inside one."""

import re
from collections.abc import Sequence

from tracker.domain.readings.layout import CELL
from tracker.intake.expressions import expression

_PAIRS = {"（": "）)", "(": "）)", "【": "】", "〔": "〕]］", "[": "]］〕", "［": "］]"}
# e.g. （
# e.g. ］
_BRACKET = expression(r"[（(【〔\[［）)】〕\]］]")
# e.g. （责任单位：市商务局；
_OF_DUTY = expression(r"单位|部门|牵头|负责|配合|时限|主办|协办")
# A number inside an open bracket begins the next stretch: the bracket was never closed.
# e.g. 二、保障措施
# e.g. 2.改造管网
# e.g. （三）加强调度
_NEXT = expression(
    r"""[一二三四五六七八九十百]{1,4}、|\d{1,3}[.．、](?!\d)|[（(][一二三四五六七八九十百\d]{1,4}[）)]|第[一二三四五六七八九十百]+[条章]
    |附\s*件""",
    re.VERBOSE,
)
_MOST_LINES = 6
_LONGEST = 600


def closed(paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs with those joined that one annotation's bracket holds together."""
    out: list[str] = []
    at = 0
    while at < len(paragraphs):
        words = paragraphs[at]
        more = _lines_to_close(paragraphs, at)
        out.append("".join([words, *paragraphs[at + 1 : at + 1 + more]]))
        at += 1 + more
    return out


def _lines_to_close(paragraphs: Sequence[str], at: int) -> int:
    """Return how many lines below belong to the bracket that is open at the end of this one."""
    opened = _open_at_end(paragraphs[at])
    if opened is None or CELL in paragraphs[at]:
        return 0
    words = opened
    for more in range(1, _MOST_LINES + 1):
        if at + more >= len(paragraphs):
            return 0
        line = paragraphs[at + more]
        if CELL in line or _NEXT.match(line) or len(words) + len(line) > _LONGEST:
            return 0
        words += line
        if _closes(words):
            return more if _OF_DUTY.search(words[: _first_end(words) + 1]) else 0
    return 0


def _open_at_end(line: str) -> str | None:
    """Return what stands behind the outermost bracket that is open at the end of a line; None where none is."""
    tail = line[-_LONGEST:]
    opened: list[int] = []
    for found in _BRACKET.finditer(tail):
        place, mark = found.start(), found.group()
        if mark in _PAIRS:
            opened.append(place)
        elif opened and mark in _PAIRS[tail[opened[-1]]]:
            opened.pop()
    return tail[opened[0] :] if opened else None


def _closes(words: str) -> bool:
    return _first_end(words) >= 0


def _first_end(words: str) -> int:
    """Return where the bracket that `words` begin with is closed, -1 where it is not."""
    opened: list[str] = []
    for found in _BRACKET.finditer(words):
        place, mark = found.start(), found.group()
        if mark in _PAIRS:
            opened.append(mark)
        elif opened and mark in _PAIRS[opened[-1]]:
            opened.pop()
            if not opened:
                return place
    return -1
