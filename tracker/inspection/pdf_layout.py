"""Words that a PDF draws, put into lines: as they were drawn, and as they stand on the page.

Widths are taken as those of Chinese print, which is enough to tell neighbours from columns.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SAME_LINE = 0.5  # of the size
_NEIGHBOUR = 0.3  # of the size: what stands nearer is the same word
_MOST_BLANKS = 8


@dataclass(frozen=True, slots=True)
class Drawn:
    """Words that were drawn at once; `along` and `across` say where, in the direction that they run."""

    direction: tuple[float, float]
    across: float
    along: float
    size: float
    text: str

    @property
    def end(self) -> float:
        return self.along + self.size * width(self.text)


def width(text: str) -> float:
    """Return how wide a text runs, in sizes of its letters."""
    if text.isascii():
        return len(text) / 2
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def by_place(drawn: Sequence[Drawn]) -> list[Drawn]:
    """Return what was drawn as it stands: row by row from above, each from its beginning."""
    rows: list[list[Drawn]] = []
    for each in sorted(drawn, key=lambda one: (one.direction, -one.across)):
        if rows and _are_level(rows[-1][0], each):
            rows[-1].append(each)
        else:
            rows.append([each])
    return [each for row in rows for each in sorted(row, key=lambda one: one.along)]


def in_lines(drawn: Sequence[Drawn]) -> Iterator[str]:
    """Yield the words one after the other, between them what parts them: nothing, blanks or a new line."""
    before: Drawn | None = None
    for each in drawn:
        if before is not None:
            yield _between(before, each)
        yield each.text
        before = each


def _between(before: Drawn, after: Drawn) -> str:
    if not _are_level(before, after):
        return "\n"
    gap = (after.along - before.end) / max(before.size, after.size)
    return "" if abs(gap) < _NEIGHBOUR else " " * max(1, min(_MOST_BLANKS, round(gap)))


def _are_level(one: Drawn, other: Drawn) -> bool:
    return one.direction == other.direction and abs(one.across - other.across) < _SAME_LINE * max(one.size, other.size)
