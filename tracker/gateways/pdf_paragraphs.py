"""Lines of print → paragraphs, by where they begin and end on the page."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from tracker.domain.readings.layout import PARAGRAPH
from tracker.gateways.pdf_lines import Line
from tracker.gateways.pdf_page import width_of

_INDENT = (1.2, 4.5)  # sizes
_WIDE_GAP = 1.35  # usual distances of two lines
_LEAST_SHARE = 0.06  # of lines that begin a paragraph visibly; below it the page says nothing of paragraphs
_LEAST_LINES = 6
_OTHER_SIZE = 0.12
# What is not parted between two lines: a word, a number, a character with the marks that cleave to it.
# e.g. （市）人民政府
_TOKEN = re.compile(r"[（(“‘《〈【〔\[]*(?:[A-Za-z0-9.%‰,/-]+|.)[，。；：、）！？”’》〉】〕\],.;:)!?]*")
_FIRST_LINE = (1.6, 2.5)  # sizes by which the first line of a paragraph is indented
_NEARLY_FULL = 3.5
_SLACK = 2.2  # by which a line may end early without being the last of its paragraph


@dataclass(slots=True)
class _Margins:
    left: float
    right: float
    pitch: float


def paragraphs(pages: list[list[Line]]) -> str:
    """Return the text; paragraphs are marked where their beginnings can be seen, else each line stands for itself."""
    margins = _margins(pages)
    flat = [(line, n == 0) for lines in pages for n, line in enumerate(lines)]
    if not _shows_paragraphs(flat, margins):
        return "\n".join(line.text for line, _ in flat)
    out: list[str] = []
    before: Line | None = None
    for line, opens_page in flat:
        if before is None or _begins(before, line, margins, opens_page=opens_page):
            out.append(line.text)
        else:
            out[-1] += _seam(out[-1], line.text) + line.text
        before = line
    return "".join(f"{each}{PARAGRAPH}\n" for each in out)


def _margins(pages: list[list[Line]]) -> dict[int, _Margins]:
    """Return left and right edge and the usual distance of lines for each column of print."""
    lefts: defaultdict[int, Counter[float]] = defaultdict(Counter)
    rights: defaultdict[int, list[float]] = defaultdict(list)
    steps: defaultdict[int, list[float]] = defaultdict(list)
    for lines in pages:
        before: Line | None = None
        for line in lines:
            if line.is_row:
                before = None
                continue
            lefts[line.column][round(line.left)] += 1
            rights[line.column].append(line.right)
            if before and before.column == line.column and before.y > line.y:
                steps[line.column].append(before.y - line.y)
            before = line
    return {
        column: _Margins(
            _left_edge(lefts[column]),
            sorted(rights[column])[-1 - len(rights[column]) // 20],
            _line_pitch(steps[column]),
        )
        for column in lefts
    }


def _line_pitch(steps: list[float]) -> float:
    """Return the smallest distance of two lines that is common: within paragraphs, where these stand apart."""
    common = Counter(round(step) for step in steps)
    least = max(2, 0.08 * len(steps))
    return float(min((step for step in common if sum(common[step + near] for near in (-1, 0, 1)) >= least), default=0))


def _left_edge(places: Counter[float]) -> float:
    """Return the leftmost place at which a good share of the lines begins."""
    least = max(2, sum(places.values()) * 0.08)
    common = [place for place in places if sum(places[near] for near in (place - 1, place, place + 1)) >= least]
    return min(common, default=min(places))


def _shows_paragraphs(flat: list[tuple[Line, bool]], margins: dict[int, _Margins]) -> bool:
    running = [line for line, _ in flat if not line.is_row]
    if len(running) < _LEAST_LINES:
        return False
    indented = sum(1 for line in running if _is_indented(line, margins[line.column]))
    apart = sum(
        1
        for (before, _), (line, opens_page) in pairwise(flat)
        if not opens_page and not line.is_row and _stands_apart(before, line, margins[line.column])
    )
    return max(indented, apart) >= _LEAST_SHARE * len(running)


def _begins(before: Line, line: Line, margins: dict[int, _Margins], *, opens_page: bool) -> bool:
    """Say whether a line begins a paragraph behind another one."""
    if line.is_row or before.is_row or abs(line.size - before.size) > _OTHER_SIZE * before.size:
        return True
    here, there = margins[line.column], margins[before.column]
    if _is_indented(line, here) or _is_centred(line, here) or _is_centred(before, there):
        return True
    if not opens_page and line.column == before.column and _stands_apart(before, line, here):
        return True
    token = _TOKEN.match(line.text)
    needed = sum(map(width_of, token.group() if token else "")) * line.size
    return there.right - before.right > min(needed, 8 * line.size) + _SLACK * before.size


def _is_indented(line: Line, margins: _Margins) -> bool:
    least, most = _INDENT
    return least * line.size < line.left - margins.left and not (
        line.left - margins.left > most * line.size and _is_centred(line, margins)
    )


def _is_centred(line: Line, margins: _Margins) -> bool:
    left, right = line.left - margins.left, margins.right - line.right
    least, most = _FIRST_LINE
    if least * line.size < left < most * line.size and right < _NEARLY_FULL * line.size:
        return False
    return min(left, right) > 1.5 * line.size and abs(left - right) < 1.5 * line.size


def _stands_apart(before: Line, line: Line, margins: _Margins) -> bool:
    return margins.pitch > 0 and before.y - line.y > _WIDE_GAP * margins.pitch


def _seam(before: str, after: str) -> str:
    """Return what stands between two lines of a paragraph: a blank between two Latin words."""
    latin = before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalpha()
    return " " if latin else ""
