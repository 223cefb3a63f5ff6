"""Ruled tables of a page: the lines that are drawn say which words stand in one cell, and what is merged."""

import re
import statistics
from dataclasses import dataclass
from itertools import pairwise

from tracker.domain.readings.layout import CELL, MERGED, unmarked
from tracker.gateways.pdf_lines import Line, lines_of
from tracker.gateways.pdf_page import Fragment, Page

_NEAR = 3.0  # points between lines that are one, or that meet
_MOST_RULES = 4_000
_MOST_CELLS = 20_000
_FULL = 1.6  # sizes: a line that ends nearer to the cell's edge was wrapped
# Names that stand one below the other.
_NAME_ENDS = re.compile(r"(?:局|委|办|府|部|会|院|中心|公司)\s*$")
_NAME_BEGINS = re.compile(r"[市省县区州各]")
_Span = tuple[float, float, float]


@dataclass(slots=True)
class RuledTable:
    """A table's grid, its rows in reading order, cells with the marks of layout."""

    xs: list[float]
    ys: list[float]
    rows: list[list[str]]
    merges_end: list[bool]

    def holds(self, fragment: Fragment) -> bool:
        """Say whether a fragment stands inside."""
        x, y = _centre(fragment)
        return self.xs[0] - _NEAR <= x <= self.xs[-1] + _NEAR and self.ys[-1] - _NEAR <= y <= self.ys[0] + _NEAR

    def lines(self) -> list[Line]:
        """Return the rows as lines of the page."""
        return [
            Line(top, self.xs[0], self.xs[-1], 10.0, CELL.join(row), is_row=True)
            for top, row in zip(self.ys, self.rows, strict=False)
            if any(row)
        ]


def ruled_tables(page: Page) -> list[RuledTable]:
    """Return the tables of a page from top to bottom; boxes around one stretch of text are none."""
    if not page.upright or not page.level or len(page.upright) + len(page.level) > _MOST_RULES:
        return []
    found = []
    for upright, level in _clusters(page.upright, page.level):
        xs = _distinct([rule[0] for rule in upright])
        ys = _distinct([rule[0] for rule in level])[::-1]
        if len(xs) > 2 and len(ys) > 2 and len(xs) * len(ys) < _MOST_CELLS:
            found.append(_table(page.fragments, xs, ys, upright, level))
    return sorted((each for each in found if any(map(any, each.rows))), key=lambda each: -each.ys[0])


def continued(before: RuledTable | None, table: RuledTable) -> None:
    """Fill the cells at a page's top that belong to a cell merged over rows at the end of the page before."""
    if before is None or len(before.xs) != len(table.xs) or not before.rows:
        return
    if any(abs(a - b) > 2 * _NEAR for a, b in zip(before.xs, table.xs, strict=True)):
        return
    last = before.rows[-1]
    first = 1 if table.rows[0] == before.rows[0] else 0
    if len(table.rows) > first and not table.rows[first][0] and last[0] and not before.merges_end[0]:
        before.rows[-1] = last = [_joined(above, below) for above, below in zip(last, table.rows[first], strict=True)]
        table.rows[first] = [""] * len(last)
    for column, merged in enumerate(before.merges_end):
        if not merged or not unmarked(last[column]):
            continue
        for row in table.rows[first:]:
            if row[column]:
                break
            if not row[0]:
                continue
            row[column] = MERGED + unmarked(last[column])


def _joined(above: str, below: str) -> str:
    """Join what a page's end has parted of one cell."""
    if not below or unmarked(above) == unmarked(below):
        return above
    two = _NAME_ENDS.search(above) and _NAME_BEGINS.match(below)
    return above + (" " if two else "") + below


def _clusters(upright: list[_Span], level: list[_Span]) -> list[tuple[list[_Span], list[_Span]]]:
    """Put the lines together that meet."""
    parent = list(range(len(upright) + len(level)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for n, (x, low, high) in enumerate(upright):
        for m, (y, left, right) in enumerate(level, start=len(upright)):
            if low - _NEAR <= y <= high + _NEAR and left - _NEAR <= x <= right + _NEAR:
                parent[root(n)] = root(m)
    groups: dict[int, tuple[list[_Span], list[_Span]]] = {}
    for n, rule in enumerate([*upright, *level]):
        groups.setdefault(root(n), ([], []))[0 if n < len(upright) else 1].append(rule)
    return [group for group in groups.values() if group[0] and group[1]]


def _distinct(places: list[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found


def _table(
    fragments: list[Fragment], xs: list[float], ys: list[float], upright: list[_Span], level: list[_Span]
) -> RuledTable:
    columns, rows = len(xs) - 1, len(ys) - 1
    region = _regions(xs, ys, upright, level)
    inside: dict[int, list[Fragment]] = {}
    for fragment in fragments:
        x, y = _centre(fragment)
        column = next((n for n in range(columns) if xs[n] - 1 <= x < xs[n + 1]), None)
        row = next((n for n in range(rows) if ys[n + 1] - 1 <= y < ys[n]), None)
        if column is not None and row is not None:
            inside.setdefault(region[row][column], []).append(fragment)
    rights = {region[row][column]: xs[column + 1] for row in range(rows) for column in range(columns)}
    words = {key: _words(found, rights[key]) for key, found in inside.items()}
    written: set[int] = set()
    out = []
    for row in range(rows):
        cells = []
        for column in range(columns):
            key = region[row][column]
            said = words.get(key, "")
            cells.append(MERGED + said if said and key in written else said)
            written.add(key)
        out.append(cells)
    ends = [rows > 1 and region[-1][column] == region[-2][column] for column in range(columns)]
    return RuledTable(xs, ys, out, ends)


def _regions(xs: list[float], ys: list[float], upright: list[_Span], level: list[_Span]) -> list[list[int]]:
    """Number the cells of the grid; cells without a line between them have one number."""
    columns, rows = len(xs) - 1, len(ys) - 1
    walls, floors = _by_place(upright, xs), _by_place(level, ys)
    region = [[row * columns + column for column in range(columns)] for row in range(rows)]
    for row in range(rows):
        for column in range(columns):
            middle_y, middle_x = (ys[row] + ys[row + 1]) / 2, (xs[column] + xs[column + 1]) / 2
            if column and not _covers(walls[column], middle_y):
                region[row][column] = region[row][column - 1]
            elif row and not _covers(floors[row], middle_x):
                region[row][column] = region[row - 1][column]
    return region


def _by_place(rules: list[_Span], places: list[float]) -> list[list[tuple[float, float]]]:
    return [[(low, high) for at, low, high in rules if abs(at - place) <= _NEAR] for place in places]


def _covers(rules: list[tuple[float, float]], place: float) -> bool:
    return any(low - 1 <= place <= high + 1 for low, high in rules)


def _centre(fragment: Fragment) -> tuple[float, float]:
    return fragment.x + 0.3 * fragment.size, fragment.y + 0.3 * fragment.size


def _words(fragments: list[Fragment], right: float) -> str:
    """Return a cell's words: wrapped lines are one, names that stand one below the other are a blank apart."""
    if all(each.turned for each in fragments):
        return "".join(each.text.strip() for each in sorted(fragments, key=lambda each: (each.x, -each.y)))
    rows: list[Line] = []
    for line in lines_of(fragments):
        if rows and abs(rows[-1].y - line.y) < 0.5 * line.size:
            rows[-1].text += " " + line.text
            rows[-1].right = line.right
        else:
            rows.append(line)
    if not rows:
        return ""
    left = min(line.left for line in rows)
    size = statistics.median(line.size for line in rows)
    edge = max(max(line.right for line in rows), right - _FULL * size)
    words = rows[0].text.strip()
    for before, line in pairwise(rows):
        # Lines of a cell are centred or flush; one that reaches the widest was wrapped.
        full = before.right - before.left >= edge - left - _FULL * size or before.text.strip()[-1:] in "、，,（(—-"
        two = _NAME_ENDS.search(before.text) and _NAME_BEGINS.match(line.text.strip())
        words += (" " if two or not full else "") + line.text.strip()
    return words
