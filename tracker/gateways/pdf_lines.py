"""Words of a page → its lines in reading order, columns of print one after the other."""

import statistics
from dataclasses import dataclass

from tracker.gateways.pdf_page import Fragment, width_of

_SAME_LINE = 0.5
_LEAST_COLUMN_LINES = 4
_CROSSING_SHARE = 0.25
_NEXT_PIECE = 1.6  # sizes: a gap as wide begins another piece of the row
_BLANK = 0.4
_OTHER_FONT = set("“”‘’—…· ")


@dataclass(slots=True)
class Line:
    """A line of print; `column` is 0 where the page has one, `is_row` says that it is a row of a table."""

    y: float
    left: float
    right: float
    size: float
    text: str
    column: int = 0
    is_row: bool = False


def lines_of(fragments: list[Fragment]) -> list[Line]:
    """Put fragments of one height together from left to right; a wide gap starts another line (the next column)."""
    lines: list[Line] = []
    for whole in _rows(fragments):
        row = _with_marks_in_place(whole)
        size = statistics.median(fragment.size for fragment in row)
        current: Line | None = None
        for fragment in sorted(row, key=lambda each: each.x):
            if current is not None and fragment.x - current.right < _NEXT_PIECE * size:
                gap = " " if fragment.x - current.right > _BLANK * size else ""
                current.text += gap + fragment.text
                current.right = max(current.right, fragment.right)
            else:
                current = _begun(fragment)
                lines.append(current)
    return lines


def in_columns(lines: list[Line], *, middle: float) -> list[Line]:
    """Read the left column before the right one, between lines that cross the middle of the page."""
    left = {id(line) for line in lines if line.right <= middle + 4}
    right = {id(line) for line in lines if line.left >= middle - 4}
    crossing = len(lines) - len(left) - len(right)
    if min(len(left), len(right)) < _LEAST_COLUMN_LINES or crossing > _CROSSING_SHARE * len(lines):
        return _joined_rows(lines)
    ordered: list[Line] = []
    block: list[Line] = []
    for line in lines:
        line.column = 1 if id(line) in left else 2 if id(line) in right else 0
        if line.column:
            block.append(line)
            continue
        ordered += [*sorted(block, key=lambda each: each.column), line]
        block = []
    return [*ordered, *sorted(block, key=lambda each: each.column)]


def _with_marks_in_place(row: list[Fragment]) -> list[Fragment]:
    """Put marks that are drawn by another font into the blanks that the words around them leave for them."""
    marks = [each for each in row if not set(each.text) - _OTHER_FONT]
    if not marks:
        return row
    words = [each for each in row if set(each.text) - _OTHER_FONT]
    left = []
    for mark in marks:
        around = next((each for each in words if each.x - each.size < mark.x < each.right - 0.3 * each.size), None)
        filled = _filled(around, mark) if around else None
        if around is None or filled is None:
            left.append(mark)
        else:
            around.text = filled
    return [*words, *left]


def _filled(around: Fragment, mark: Fragment) -> str | None:
    """Return the words with the marks in their blanks, the first by its place; None where blanks are missing."""
    pieces = mark.text.split()
    place, x = 0, around.x
    while place < len(around.text) and x < mark.x - 0.3 * around.size:
        x += around.size * width_of(around.text[place])
        place += 1
    place = around.text.find(" ", max(0, place - 2))
    if place < 0 or around.text.count(" ", place) < len(pieces):
        return None
    out, rest = around.text[:place], around.text[place:]
    for piece in pieces:
        before, _, rest = rest.partition(" ")
        out += before + piece
    return out + rest


def _begun(fragment: Fragment) -> Line:
    """Begin a line; blanks before its words move it to the right."""
    words = fragment.text.lstrip(" \u3000\xa0")
    indent = sum(map(width_of, fragment.text[: len(fragment.text) - len(words)])) * fragment.size
    return Line(fragment.y, fragment.x + indent, fragment.right, fragment.size, words)


def _rows(fragments: list[Fragment]) -> list[list[Fragment]]:
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda each: (-each.y, each.x)):
        if rows and abs(rows[-1][0].y - fragment.y) < _SAME_LINE * max(fragment.size, rows[-1][0].size):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return rows


def _joined_rows(lines: list[Line]) -> list[Line]:
    """Without columns, pieces of one height are the cells of a row; blanks keep where each of them stands."""
    joined: list[Line] = []
    margin = min((line.left for line in lines), default=0.0)
    for line in lines:
        last = joined[-1] if joined else None
        if last and abs(last.y - line.y) < _SAME_LINE * line.size and line.left >= last.right:
            if not last.is_row:
                last.text = " " * _half_widths(last.left - margin, last.size) + last.text
                last.is_row = True
            wanted = _half_widths(line.left - margin, last.size)
            has = round(sum(map(width_of, last.text)) * 2)
            last.text += " " * max(2, wanted - has) + line.text
            last.right = line.right
        else:
            joined.append(line)
    return joined


def _half_widths(points: float, size: float) -> int:
    return max(0, round(points / size * 2))
