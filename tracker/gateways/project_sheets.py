"""Read the export of a list of projects: heads by their names wherever they stand, each cell with its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tracker.domain.entered import number_text, shown
from tracker.domain.errors import BadInput
from tracker.domain.projects.imports import CellFault, Column, ExportRow, FaultKind, HeadPeriod, Told
from tracker.gateways.bounded import read_bounded
from tracker.gateways.upload_inspection import EndingNotAllowed, inspect_upload
from tracker.intake.project_columns import CellUnreadable, Head, heads_of, periods_of, read_cell

_MOST_ROWS, _MOST_COLUMNS, _HEADS_WITHIN = 3_000, 60, 10
_TOTALS = ("合计", "总计", "小计")


class ProjectSheetUnreadable(BadInput):
    """The file is no workbook, or has no heads for a project's name and its county."""

    code = "project_sheet_unreadable"


class ProjectSheetTooLong(BadInput):
    """It has more rows than are taken over at once; facts: most."""

    code = "project_sheet_too_long"


@dataclass(frozen=True, slots=True)
class ReadExport:
    """What an export says, what of it cannot be taken by cell, heads that nobody knows, heads that name a period."""

    rows: tuple[ExportRow, ...]
    faults: tuple[CellFault, ...]
    columns: tuple[Column, ...]
    unknown: tuple[str, ...]
    periods: tuple[HeadPeriod, ...]


def read_export(path: Path, *, name: str, unit_named: Callable[[str], str | None]) -> ReadExport:
    """Return the rows of a workbook's first visible sheet; `unit_named` gives the code of a county that is evaluated.

    Raises EndingNotAllowed, ProjectSheetUnreadable, ProjectSheetTooLong, FileTooComplex and what `inspect_upload`
    refuses.
    """
    if not name.lower().endswith(".xlsx"):
        raise EndingNotAllowed(ending=Path(name).suffix[1:].lower(), allowed="xlsx")
    inspect_upload(path, name)
    return parse_export(kept_rows(path), unit_named=unit_named)


def kept_rows(path: Path) -> list[list[str]]:
    """Return the texts of a workbook's first visible sheet, read within limits. Raises as `read_export` does."""
    rows: Any = read_bounded(read_within, str(path.resolve()))  # what `read_within` returned, by way of JSON
    return [[str(cell) for cell in row] for row in rows]


def read_within(path: str) -> list[list[str]]:
    """Return the texts of the rows of the first visible sheet: only for a process that has limits.

    Raises ProjectSheetUnreadable, ProjectSheetTooLong.
    """
    try:
        with open(path, "rb") as file:
            values, formulas = (load_workbook(file, read_only=True, data_only=only) for only in (True, False))
            at = next(at for at, one in enumerate(values.worksheets) if one.sheet_state == "visible")
            both = zip(_cells(values.worksheets[at]), _cells(formulas.worksheets[at]), strict=True)
            rows = [[_text(*cell) for cell in zip(row, told, strict=True)] for row, told in both]
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # whatever a parser makes of what is no workbook
        raise ProjectSheetUnreadable() from error
    if any(any(row) for row in rows[_MOST_ROWS + _HEADS_WITHIN :]):
        raise ProjectSheetTooLong(most=_MOST_ROWS)
    return rows


def parse_export(rows: Sequence[Sequence[str]], *, unit_named: Callable[[str], str | None]) -> ReadExport:
    """Return what rows of texts say, the heads among them. Raises ProjectSheetUnreadable."""
    found = next(((at, heads) for at, row in enumerate(rows[:_HEADS_WITHIN]) if (heads := heads_of(row))), None)
    if found is None:
        raise ProjectSheetUnreadable()
    at, heads = found
    known, faults = {head.place for head in heads}, list[CellFault]()
    unknown = tuple(text for place, text in enumerate(rows[at]) if text and place not in known)
    read: list[ExportRow] = []
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        told, wrong = _told(number, row, heads)
        if not told or _is_total(row):
            continue
        entry, more = _entry(number, told, {head.column: head for head in heads}, unit_named)
        unread = {one.place for one in wrong}
        faults += [*wrong, *(one for one in more if one.place not in unread)]
        read += [entry] if entry else []
    columns = tuple(head.column for head in heads)
    return ReadExport(tuple(read), tuple(faults), columns, unknown, periods_of(rows[at], heads))


def _told(number: int, row: Sequence[str], heads: Sequence[Head]) -> tuple[dict[Column, Told], list[CellFault]]:
    told, faults = dict[Column, Told](), list[CellFault]()
    for head in heads:
        text = row[head.place] if head.place < len(row) else ""
        try:
            said = read_cell(text, head)
        except CellUnreadable:
            faults.append(CellFault(_place(head, number), FaultKind.UNREADABLE, shown(text), head.column))
            continue
        if said is not None:
            told[head.column] = said
    return told, faults


def _entry(
    number: int,
    told: dict[Column, Told],
    heads: dict[Column, Head],
    unit_named: Callable[[str], str | None],
) -> tuple[ExportRow | None, list[CellFault]]:
    name, county, code = (str(told.pop(one, "")) for one in (Column.NAME, Column.UNIT, Column.CODE))
    faults = [] if name else [CellFault(_place(heads[Column.NAME], number), FaultKind.NO_NAME)]
    unit = unit_named(county) if county else None
    if not county:
        faults.append(CellFault(_place(heads[Column.UNIT], number), FaultKind.NO_UNIT))
    elif unit is None:
        faults.append(CellFault(_place(heads[Column.UNIT], number), FaultKind.UNKNOWN_UNIT, shown(county)))
    if faults or unit is None:
        return None, faults
    return ExportRow(number, code, name, unit, told), []


def _is_total(row: Sequence[str]) -> bool:
    return any(cell.replace(" ", "") in _TOTALS for cell in row[:3])


def _place(head: Head, number: int) -> str:
    return f"{get_column_letter(head.place + 1)}{number}"


def _cells(sheet: Any) -> Any:
    """Go through the values of the cells that are read, row by row."""
    return sheet.iter_rows(max_row=_MOST_ROWS + _HEADS_WITHIN + 1, max_col=_MOST_COLUMNS, values_only=True)


def _text(cell: object, formula: object) -> str:
    """Return what stands in a cell; of a formula without a result the formula, which no column takes."""
    if cell is None and formula is not None:
        return formula if isinstance(formula, str) else "="
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        try:
            return number_text(round(float(cell), 8))
        except OverflowError:  # hundreds of digits
            return str(cell)
    return "" if cell is None else str(cell).strip()
