"""The form of a document as a workbook that is filled in offline; `filled_sheets` reads it back.

A hidden sheet says which form it is, another what stood in its fields; a hidden column says which row is which, and the
heads which column, so that sorting, filtering, hiding and further rows or columns do no harm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from tracker.domain.entered import clean_words, number_text, read_day, read_number
from tracker.domain.errors import BadInput

LINE_HEAD = "行标识"
MARKS, SEEN = "填报标记", "原内容"
_SHEET = "填报表"
_HEAD_ROW = 3
_THIN = Side(style="thin", color="B0B0B0")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FIXED, _HEAD = PatternFill("solid", fgColor="F2F2F2"), PatternFill("solid", fgColor="D9E2EC")
_LINE_POINTS, _HIGHEST_POINTS = 15, 409  # the latter is the most that a sheet takes
_NUMBER, _DAY, _TEXT = "General", "yyyy-mm-dd", "@"


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


def form_workbook(made: FormSheet) -> bytes:
    """Return the workbook: no cell acts as a formula, fixed cells are locked without a password."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = _SHEET
    last = len(made.columns) + 1
    for row, words in enumerate((made.title, made.note), start=1):
        _write(sheet.cell(row, 2), Cell(words))
        sheet.cell(row, 2).border, sheet.cell(row, 2).fill = Border(), PatternFill()
        sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=last)
        sheet.row_dimensions[row].height = 2 * _LINE_POINTS
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
        # Table programs do not all fit rows to their text by themselves when they open a file.
        lines = max(_lines_of(cell.text, column.width) for cell, column in zip(cells, made.columns, strict=True))
        sheet.row_dimensions[row].height = min(_HIGHEST_POINTS, lines * _LINE_POINTS)
    for names, places in choices.items():
        _offer(sheet, names, places)
    _lay_out(sheet, made.columns)
    _mark(book, MARKS, made.marks)
    _mark(book, SEEN, made.seen)
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _lines_of(text: str, width: float) -> int:
    """Return in how many lines of a column a text stands, at least in two: the wide signs take the room of two."""
    signs = (sum(1 + (east_asian_width(sign) in "WFA") for sign in part) for part in text.split("\n"))
    return max(2, sum(max(1, ceil(wide / (width - 1))) for wide in signs))


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
