"""What is drawn on a page of a PDF: words with their places, and the lines between which they stand.

Places are in points; where a page's words run another way than to the right, the page is turned until they do.
"""

import math
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from pypdf import PageObject

_LEAST_RULE = 6.0  # points; shorter strokes underline or belong to a sign
_THICKEST_RULE = 3.0
_Matrix = list[float]


@dataclass(slots=True)
class Fragment:
    """Words that stand together; `x`, `y` is where they begin, in points from the lower left corner."""

    x: float
    y: float
    size: float
    text: str
    turned: bool = False

    @property
    def right(self) -> float:
        return self.x + self.size * sum(map(width_of, self.text))


@dataclass(slots=True)
class Page:
    """The words and the lines of a page; `upright` (x, from, to) and `level` (y, from, to) are ruled lines."""

    left: float
    right: float
    fragments: list[Fragment]
    upright: list[tuple[float, float, float]] = field(default_factory=list)
    level: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


class _Drawing:
    """Follows the operators of a page."""

    def __init__(self) -> None:
        self.words: list[tuple[float, float, float, float, str]] = []
        self.rules: list[tuple[float, float, float, float]] = []
        self._path: list[tuple[float, float, float, float]] = []
        self._at = (0.0, 0.0)

    def show(self, text: str, matrix: _Matrix, text_matrix: _Matrix, _font: object, size: float) -> None:
        if not text.strip():
            return
        a, b, c, d = (
            text_matrix[0] * matrix[0] + text_matrix[1] * matrix[2],
            text_matrix[0] * matrix[1] + text_matrix[1] * matrix[3],
            text_matrix[2] * matrix[0] + text_matrix[3] * matrix[2],
            text_matrix[2] * matrix[1] + text_matrix[3] * matrix[3],
        )
        x, y = _placed(matrix, text_matrix[4], text_matrix[5])
        height = math.hypot(c, d) or math.hypot(a, b) or 1.0
        angle = math.degrees(math.atan2(b, a)) if (a, b) != (0.0, 0.0) else 0.0
        step = height * size * 1.2
        for row, part in enumerate(text.strip("\n").split("\n")):
            if part.strip():
                down = math.radians(angle - 90)
                place = (x + row * step * math.cos(down), y + row * step * math.sin(down))
                self.words.append((*place, max(1.0, size * height), angle, part))

    def draw(self, operator: bytes, operands: list[object], matrix: _Matrix, _text_matrix: _Matrix) -> None:
        numbers = [float(each) for each in operands if isinstance(each, int | float)]
        if operator == b"re" and len(numbers) == 4:
            self._path.append(_box(matrix, numbers))
        elif operator == b"m" and len(numbers) == 2:
            self._at = _placed(matrix, *numbers)
        elif operator == b"l" and len(numbers) == 2:
            to = _placed(matrix, *numbers)
            self._path.append((*self._at, *to))
            self._at = to
        elif operator in {b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"}:
            filled = operator not in {b"S", b"s"}
            for box in self._path:
                self.rules += _strokes(box, filled=filled)
            self._path = []
        elif operator == b"n":
            self._path = []


def read_page(page: PageObject) -> Page:
    """Return what is drawn on a page, turned so that most words run to the right; raises what pypdf raises."""
    drawing = _Drawing()
    page.extract_text(visitor_text=drawing.show, visitor_operand_before=drawing.draw)
    box = page.mediabox
    edges = [(float(box.left), float(box.bottom)), (float(box.right), float(box.top))]
    turn = _most_common_turn(drawing)
    corners = [_turned(x, y, turn) for x, y in edges]
    read = Page(min(x for x, _ in corners), max(x for x, _ in corners), [])
    for x, y, size, angle, text in drawing.words:
        away = (angle - turn) % 360
        if min(away % 90, 90 - away % 90) > 5:
            continue  # drawn askew: a watermark
        right, up = _turned(x, y, turn)
        read.fragments.append(Fragment(x=right, y=up, size=size, text=text, turned=5 < away < 355))
    for x0, y0, x1, y1 in drawing.rules:
        (ax, ay), (bx, by) = _turned(x0, y0, turn), _turned(x1, y1, turn)
        if abs(ax - bx) < 1:
            read.upright.append((ax, min(ay, by), max(ay, by)))
        elif abs(ay - by) < 1:
            read.level.append((ay, min(ax, bx), max(ax, bx)))
    read.fragments = _without_watermarks(_drawn_once(read.fragments))
    return read


def width_of(character: str) -> float:
    """Return the width of a character in sizes of its font, near enough."""
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5


def _most_common_turn(drawing: _Drawing) -> int:
    turns: Counter[int] = Counter()
    for _, _, _, angle, text in drawing.words:
        if min(angle % 90, 90 - angle % 90) <= 5:
            turns[round(angle / 90) * 90 % 360] += len(text)
    return turns.most_common(1)[0][0] if turns else 0


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """Turn a place back by `turn` degrees around the origin."""
    return {0: (x, y), 90: (y, -x), 180: (-x, -y), 270: (-y, x)}[turn]


def _placed(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    return x * matrix[0] + y * matrix[2] + matrix[4], x * matrix[1] + y * matrix[3] + matrix[5]


def _box(matrix: _Matrix, numbers: list[float]) -> tuple[float, float, float, float]:
    x, y, wide, high = numbers
    (ax, ay), (bx, by) = _placed(matrix, x, y), _placed(matrix, x + wide, y + high)
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _strokes(box: tuple[float, float, float, float], *, filled: bool) -> list[tuple[float, float, float, float]]:
    """Return the ruled lines of a box: a thin one is a line, a stroked one has four."""
    x0, y0, x1, y1 = box
    wide, high = abs(x1 - x0), abs(y1 - y0)
    if wide <= _THICKEST_RULE and high >= _LEAST_RULE:
        return [((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)]
    if high <= _THICKEST_RULE and wide >= _LEAST_RULE:
        return [(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)]
    if filled or wide < _LEAST_RULE or high < _LEAST_RULE:
        return []
    return [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]


def _drawn_once(fragments: list[Fragment]) -> list[Fragment]:
    """Leave out words that are drawn again at their own place: that is how some programs make them bold."""
    kept: dict[tuple[str, int], list[Fragment]] = {}
    found = []
    for each in fragments:
        again = (
            other
            for near in (-1, 0, 1)
            for other in kept.get((each.text, round(each.y / 2) + near), [])
            if abs(other.x - each.x) < 0.25 * each.size and abs(other.y - each.y) < 0.25 * each.size
        )
        if next(again, None) is None:
            kept.setdefault((each.text, round(each.y / 2)), []).append(each)
            found.append(each)
    return found


def _without_watermarks(fragments: list[Fragment]) -> list[Fragment]:
    """Leave out large words that are drawn across the lines of others."""
    sizes: Counter[float] = Counter()
    for each in fragments:
        sizes[round(each.size, 1)] += len(each.text)
    if not sizes:
        return fragments
    body = sizes.most_common(1)[0][0]
    large = [each for each in fragments if each.size > 1.4 * body]
    if not large:
        return fragments
    small = [each for each in fragments if each.size <= 1.4 * body]
    across = {id(each) for each in large if any(_crosses(each, other) for other in small)}
    return [each for each in fragments if id(each) not in across]


def _crosses(large: Fragment, small: Fragment) -> bool:
    beside = large.x < small.right and small.x < large.right
    low, high = large.y - 0.1 * large.size, large.y + 0.8 * large.size
    middle = small.y + 0.3 * small.size
    return beside and low < middle < high
