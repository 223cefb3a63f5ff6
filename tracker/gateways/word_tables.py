"""Rows and cells of a Word table in its grid: wrapped in controls or not, merged over rows and over columns.

Source: ECMA-376 part 1, 17.4 (tables).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from tracker.domain.readings.layout import MERGED, unmarked
from tracker.gateways.word_package import W
from tracker.gateways.word_styles import value

_GONE = {f"{W}del", f"{W}moveFrom", f"{W}tblPr", f"{W}tblGrid", f"{W}trPr", f"{W}sdtPr"}
_MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: how many columns of the grid it takes, and whether it goes on from the row above or the cell before."""

    element: etree._Element
    columns: int
    goes_down: bool
    goes_right: bool


def rows_of(table: etree._Element) -> Iterator[etree._Element]:
    """Yield a table's own rows, those within controls included, those of tables in its cells not."""
    for row in _within(table, f"{W}tr"):
        properties = row.find(f"{W}trPr")
        if properties is None or properties.find(f"{W}del") is None:
            yield row


def cells_of(row: etree._Element) -> Iterator[Cell]:
    """Yield a row's cells, those within controls included; columns that a row leaves out are empty cells."""
    properties = row.find(f"{W}trPr")
    before = value(properties, "gridBefore", "0") if properties is not None else "0"
    for _ in range(_columns(before, least=0)):
        yield Cell(etree.Element(f"{W}tc"), 1, goes_down=False, goes_right=False)
    for cell in _within(row, f"{W}tc"):
        own = cell.find(f"{W}tcPr")
        span = value(own, "gridSpan", "1") if own is not None else "1"
        yield Cell(cell, _columns(span, least=1), _continues(own, "vMerge"), _continues(own, "hMerge"))


def filled(cells: list[Cell], words: list[str], above: list[str]) -> list[str]:
    """Return a row's words by column of the grid; a merged cell's words stand, marked, wherever it reaches."""
    row: list[str] = []
    for cell, own in zip(cells, words, strict=True):
        if cell.goes_right and row:
            own = MERGED + unmarked(row[-1])
        elif cell.goes_down and not own and len(row) < len(above):
            own = MERGED + unmarked(above[len(row)])
        row.append("" if own == MERGED else own)
        copy = MERGED + unmarked(own) if unmarked(own) else ""
        row += [copy] * (cell.columns - 1)
    return row[:_MOST_COLUMNS]


def _within(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _GONE and child.tag not in {f"{W}tc", f"{W}tr"}:
            yield from _within(child, tag)


def _columns(printed: str, *, least: int) -> int:
    return min(max(int(printed), least), _MOST_COLUMNS) if printed.isdecimal() else least


def _continues(properties: etree._Element | None, name: str) -> bool:
    merge = properties.find(f"{W}{name}") if properties is not None else None
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"
