"""What a stream of a PDF draws as text, and where.

Each stream is read by itself and once: what it draws from other streams is read where those are.
Source: ISO 32000-1, 7.8.2 (content streams), 8.9.7 (inline images), 9.4 (text), 14.6 (marked content).
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.inspection.pdf_layout import Drawn, width

Decode = Callable[[bytes], str]
Matrix = tuple[float, float, float, float, float, float]

_GAP = rb"[\0\t\n\f\r ]"
# Strings in brackets go three deep; deeper ones are read from the inside. One that does not close goes to the end, and
# what is escaped stays together: so no sign is looked at more than a few times. The first line passes over drawings.
_TOKEN = re.compile(
    _GAP
    + rb"""*+(?:
    (?:[-+.\d]++[\0\t\n\f\r ]++){0,6}+(?:re|RG|rg|SCN|scn|SC|sc|CS|cs|[mlcvyhSsfFBbnWwJjMdiGgKk])\*?(?=[\0\t\n\f\r ])
    |(?P<string>\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+(?:\)|\Z))*+(?:\)|\Z))*+(?:\)|\Z))
    |(?P<hex><[0-9A-Fa-f\0\t\n\f\r ]*+>)
    |(?P<number>[-+.\d]++)
    |/(?P<name>[^\0\t\n\f\r ()<>\[\]{}/%]*+)
    |(?P<operator>[A-Za-z'"][A-Za-z0-9'"*]*+)
    |<<|>>|%[^\r\n]*+|\\.|.)""",
    re.DOTALL | re.VERBOSE,
)
_SHOWS = re.compile(rb"T[jJ]|['\"]|BDC|DP")  # the operators by which words come; without any there are none
_END_OF_PICTURE = re.compile(_GAP + rb"EI(?=" + _GAP + rb"|\Z)")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|\r|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NAME_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_DEEPEST = 1_000  # states kept at once
_THOUSAND = 1000


@dataclass(slots=True)
class _State:
    """What q keeps and Q brings back."""

    matrix: Matrix = _UNIT
    decode: Decode | None = None
    size: float = 1.0
    leading: float = 0.0


@dataclass(slots=True)
class _Pen:
    """Draws into `drawn`; `said` has the words that stand beside what is drawn."""

    fonts: Mapping[str, Decode]
    unknown: Decode
    state: _State = field(default_factory=_State)
    kept: list[_State] = field(default_factory=list)
    line: Matrix = _UNIT
    at: Matrix = _UNIT
    drawn: list[Drawn] = field(default_factory=list)
    said: list[bytes] = field(default_factory=list)

    def do(self, operator: bytes, operands: Sequence[Any]) -> None:  # Any: strings, names and numbers as they come
        act = _ACTS.get(operator)
        if act is not None:
            act(self, operands)

    def keep(self, _operands: Sequence[Any]) -> None:
        if len(self.kept) < _DEEPEST:
            now = self.state
            self.kept.append(_State(now.matrix, now.decode, now.size, now.leading))

    def bring_back(self, _operands: Sequence[Any]) -> None:
        if self.kept:
            self.state = self.kept.pop()

    def transform(self, operands: Sequence[Any]) -> None:
        matrix = _matrix(operands)
        if matrix is not None:
            self.state.matrix = _product(matrix, self.state.matrix)

    def begin(self, _operands: Sequence[Any]) -> None:
        self.line = self.at = _UNIT

    def choose_font(self, operands: Sequence[Any]) -> None:
        numbers = _numbers(operands)
        self.state.size = numbers[-1] if numbers else self.state.size
        names = [each for each in operands if isinstance(each, str)]
        self.state.decode = self.fonts.get(names[-1]) if names else None

    def set_leading(self, operands: Sequence[Any]) -> None:
        self.state.leading = (_numbers(operands) or [0.0])[-1]

    def move(self, operands: Sequence[Any]) -> None:
        numbers = _numbers(operands)
        if len(numbers) > 1:
            self.line = self.at = _product((1.0, 0.0, 0.0, 1.0, numbers[-2], numbers[-1]), self.line)

    def move_and_lead(self, operands: Sequence[Any]) -> None:
        numbers = _numbers(operands)
        self.state.leading = -numbers[-1] if numbers else self.state.leading
        self.move(operands)

    def place(self, operands: Sequence[Any]) -> None:
        self.line = self.at = _matrix(operands) or _UNIT

    def next_line(self, _operands: Sequence[Any]) -> None:
        self.move((0.0, -self.state.leading))

    def show_next(self, operands: Sequence[Any]) -> None:
        self.next_line(operands)
        self.show(operands)

    def show(self, operands: Sequence[Any]) -> None:
        """Draw strings; a number between them moves the next one, by thousandths of the size to the left."""
        for each in operands:
            if isinstance(each, bytes):
                self._draw(each)
            elif isinstance(each, float):
                self._advance(-each / _THOUSAND)

    def say(self, operands: Sequence[Any]) -> None:
        self.said += [each for each in operands if isinstance(each, bytes)]

    def _draw(self, string: bytes) -> None:
        text = (self.state.decode or self.unknown)(string)
        a, b, c, d, x, y = _product(self.at, self.state.matrix)
        length = math.hypot(a, b) or 1.0
        size = abs(self.state.size) * (math.hypot(c, d) or length) or 1.0
        right, up = a / length, b / length
        if all(map(math.isfinite, (x, y, size, right, up))):
            direction = round(right, 1) + 0.0, round(up, 1) + 0.0
            self.drawn.append(Drawn(direction, y * right - x * up, x * right + y * up, size, text))
        self._advance(width(text))

    def _advance(self, widths: float) -> None:
        self.at = _product((1.0, 0.0, 0.0, 1.0, widths * self.state.size, 0.0), self.at)


_ACTS: Mapping[bytes, Callable[[_Pen, Sequence[Any]], None]] = {
    b"q": _Pen.keep,
    b"Q": _Pen.bring_back,
    b"cm": _Pen.transform,
    b"BT": _Pen.begin,
    b"Tf": _Pen.choose_font,
    b"TL": _Pen.set_leading,
    b"Td": _Pen.move,
    b"TD": _Pen.move_and_lead,
    b"Tm": _Pen.place,
    b"T*": _Pen.next_line,
    b"Tj": _Pen.show,
    b"TJ": _Pen.show,
    b"'": _Pen.show_next,
    b'"': lambda pen, operands: pen.show_next([each for each in operands if isinstance(each, bytes)]),
    b"BDC": _Pen.say,
    b"DP": _Pen.say,
}


def read_content(content: bytes, fonts: Mapping[str, Decode], unknown: Decode) -> tuple[list[Drawn], list[bytes]]:
    """Return what is drawn, in its order, and the strings that stand beside it, for what is drawn as `ActualText` does.

    `fonts` read strings by the font's name, `unknown` those in any other. Takes time in proportion to the content.
    """
    pen = _Pen(fonts, unknown)
    for operator, operands in _operations(content):
        pen.do(operator, operands)
    return pen.drawn, pen.said


def has_words(content: bytes) -> bool:
    """Say whether anything may be drawn or said as text: most of what draws pictures, lines and letters has nothing."""
    return _SHOWS.search(content) is not None


def _operations(content: bytes) -> Iterator[tuple[bytes, list[Any]]]:
    operands: list[Any] = []
    at = 0
    while (found := _TOKEN.match(content, at)) is not None:
        at = found.end()
        kind = found.lastgroup
        if kind == "operator":
            operator = found["operator"]
            if operator == b"ID":
                end = _END_OF_PICTURE.search(content, at)
                if end is None:
                    return
                at = end.end()
            yield operator, operands
            operands = []
        elif kind is not None:
            operands.append(_OPERANDS[kind](found[kind]))


def _string(written: bytes) -> bytes:
    inside = written[1:-1]
    return _ESCAPE.sub(_unescaped, inside) if b"\\" in inside else inside


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes((int(found[1], 8) & 0xFF,))
    return _ESCAPED.get(found[2], found[2]) if found[2] is not None else b""


def _hexadecimal(written: bytes) -> bytes:
    digits = b"".join(written[1:-1].replace(b"\0", b"").split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _name(written: bytes) -> str:
    plain = _NAME_CODE.sub(lambda found: bytes((int(found[1], 16),)), written) if b"#" in written else written
    return plain.decode("utf-8", "replace")


def _number(written: bytes) -> float:
    try:
        return float(written)
    except ValueError:
        return 0.0


_OPERANDS: Mapping[str, Callable[[bytes], Any]] = {
    "string": _string,
    "hex": _hexadecimal,
    "name": _name,
    "number": _number,
}


def _numbers(operands: Sequence[Any]) -> list[float]:
    return [each for each in operands if isinstance(each, float)]


def _matrix(operands: Sequence[Any]) -> Matrix | None:
    numbers = _numbers(operands)
    if len(numbers) < len(_UNIT):
        return None
    a, b, c, d, x, y = numbers[-len(_UNIT) :]
    return a, b, c, d, x, y


def _product(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )
