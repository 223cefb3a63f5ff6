"""Read every sheet of an Excel ledger, in a process with limits: values, errors, merged and hidden cells by place."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from pydantic import TypeAdapter

from tracker.domain.entered import clean_words
from tracker.domain.errors import BadInput
from tracker.domain.ledger_sheets import Cell, Column, Sheet, SheetRow, Wrong
from tracker.gateways.bounded import read_bounded
from tracker.gateways.upload_inspection import EndingNotAllowed, inspect_upload

MOST_ROWS = 5_000
_CPU_SECONDS = 20  # of five thousand rows, read twice: what stands there, and where formulas do
_MOST_COLUMNS, _HEADS_WITHIN = 60, 30
_NEEDED = {Column.WORDS, Column.LEADS}
_SHEETS = TypeAdapter(tuple[Sheet, ...])


class LedgerUnreadable(BadInput):
    """The file is no workbook, or no sheet has the heads that are needed; facts: columns."""

    code = "ledger_unreadable"


class LedgerTooLong(BadInput):
    """It has more rows than are taken over at once; facts: most."""

    code = "ledger_too_long"


def read_sheets(path: Path, *, name: str) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook.

    Raises LedgerUnreadable, LedgerTooLong, FileTooComplex and what `inspect_upload` refuses.
    """
    if not name.lower().endswith(".xlsx"):
        raise EndingNotAllowed(ending=Path(name).suffix[1:].lower(), allowed="xlsx")
    inspect_upload(path, name)
    return _SHEETS.validate_python(read_bounded(read_within, str(path.resolve()), cpu_seconds=_CPU_SECONDS))


def read_within(path: str) -> object:
    """Return the sheets as JSON: only for a process that has limits. Raises LedgerUnreadable, LedgerTooLong."""
    try:
        with open(path, "rb") as file:
            values: Any = load_workbook(file, data_only=True)
            formulas: Any = load_workbook(file)
        sheets = [_sheet(sheet, formulas[sheet.title]) for sheet in values.worksheets]
    except (BadInput, MemoryError, RecursionError):
        raise
    except Exception as error:  # whatever a parser makes of what is no workbook
        raise LedgerUnreadable(columns=_columns()) from error
    if sum(sheet.used for sheet in sheets) > MOST_ROWS + len(sheets) * _HEADS_WITHIN:
        raise LedgerTooLong(most=MOST_ROWS)
    if not any(sheet.head_row for sheet in sheets):
        raise LedgerUnreadable(columns=_columns())
    return _SHEETS.dump_python(tuple(sheets), mode="json")


def _columns() -> str:
    return "、".join(column.value for column in Column)


def _sheet(sheet: Any, formulas: Any) -> Sheet:
    used = _used(sheet, formulas)
    hidden = sheet.sheet_state != "visible"
    head_row, heads = _heads(sheet)
    if not head_row:
        return Sheet(sheet.title, used, 0, hidden=hidden)
    merged = _merged(sheet, head_row, used)
    rows = [_row(sheet, formulas, number, heads, merged) for number in range(head_row + 1, used + 1)]
    return Sheet(
        sheet.title,
        used,
        head_row,
        rows=tuple(row for row in rows if row is not None),
        hidden=hidden,
        hidden_rows=tuple(n for n in range(head_row + 1, used + 1) if sheet.row_dimensions[n].hidden),
        hidden_columns=tuple(_hidden_columns(sheet, heads)),
        unread_columns=tuple(_unread(sheet, head_row, heads)),
    )


def _used(sheet: Any, formulas: Any) -> int:
    """Return the last row in which anything stands. Raises LedgerTooLong.

    No further than twice the limit: of a column coloured to its end a million rows are there, and nothing in them.
    """
    last, most = 0, min(max(sheet.max_row, formulas.max_row), 2 * MOST_ROWS)
    for one in (sheet, formulas):
        rows = one.iter_rows(max_row=most, max_col=_MOST_COLUMNS, values_only=True)
        last = max([last, *(number for number, row in enumerate(rows, start=1) if any(map(_is_said, row)))])
    if last > MOST_ROWS + _HEADS_WITHIN:
        raise LedgerTooLong(most=MOST_ROWS)
    return last


def _is_said(value: object) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _heads(sheet: Any) -> tuple[int, dict[Column, int]]:
    """Return the row of the heads and the number of each column; 0 where no row has those that are needed."""
    for number, row in enumerate(sheet.iter_rows(max_row=_HEADS_WITHIN, max_col=_MOST_COLUMNS, values_only=True), 1):
        words = ["".join(_text(value).split()) for value in row]
        found = {column: words.index(column.value) + 1 for column in Column if column.value in words}
        if found.keys() >= _NEEDED:
            return number, found
    return 0, {}


def _merged(sheet: Any, head_row: int, used: int) -> dict[tuple[int, int], tuple[int, int, bool]]:
    """Return of each merged cell where its words stand, and whether they run over several columns."""
    return {
        (row, column): (area.min_row, area.min_col, area.max_col > area.min_col)
        for area in sheet.merged_cells.ranges
        for row in range(max(area.min_row, head_row + 1), min(area.max_row, used) + 1)
        for column in range(area.min_col, min(area.max_col, _MOST_COLUMNS) + 1)
    }


def _row(
    sheet: Any,
    formulas: Any,
    number: int,
    heads: Mapping[Column, int],
    merged: Mapping[tuple[int, int], tuple[int, int, bool]],
) -> SheetRow | None:
    cells = {}
    for column, place in heads.items():
        cell = _cell(sheet, formulas, (number, place), merged.get((number, place)), column)
        if cell.text or cell.wrong:
            cells[column] = cell
    spans = [merged[number, place] for place in heads.values() if (number, place) in merged]
    across = any(wide for _row, _column, wide in spans)
    if not cells:
        beside = range(1, max(heads.values()) + 1)
        said = across and any(_is_said(sheet.cell(number, place).value) for place in beside)
        return SheetRow(number, {}, across=True) if said else _beside(sheet, number)
    alone = len({cell.text for cell in cells.values()}) == 1 and not any(cell.wrong for cell in cells.values())
    return SheetRow(number, cells, across=across and alone)


def _beside(sheet: Any, number: int) -> SheetRow | None:
    """Return a row whose words all stand in columns that are not read; None of an empty one."""
    row = next(sheet.iter_rows(min_row=number, max_row=number, max_col=_MOST_COLUMNS, values_only=True))
    return SheetRow(number, {}) if any(map(_is_said, row)) else None


def _cell(sheet: Any, formulas: Any, at: tuple[int, int], origin: tuple[int, int, bool] | None, column: Column) -> Cell:
    """Read a cell. A value of cells merged downwards holds for each of their rows, but for the task itself."""
    place = f"{get_column_letter(at[1])}{at[0]}"
    home = origin[:2] if origin else at
    filled = f"{get_column_letter(home[1])}{home[0]}" if home != at else ""
    if home[1] != at[1] and home[0] == at[0]:  # merged sideways: said once, at its first column
        return Cell(place, "")
    cell, formula = sheet.cell(*home), formulas.cell(*home)
    if filled and column in (Column.WORDS, Column.LABEL):
        wrong = Wrong.MERGED if column is Column.WORDS and _is_said(cell.value) else None
        return Cell(place, "", wrong, filled)
    if cell.data_type == "e":
        return Cell(place, str(cell.value), Wrong.ERROR, filled)
    if cell.value is None and formula.data_type == "f":
        return Cell(place, "", Wrong.UNCOMPUTED, filled)
    return Cell(place, _text(cell.value), None, filled)


def _hidden_columns(sheet: Any, heads: Mapping[Column, int]) -> list[str]:
    shut = {
        number
        for one in sheet.column_dimensions.values()
        if one.hidden
        for number in range(one.min or 0, min(one.max or 0, _MOST_COLUMNS) + 1)
    }
    return [f"{get_column_letter(number)}{column.value}" for column, number in heads.items() if number in shut]


def _unread(sheet: Any, head_row: int, heads: Mapping[Column, int]) -> list[str]:
    (row,) = sheet.iter_rows(min_row=head_row, max_row=head_row, max_col=_MOST_COLUMNS, values_only=True)
    words = ((number, _text(value)) for number, value in enumerate(row, start=1) if number not in heads.values())
    return [f"{get_column_letter(number)}{text}" for number, text in words if text]


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else clean_words(str(value))
