"""The form of a document as a workbook: written to be filled in offline, read back cell by cell.

A hidden sheet says which form it is and what stood in its fields; a hidden column says which row is which, and the
heads which column, so that sorting, filtering, hiding and further rows or columns do no harm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from tracker.domain.entered import clean_words, number_text, read_day, read_number
from tracker.domain.errors import BadInput
from tracker.gateways.bounded import read_bounded
from tracker.gateways.upload_inspection import EndingNotAllowed, inspect_upload

LINE_HEAD = "行标识"
_SHEET, _MARKS, _SEEN = "填报表", "填报标记", "原内容"
_HEAD_ROW = 3
_MOST_ROWS, _MOST_COLUMNS, _HEADS_WITHIN = 3_000, 60, 30
_THIN = Side(style="thin", color="B0B0B0")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FIXED, _HEAD = PatternFill("solid", fgColor="F2F2F2"), PatternFill("solid", fgColor="D9E2EC")
_NUMBER, _DAY, _TEXT = "General", "yyyy-mm-dd", "@"


class SheetUnreadable(BadInput):
    """The file is no workbook, or not one that was made for a form."""

    code = "sheet_unreadable"


class SheetTooLong(BadInput):
    """It has more rows than any form; facts: most."""

    code = "sheet_too_long"


@dataclass(frozen=True, slots=True)
class Column:
    head: str
    width: float


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; `choices` may be chosen where it is `open`. `holds` is text, number or day."""

    text: str
    open: bool = False
    holds: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A form as a table: `lines` by their keys, `marks` say which form it is, `seen` what stood in its fields."""

    title: str
    note: str
    columns: Sequence[Column]
    lines: Mapping[str, Sequence[Cell]]
    marks: Mapping[str, str]
    seen: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell as it came back; `wrong` says why it cannot be read: error, uncomputed, merged. Else it is empty."""

    place: str
    text: str
    wrong: str


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A row as it came back, its cells by the heads of their columns; `key` is empty of a row that was added."""

    number: int
    key: str
    cells: Mapping[str, ReadCell]


@dataclass(frozen=True, slots=True)
class ReadSheet:
    marks: Mapping[str, str]
    seen: Mapping[str, str]
    heads: tuple[str, ...]
    lines: tuple[ReadLine, ...]


def form_workbook(made: FormSheet) -> bytes:
    """Return the workbook: no cell acts as a formula, fixed cells are locked without a password."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _SHEET
    last = len(made.columns) + 1
    for row, words in enumerate((made.title, made.note), start=1):
        _write(sheet.cell(row, 2), Cell(words))
        sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=last)
        sheet.row_dimensions[row].height = (28, 48)[row - 1]
        sheet.cell(row, 2).border, sheet.cell(row, 2).fill = Border(), PatternFill()
    sheet.cell(1, 2).font = Font(bold=True, size=14)
    for number, head in enumerate((LINE_HEAD, *(column.head for column in made.columns)), start=1):
        cell = sheet.cell(_HEAD_ROW, number)
        _write(cell, Cell(head))
        cell.font, cell.fill = Font(bold=True), _HEAD
    choices: dict[tuple[str, ...], list[str]] = {}
    for row, (key, cells) in enumerate(made.lines.items(), start=_HEAD_ROW + 1):
        for number, told in enumerate((Cell(key), *cells), start=1):
            _write(sheet.cell(row, number), told)
            if told.choices:
                choices.setdefault(told.choices, []).append(sheet.cell(row, number).coordinate)
    for names, places in choices.items():
        _offer(sheet, names, places)
    _lay_out(sheet, made.columns)
    _mark(book, _MARKS, made.marks)
    _mark(book, _SEEN, made.seen)
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _write(cell: Any, told: Cell) -> None:
    value, holds = _value(told)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # also of what begins like a formula
    cell.number_format = {"number": _NUMBER, "day": _DAY}.get(holds, _TEXT)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left" if holds == "text" else "right")
    cell.border, cell.protection = _GRID, Protection(locked=not told.open)
    if not told.open:
        cell.fill = _FIXED


def _value(told: Cell) -> tuple[object, str]:
    """Return what a cell holds: a number or a day where it is written as it would be read back, else the text."""
    text = clean_words(told.text)
    try:
        if told.holds == "number" and text and number_text(read_number(text, field="")) == text:
            return float(text), "number"
        if told.holds == "day" and text:
            return read_day(text, field=""), "day"
    except BadInput:
        return text, "text"
    return text or None, told.holds


def _offer(sheet: Any, names: Sequence[str], places: Sequence[str]) -> None:
    """Give cells a list to choose from; what is not in it, is told of by the table program, and by us."""
    rule = DataValidation(type="list", formula1=f'"{",".join(names)}"', allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = "请从列表中选择", "请从下拉列表中选择，或者清空。"
    sheet.add_data_validation(rule)
    for place in places:
        rule.add(place)


def _lay_out(sheet: Any, columns: Sequence[Column]) -> None:
    sheet.column_dimensions["A"].hidden = True
    for cell, column in zip(sheet[_HEAD_ROW][1:], columns, strict=True):
        sheet.column_dimensions[cell.column_letter].width = column.width
    sheet.freeze_panes = f"D{_HEAD_ROW + 1}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.center.text = "第&P页，共&N页"
    # Widths, heights and filters may be changed; no password keeps anybody from more.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.autoFilter = False


def _mark(book: Any, title: str, told: Mapping[str, str]) -> None:
    sheet = book.create_sheet(title)
    sheet.sheet_state = "veryHidden"
    for row in told.items():
        sheet.append(list(row))
    for line in sheet.iter_rows():
        for cell in line:
            cell.data_type, cell.number_format = "s", _TEXT


def read_form_sheet(path: Path, *, name: str) -> ReadSheet:
    """Return what stands in the workbook of a form, read in a process with limits.

    Raises EndingNotAllowed, SheetUnreadable, SheetTooLong, FileTooComplex and what `inspect_upload` refuses.
    """
    if not name.lower().endswith(".xlsx"):
        raise EndingNotAllowed(ending=Path(name).suffix[1:].lower(), allowed="xlsx")
    inspect_upload(path, name)
    told: Any = read_bounded(read_within, str(path.resolve()))  # what `read_within` returned, by way of JSON
    lines = tuple(
        ReadLine(number, key, {head: ReadCell(*cell) for head, cell in cells.items()})
        for number, key, cells in told["lines"]
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
        marks, seen = _told(values, _MARKS), _told(values, _SEEN)
        sheet, head_row = _found(values)
        heads = _heads(sheet, head_row)
        if sheet.max_row > _MOST_ROWS and any(map(any, sheet.iter_rows(min_row=_MOST_ROWS + 1, values_only=True))):
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
    """Return each row that holds anything: its number, its key, its cells by their heads."""
    merged = {
        place
        for area in sheet.merged_cells.ranges
        for row in range(max(area.min_row, head_row), min(area.max_row, _MOST_ROWS) + 1)
        for column in range(area.min_col, min(area.max_col, _MOST_COLUMNS) + 1)
        if (place := (row, column)) != (area.min_row, area.min_col)
    }
    lines: list[object] = []
    for number in range(head_row + 1, min(sheet.max_row, _MOST_ROWS) + 1):
        cells: dict[str, tuple[str, str, str]] = {}
        for column, head in heads.items():
            cell = sheet.cell(number, column)
            wrong = "merged" if (number, column) in merged else _wrong(cell, formulas.cell(number, column))
            cells[head] = (cell.coordinate, "" if wrong else _cell_text(cell), wrong)
        key = cells.pop(LINE_HEAD)[1]
        if key or any(text or wrong for _place, text, wrong in cells.values()):
            lines.append((number, key, cells))
    return lines


def _wrong(cell: Any, formula: Any) -> str:
    if cell.data_type == "e":
        return "error"
    return "uncomputed" if cell.value is None and formula.data_type == "f" else ""


def _cell_text(cell: Any) -> str:
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
