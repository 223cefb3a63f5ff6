"""Page furniture: numbers of pages, and what heads or foots one page after the other at one and the same place."""

import itertools
import re
from collections import Counter
from statistics import median

from tracker.gateways.pdf_lines import Line

_EDGE_LINES = 2
_SAME_PLACE = 6.0  # points
_APART = 1.25  # of the distance of lines
_BARE_NUMBER = re.compile(r"[—\-–－─·\s]*(?:第\s?)?\d{1,4}\s?页?(?:\s?[/共，]{1,2}\s?\d{1,4}\s?页)?[—\-–－─·\s]*")
# A field or a sentence is no furniture, however often it stands at the edge of a page.
_SAYS_SOMETHING = re.compile(r"[:：。；;]|^[（(]?[一二三四五六七八九十\d]+[）).、．]")


def without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """Drop numbers of pages, and lines that stand apart from the text at one place on at least half of the pages.

    What stands no further from the text than its own lines may be its first or last one, which says the same by
    accident on two pages: it is furniture only where it stands on three or more, and on all but one.
    """
    seen: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        for line in _edges(lines):
            for place in {round(line.y / _SAME_PLACE), round(line.y / _SAME_PLACE + 0.5)}:
                seen[(_without_digits(line.text), place)] += 1
    least, nearly_all = max(2, len(pages) // 2), max(3, len(pages) - 1)
    kept = []
    for lines in pages:
        full = 0.9 * max((line.right - line.left for line in lines), default=0.0)
        apart = {id(line) for line in _set_apart(lines)}
        marked = {
            id(line)
            for line in _edges(lines)
            if _BARE_NUMBER.fullmatch(line.text)
            or (line.right - line.left < full and _is_furniture(line, seen, least if id(line) in apart else nearly_all))
        }
        kept.append([line for line in lines if id(line) not in marked])
    return kept


def _is_furniture(line: Line, seen: Counter[tuple[str, int]], least: int) -> bool:
    if line.is_row or _SAYS_SOMETHING.search(line.text):
        return False
    places = {round(line.y / _SAME_PLACE), round(line.y / _SAME_PLACE + 0.5)}
    return any(seen[(_without_digits(line.text), place)] >= least for place in places)


def _edges(lines: list[Line]) -> list[Line]:
    by_height = sorted(lines, key=lambda line: -line.y)
    if len(by_height) <= 2 * _EDGE_LINES:
        return by_height
    return by_height[:_EDGE_LINES] + by_height[-_EDGE_LINES:]


def _set_apart(lines: list[Line]) -> list[Line]:
    """Return the lines at the edges of a page between which and the text there is more room than between its lines."""
    heights = sorted({line.y for line in lines if not _BARE_NUMBER.fullmatch(line.text)}, reverse=True)
    gaps = [upper - lower for upper, lower in itertools.pairwise(heights)]
    if not gaps:
        return lines
    wide = [n for n, gap in enumerate(gaps) if gap > _APART * median(gaps)]
    top = max((heights[n] for n in wide if n < _EDGE_LINES), default=None)
    low = [n for n in wide if n >= len(gaps) - _EDGE_LINES]
    lowest = heights[low[0] + 1] if low else None
    return [line for line in lines if (top is not None and line.y >= top) or (lowest is not None and line.y <= lowest)]


def _without_digits(words: str) -> str:
    return re.sub(r"[\d\s—\-–]", "", words)
