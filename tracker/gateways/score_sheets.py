"""The inputs of a month of evaluation as a workbook, filled in offline and read back.

Hidden columns say which figure a row is of, a hidden sheet which month; heads say which column is which, so that
sorting does no harm. Nothing that was filled in is dropped without a word: what stands where nothing is read comes back
with its place.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from tracker.domain.entered import clean_words
from tracker.domain.errors import BadInput
from tracker.domain.quoting import quoted
from tracker.gateways.bounded import read_bounded
from tracker.gateways.filled_sheets import cell_fault, cell_text, merged_places
from tracker.gateways.upload_inspection import EndingNotAllowed, inspect_upload

MARKS = "考评标记"
_HEAD_ROW = 2
_MOST_ROWS, _MOST_COLUMNS = 3_000, 60
_THIN = Side(style="thin", color="B0B0B0")
_Cell = tuple[str, str, str]  # place, text, fault
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FIXED, _HEAD = PatternFill("solid", fgColor="F2F2F2"), PatternFill("solid", fgColor="D9E2EC")


class BookUnreadable(BadInput):
    """The file is no workbook, or not one that was made for a month."""

    code = "score_book_unreadable"


class BookTooLong(BadInput):
    """A sheet has more rows than any month; facts: sheet, most."""

    code = "score_book_too_long"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: what may be chosen in it, and whether it is fixed; a hidden one is for programs."""

    head: str
    width: float = 12
    fixed: bool = False
    hidden: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A sheet; a number is written as one. `spare` empty rows may be filled besides."""

    title: str
    note: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[str | float | None]]
    spare: int = 0


@dataclass(frozen=True, slots=True)
class BookCell:
    """A cell as it came back; `fault` says why it cannot be read, else it is empty.

    It is error, uncomputed or merged, of a column that is not read twice, headless or beyond.
    """

    place: str
    text: str
    fault: str


@dataclass(frozen=True, slots=True)
class ScoreBook:
    """A workbook as it came back: which month, and by sheet its rows, cells by their heads.

    `strays` are, by sheet, the first cells of the columns in which something stands that is under no head of its own.
    """

    marks: Mapping[str, str]
    sheets: Mapping[str, Sequence[Mapping[str, BookCell]]]
    strays: Mapping[str, Sequence[BookCell]]

    @property
    def seen(self) -> int:
        """The number of the last input that it knew; what was changed in its hidden sheet knows none."""
        text = self.marks.get("seen", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def score_workbook(sheets: Sequence[ScoreSheet], marks: Mapping[str, str]) -> bytes:
    """Return the workbook; no cell acts as a formula."""
    book: Any = Workbook()
    book.remove(book.active)
    for made in sheets:
        _write(book.create_sheet(made.title), made)
    hidden: Any = book.create_sheet(MARKS)
    hidden.sheet_state = "veryHidden"
    for row in marks.items():
        hidden.append(list(row))
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _write(sheet: Any, made: ScoreSheet) -> None:
    sheet.cell(1, 1, clean_words(made.note)).data_type = "s"
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(made.columns))
    sheet.cell(1, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[1].height = 48
    empty: list[Sequence[str | float | None]] = [[None] * len(made.columns)] * made.spare
    heads: list[str | float | None] = [column.head for column in made.columns]
    for number, row in enumerate((heads, *made.rows, *empty), start=_HEAD_ROW):
        for place, (value, column) in enumerate(zip(row, made.columns, strict=True), start=1):
            cell = sheet.cell(number, place, clean_words(value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            cell.border, cell.alignment = _GRID, Alignment(wrap_text=True, vertical="top")
            if number == _HEAD_ROW:
                cell.font, cell.fill = Font(bold=True), _HEAD
            elif column.fixed:
                cell.fill = _FIXED
    last = _HEAD_ROW + len(made.rows) + made.spare
    for cell, column in zip(sheet[_HEAD_ROW], made.columns, strict=True):
        sheet.column_dimensions[cell.column_letter].width = column.width
        sheet.column_dimensions[cell.column_letter].hidden = column.hidden
        if column.choices and last > _HEAD_ROW:
            rule = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            sheet.add_data_validation(rule)
            rule.add(f"{cell.column_letter}{_HEAD_ROW + 1}:{cell.column_letter}{last}")
    sheet.freeze_panes = sheet.cell(_HEAD_ROW + 1, 1 + sum(column.fixed for column in made.columns[:3]))
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"


def read_score_book(path: Path, *, name: str) -> ScoreBook:
    """Return what stands in the workbook of a month, read in a process with limits.

    Raises EndingNotAllowed, BookUnreadable, BookTooLong, FileTooComplex and what `inspect_upload` refuses.
    """
    if not name.lower().endswith(".xlsx"):
        raise EndingNotAllowed(ending=Path(name).suffix[1:].lower(), allowed="xlsx")
    inspect_upload(path, name)
    told: Any = read_bounded(read_within, str(path.resolve()))  # what `read_within` returned, by way of JSON
    sheets = {
        title: [{head: BookCell(place, text, fault) for head, (place, text, fault) in row.items()} for row in rows]
        for title, rows in told["sheets"].items()
    }
    strays = {
        title: [BookCell(place, text, fault) for place, text, fault in cells] for title, cells in told["strays"].items()
    }
    return ScoreBook(told["marks"], sheets, strays)


def read_within(path: str) -> dict[str, object]:
    """Return marks and sheets of a workbook: only for a process that has limits. Raises BookUnreadable, BookTooLong."""
    try:
        with open(path, "rb") as file:
            values: Any = load_workbook(file, data_only=True)
            formulas: Any = load_workbook(file)
        if MARKS not in values.sheetnames:
            raise BookUnreadable()
        told = values[MARKS].iter_rows(max_row=50, max_col=2, values_only=True)
        marks = {str(name): "" if value is None else str(value) for name, value in told if name is not None}
        read = {one.title: _read(one, formulas[one.title]) for one in values.worksheets if one.title != MARKS}
    except (BadInput, MemoryError, RecursionError):
        raise
    except Exception as error:  # whatever a parser makes of what is no workbook
        raise BookUnreadable() from error
    return {
        "marks": marks,
        "sheets": {title: rows for title, (rows, _) in read.items()},
        "strays": {title: strays for title, (_, strays) in read.items()},
    }


def _read(sheet: Any, formulas: Any) -> tuple[list[dict[str, _Cell]], list[_Cell]]:
    """Return the rows of a sheet, and what of it is in none of them. Raises BookTooLong."""
    # What was written, wherever: a column that was coloured to its end has a million cells in which nothing stands.
    filled = [place for place, cell in formulas._cells.items() if cell.value is not None and place[0] >= _HEAD_ROW]
    if any(row > _MOST_ROWS for row, _ in filled):
        raise BookTooLong(sheet=sheet.title, most=_MOST_ROWS)
    heads: dict[int, str] = {}
    twice: set[int] = set()
    for place in range(1, min(sheet.max_column, _MOST_COLUMNS) + 1):
        words = cell_text(sheet.cell(_HEAD_ROW, place))
        if words and words in heads.values():
            twice.add(place)
        elif words:
            heads[place] = words
    last = max((row for row, _ in filled), default=_HEAD_ROW)
    return _rows(sheet, formulas, heads, last=last), _strays(sheet, filled, heads, twice)


def _rows(sheet: Any, formulas: Any, heads: Mapping[int, str], *, last: int) -> list[dict[str, _Cell]]:
    merged = merged_places(sheet, from_row=_HEAD_ROW, most_rows=last, most_columns=_MOST_COLUMNS)
    found: list[dict[str, _Cell]] = []
    for number in range(_HEAD_ROW + 1, last + 1):
        cells: dict[str, _Cell] = {}
        for place, head in heads.items():
            cell = sheet.cell(number, place)
            fault = cell_fault(cell, formulas.cell(number, place))
            first = merged.get((number, place))
            if first is not None and formulas.cell(*first).value is not None:
                fault = "merged"
            cells[head] = (_named(sheet, number, place), "" if fault else cell_text(cell), fault)
        if any(text or fault for _, text, fault in cells.values()):
            found.append(cells)
    return found


def _strays(
    sheet: Any, filled: Iterable[tuple[int, int]], heads: Mapping[int, str], twice: Collection[int]
) -> list[_Cell]:
    found: dict[int, _Cell] = {}
    for row, column in sorted(filled):
        if column in heads or (column in twice and row == _HEAD_ROW):
            continue
        why = "beyond" if column > _MOST_COLUMNS else "twice" if column in twice else "headless"
        found.setdefault(column, (_named(sheet, row, column), "", why))
    return list(found.values())


def _named(sheet: Any, row: int, column: int) -> str:
    return f"{quoted(sheet.title)}{get_column_letter(column)}{row}"
