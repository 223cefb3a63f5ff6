"""Read back the workbook of a form: which form it is, and what stands in each cell or why that cannot be read."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tracker.domain.entered import clean_words, number_text
from tracker.domain.errors import BadInput
from tracker.gateways.bounded import read_bounded
from tracker.gateways.form_sheets import LINE_HEAD, MARKS, SEEN
from tracker.gateways.upload_inspection import EndingNotAllowed, inspect_upload

_MOST_ROWS, _MOST_COLUMNS, _HEADS_WITHIN = 3_000, 60, 30


class SheetUnreadable(BadInput):
    """The file is no workbook, or not one that was made for a form."""

    code = "sheet_unreadable"


class SheetTooLong(BadInput):
    """It has more rows than any form; facts: most."""

    code = "sheet_too_long"


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell as it came back; `wrong` says why it cannot be read: error, uncomputed, merged. Else it is empty."""

    place: str
    text: str
    wrong: str


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A row as it came back, its cells by the heads of their columns; `key` is empty of a row that was added.

    `outside` are the places of what stands in columns without a head.
    """

    number: int
    key: str
    cells: Mapping[str, ReadCell]
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadSheet:
    marks: Mapping[str, str]
    seen: Mapping[str, str]
    heads: tuple[str, ...]
    lines: tuple[ReadLine, ...]


def read_form_sheet(path: Path, *, name: str) -> ReadSheet:
    """Return what stands in the workbook of a form, read in a process with limits.

    Raises EndingNotAllowed, SheetUnreadable, SheetTooLong, FileTooComplex and what `inspect_upload` refuses.
    """
    if not name.lower().endswith(".xlsx"):
        raise EndingNotAllowed(ending=Path(name).suffix[1:].lower(), allowed="xlsx")
    inspect_upload(path, name)
    told: Any = read_bounded(read_within, str(path.resolve()))  # what `read_within` returned, by way of JSON
    lines = tuple(
        ReadLine(
            number,
            key,
            {head: ReadCell(place, text, wrong) for head, (place, text, wrong) in cells.items()},
            tuple(outside),
        )
        for number, key, cells, outside in told["lines"]
    )
    return ReadSheet(told["marks"], told["seen"], tuple(told["heads"]), lines)


def read_within(path: str) -> dict[str, object]:
    """Return marks, heads and rows of a workbook: only for a process that has limits.

    Raises SheetUnreadable, SheetTooLong.
    """
    try:
        with open(path, "rb") as file:
            values: Any = load_workbook(file, data_only=True)
            formulas: Any = load_workbook(file)
        marks, seen = _told(values, MARKS), _told(values, SEEN)
        sheet, head_row = _found(values)
        heads = _heads(sheet, head_row)
        # No further: of a column that was coloured to its end a million rows are there, and nothing stands in them.
        below = sheet.iter_rows(min_row=_MOST_ROWS + 1, max_row=min(sheet.max_row, 2 * _MOST_ROWS), values_only=True)
        if sheet.max_row > _MOST_ROWS and any(map(any, below)):
            raise SheetTooLong(most=_MOST_ROWS)
        lines = _lines(sheet, formulas[sheet.title], heads, head_row)
    except (BadInput, MemoryError, RecursionError):
        raise
    except Exception as error:  # whatever a parser makes of what is no workbook
        raise SheetUnreadable() from error
    return {"marks": marks, "seen": seen, "heads": list(heads.values()), "lines": lines}


def _told(book: Any, title: str) -> dict[str, str]:
    if title not in book.sheetnames:
        raise SheetUnreadable()
    rows = book[title].iter_rows(max_row=20_000, max_col=2, values_only=True)
    return {str(name): "" if value is None else str(value) for name, value in rows if name is not None}


def _found(book: Any) -> tuple[Any, int]:
    """Return the sheet with the form and the row of its heads."""
    for sheet in book.worksheets:
        for number, row in enumerate(sheet.iter_rows(max_row=_HEADS_WITHIN, max_col=_MOST_COLUMNS, values_only=True)):
            if any(_words(value) == LINE_HEAD for value in row):
                return sheet, number + 1
    raise SheetUnreadable()


def _heads(sheet: Any, head_row: int) -> dict[int, str]:
    """Return the heads by the numbers of their columns. Raises SheetUnreadable where one stands there twice."""
    (row,) = sheet.iter_rows(min_row=head_row, max_row=head_row, max_col=_MOST_COLUMNS, values_only=True)
    heads = {number: words for number, value in enumerate(row, start=1) if (words := _words(value))}
    if len(set(heads.values())) != len(heads):
        raise SheetUnreadable()
    return heads


def _lines(sheet: Any, formulas: Any, heads: Mapping[int, str], head_row: int) -> list[object]:
    """Return each row that holds anything: its number, key, cells by their heads, places without one."""
    merged = merged_places(sheet, from_row=head_row, most_rows=_MOST_ROWS, most_columns=_MOST_COLUMNS)
    lines: list[object] = []
    columns = min(sheet.max_column, _MOST_COLUMNS)
    for number in range(head_row + 1, min(sheet.max_row, _MOST_ROWS) + 1):
        cells: dict[str, tuple[str, str, str]] = {}
        for column, head in heads.items():
            cell = sheet.cell(number, column)
            wrong = "merged" if (number, column) in merged else cell_fault(cell, formulas.cell(number, column))
            cells[head] = (cell.coordinate, "" if wrong else cell_text(cell), wrong)
        key = cells.pop(LINE_HEAD)[1]
        beside = (sheet.cell(number, column) for column in range(1, columns + 1) if column not in heads)
        outside = [cell.coordinate for cell in beside if cell_text(cell)]
        if key or outside or any(text or wrong for _place, text, wrong in cells.values()):
            lines.append((number, key, cells, outside))
    return lines


def merged_places(
    sheet: Any, *, from_row: int, most_rows: int, most_columns: int
) -> Mapping[tuple[int, int], tuple[int, int]]:
    """Return the cells, by row and column, that are not the first of a merged area, each with the first of it."""
    return {
        place: first
        for area in sheet.merged_cells.ranges
        for row in range(max(area.min_row, from_row), min(area.max_row, most_rows) + 1)
        for column in range(area.min_col, min(area.max_col, most_columns) + 1)
        if (place := (row, column)) != (first := (area.min_row, area.min_col))
    }


def cell_fault(cell: Any, formula: Any) -> str:
    """Say why a cell cannot be read: error (also a number without an end), uncomputed; empty where it can."""
    if cell.data_type == "e" or (isinstance(cell.value, float) and not math.isfinite(cell.value)):
        return "error"
    return "uncomputed" if cell.value is None and formula.data_type == "f" else ""


def cell_text(cell: Any) -> str:
    """Write a cell's value as people write it in a field of a form; a share of a hundred with its sign."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        percent = "%" in str(cell.number_format)
        exact = float(f"{float(value) * (100 if percent else 1):.15g}")  # as table programs show it
        return number_text(exact) + ("%" if percent else "")
    return _words(value)


def _words(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else clean_words(str(value))
