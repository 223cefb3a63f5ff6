"""Tables as Excel and CSV; the template of a ledger, and which rhythms it may name."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from tracker.domain.cadences import RHYTHMS
from tracker.domain.entered import clean_words
from tracker.domain.items import CadenceKind
from tracker.domain.ledger_sheets import Column
from tracker.wording.codes import CADENCE_NAMES

COLUMNS = tuple(column.value for column in Column)
# What needs no more than its name: neither an event nor days of its own.
NAMED_RHYTHMS = {
    CADENCE_NAMES[kind]: kind for kind, rhythm in RHYTHMS.items() if rhythm.spans or kind is CadenceKind.ONCE
}
# What a cell of a text file begins with that a table program reckons with, blanks before it too.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WIDTHS = (8, 60, 24, 36, 14, 12)
# What a table program can sort, filter and add up; a moment is local and without a zone, for Excel knows none.
Cell = str | int | Decimal | date | datetime
_FORMATS: dict[type, str] = {datetime: "yyyy-mm-dd hh:mm:ss", date: "yyyy-mm-dd"}


def template() -> bytes:
    """Return the workbook to be filled in."""
    return workbook([], title="台账", columns=COLUMNS, widths=_WIDTHS)


def workbook(rows: Iterable[Sequence[Cell]], *, title: str, columns: Sequence[str], widths: Sequence[int]) -> bytes:
    """Return a table as a workbook; numbers and days are such, and what is text can act as no formula."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for number, row in enumerate((columns, *rows), start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place, clean_words(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            elif type(value) in _FORMATS:
                cell.number_format = _FORMATS[type(value)]
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell, width in zip(sheet[1], widths, strict=True):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"
    if sheet.max_row > 1:
        sheet.auto_filter.ref = sheet.dimensions
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def csv_table(rows: Iterable[Sequence[Cell]], *, columns: Sequence[str]) -> bytes:
    """Return a table as CSV that Excel reads as UTF-8; a text that it would take for a formula is marked as text."""
    made = StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_inert(clean_words(cell)) if isinstance(cell, str) else str(cell) for cell in row])
    return made.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
