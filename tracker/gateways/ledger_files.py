"""Excel ledgers: read with every fault named by its row, all or nothing; the template; the breakdown of a document."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils.exceptions import InvalidFileException

from tracker.domain.cadences import RHYTHMS
from tracker.domain.entered import FIRST_YEAR, LAST_YEAR, clean_words
from tracker.domain.errors import BadInput
from tracker.domain.items import CadenceKind
from tracker.domain.ledgers import LedgerEntry
from tracker.domain.quoting import quoted
from tracker.gateways.bounded import read_bounded
from tracker.gateways.upload_inspection import EndingNotAllowed, inspect_upload
from tracker.wording.codes import CADENCE_NAMES

COLUMNS = ("序号", "事项", "牵头单位", "配合单位", "时限", "频次")
# What needs no more than its name: neither an event nor days of its own.
NAMED_RHYTHMS = {
    CADENCE_NAMES[kind]: kind for kind, rhythm in RHYTHMS.items() if rhythm.spans or kind is CadenceKind.ONCE
}
_MOST_ROWS = 2_000
# What a cell of a text file begins with that a table program reckons with, blanks before it too.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WIDTHS = (8, 60, 24, 36, 14, 12)
# What a table program can sort, filter and add up; a moment is local and without a zone, for Excel knows none.
Cell = str | int | date | datetime
_FORMATS: dict[type, str] = {datetime: "yyyy-mm-dd hh:mm:ss", date: "yyyy-mm-dd"}
_NAMES = re.compile(r"[、，,;；\n]+")
_DAY = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?前?$")


class LedgerFaulty(BadInput):
    """Rows cannot be read; nothing was taken over. Facts: faults, a sentence for each row."""

    code = "ledger_faulty"


class LedgerUnreadable(BadInput):
    """The file is no workbook, or its first row has not the columns of the template; facts: columns."""

    code = "ledger_unreadable"


class LedgerTooLong(BadInput):
    """It has more rows than are taken over at once; facts: most."""

    code = "ledger_too_long"


def read_ledger(path: Path, *, name: str) -> list[LedgerEntry]:
    """Return the rows of a workbook's first sheet.

    Raises LedgerUnreadable, LedgerFaulty, LedgerTooLong, FileTooComplex and what `inspect_upload` refuses.
    """
    if not name.lower().endswith(".xlsx"):
        raise EndingNotAllowed(ending=Path(name).suffix[1:].lower(), allowed="xlsx")
    inspect_upload(path, name)
    rows: Any = read_bounded(read_within, str(path.resolve()))  # what `read_within` returned, by way of JSON
    entries: list[LedgerEntry] = []
    faults: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        if any(row[1:]):
            entry, wrong = _entry(row)
            faults += [f"第{number}行：{words}" for words in wrong]
            entries.append(entry)
    if faults:
        raise LedgerFaulty(faults="；".join(faults))
    return entries


def read_within(path: str) -> list[list[str]]:
    """Return the texts of the first sheet's rows, the heads among them: only for a process that has limits.

    Rows are read as they come; what lies right of the template's columns or below its last row is not.
    Raises LedgerUnreadable, LedgerTooLong.
    """
    try:
        with open(path, "rb") as file:
            sheet: Any = load_workbook(file, read_only=True, data_only=True).worksheets[0]
            rows = [
                [_text(cell) for cell in row]
                for row in sheet.iter_rows(max_row=_MOST_ROWS + 2, max_col=len(COLUMNS), values_only=True)
            ]
    except (InvalidFileException, KeyError, ValueError, TypeError, IndexError, OSError) as error:
        raise LedgerUnreadable(columns="、".join(COLUMNS)) from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise LedgerUnreadable(columns="、".join(COLUMNS))
    if any(any(row) for row in rows[_MOST_ROWS + 1 :]):
        raise LedgerTooLong(most=_MOST_ROWS)
    return rows


def _entry(row: Sequence[str]) -> tuple[LedgerEntry, list[str]]:
    words, leads, supports, due, rhythm = row[1:6]
    faults = [] if words else ["事项没有填写"]
    if not leads:
        faults.append("牵头单位没有填写")
    due_on = _day(due)
    if due and due_on is None:
        faults.append(f"时限{quoted(due)}不是日期，应如2022-12-31")
    if due_on is not None and not FIRST_YEAR <= due_on.year <= LAST_YEAR:
        faults.append(f"时限{quoted(due)}应在{FIRST_YEAR}年至{LAST_YEAR}年之间")
    if rhythm and rhythm not in NAMED_RHYTHMS:
        faults.append(f"频次{quoted(rhythm)}不认识，可填{'、'.join(NAMED_RHYTHMS)}")
    entry = LedgerEntry(words, _names(leads), _names(supports), due_on, NAMED_RHYTHMS.get(rhythm))
    return entry, faults


def _text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell).strip()


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in _NAMES.split(text) if name.strip()))


def _day(text: str) -> date | None:
    found = _DAY.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


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
