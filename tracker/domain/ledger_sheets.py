"""Sheets of an Excel ledger, and what becomes of each of their rows: none is left out without a word."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.domain.entered import FIRST_YEAR, LAST_YEAR
from tracker.domain.items import CadenceKind
from tracker.domain.ledgers import LedgerEntry

_NAMES = re.compile(r"[、，,;；\n]+")
_DAY = re.compile(r"(\d{1,4})[-./年](\d{1,2})[-./月](\d{1,2})日?前?")  # e.g. 2022-12-31 | 2022年12月31日前
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")  # e.g. 44926: a day whose cell lost its format
_SUMS = frozenset({"合计", "总计", "小计", "共计"})


class Column(StrEnum):
    """What a column of a ledger holds, by its head."""

    LABEL = "序号"
    WORDS = "事项"
    LEADS = "牵头单位"
    SUPPORTS = "配合单位"
    DUE = "时限"
    RHYTHM = "频次"


class Wrong(StrEnum):
    """Why a cell cannot be read: an error of the table program, a formula whose value was not kept, merged cells."""

    ERROR = "error"
    UNCOMPUTED = "uncomputed"
    MERGED = "merged"


class Fault(StrEnum):
    """Why a row cannot be taken over."""

    ERROR = "error"
    UNCOMPUTED = "uncomputed"
    MERGED = "merged"
    NO_WORDS = "no_words"
    NO_LEAD = "no_lead"
    NOT_A_DAY = "not_a_day"
    NO_SUCH_DAY = "no_such_day"
    BARE_NUMBER = "bare_number"
    YEAR = "year"
    RHYTHM = "rhythm"


class Skip(StrEnum):
    """Why a row is no task."""

    SUM = "sum"
    NUMBER_ONLY = "number_only"
    SECTION = "section"
    SHEET_NOT_READ = "sheet_not_read"
    REPEATED = "repeated"


class RowKind(StrEnum):
    """What a row is; every used row of the file is exactly one of these."""

    ENTRY = "entry"
    FAULTY = "faulty"
    BLANK = "blank"
    HEADING = "heading"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell by its place in the sheet, as C12; `filled_from` is where the value of merged cells stands."""

    place: str
    text: str
    wrong: Wrong | None = None
    filled_from: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that holds anything; `across` where its only words stand in cells merged over the columns."""

    number: int
    cells: Mapping[Column, Cell]
    across: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `head_row` is 0 where no row has the heads: then nothing of it is read. `used` counts its rows."""

    title: str
    used: int
    head_row: int
    rows: tuple[SheetRow, ...] = ()
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    unread_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong, in which cell (sheet!C12), and what stands there."""

    fault: Fault
    place: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the file and what it is."""

    sheet: str
    number: int
    kind: RowKind
    entry: LedgerEntry | None = None
    faults: tuple[CellFault, ...] = ()
    skip: Skip | None = None
    like: int = 0
    filled: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.number}"


def rows_of(sheets: Sequence[Sheet], *, rhythms: Mapping[str, CadenceKind]) -> tuple[LedgerRow, ...]:
    """Say of every used row of every sheet what it is; `rhythms` are those that a cell may name."""
    rows = [row for sheet in sheets for row in _rows(sheet, rhythms)]
    return tuple(_numbered(list(_without_repeated(rows))))


def count_of(rows: Sequence[LedgerRow]) -> Mapping[RowKind, int]:
    """Return how many rows are what; together they are all rows."""
    return Counter(row.kind for row in rows)


def _rows(sheet: Sheet, rhythms: Mapping[str, CadenceKind]) -> Iterator[LedgerRow]:
    used = {row.number: row for row in sheet.rows}
    for number in range(1, sheet.used + 1):
        row = used.get(number)
        if sheet.head_row == 0:
            yield LedgerRow(sheet.title, number, RowKind.SKIPPED, skip=Skip.SHEET_NOT_READ)
        elif number <= sheet.head_row:
            yield LedgerRow(sheet.title, number, RowKind.HEADING)
        elif row is None:
            yield LedgerRow(sheet.title, number, RowKind.BLANK)
        else:
            yield _row(sheet.title, row, rhythms)


def _row(sheet: str, row: SheetRow, rhythms: Mapping[str, CadenceKind]) -> LedgerRow:
    texts = {column: row.cells[column].text if column in row.cells else "" for column in Column}
    if all(texts[column] == column.value for column in (Column.WORDS, Column.LEADS)):
        return LedgerRow(sheet, row.number, RowKind.HEADING)
    said = {column for column, cell in row.cells.items() if cell.text or cell.wrong} - {Column.LABEL}
    own = {column for column in said if not row.cells[column].filled_from}
    if row.across:
        return LedgerRow(sheet, row.number, RowKind.SKIPPED, skip=Skip.SECTION)
    if _SUMS & {texts[Column.LABEL], texts[Column.WORDS]} and not own - {Column.WORDS}:
        return LedgerRow(sheet, row.number, RowKind.SKIPPED, skip=Skip.SUM)
    if not own:
        return LedgerRow(sheet, row.number, RowKind.SKIPPED, skip=Skip.NUMBER_ONLY)
    due_on, faults = _day(row.cells.get(Column.DUE), sheet)
    faults = [*_faults(sheet, row, texts, rhythms), *faults]
    filled = tuple((cell.place, cell.filled_from) for cell in row.cells.values() if cell.filled_from and not cell.wrong)
    entry = LedgerEntry(
        texts[Column.WORDS],
        _names(texts[Column.LEADS]),
        _names(texts[Column.SUPPORTS]),
        due_on,
        rhythms.get(texts[Column.RHYTHM]),
        texts[Column.LABEL],
    )
    kind = RowKind.FAULTY if faults else RowKind.ENTRY
    return LedgerRow(sheet, row.number, kind, entry=entry, faults=tuple(faults), filled=filled)


def _faults(
    sheet: str, row: SheetRow, texts: Mapping[Column, str], rhythms: Mapping[str, CadenceKind]
) -> Iterator[CellFault]:
    for column, cell in row.cells.items():
        if cell.wrong is not None and column is not Column.LABEL:
            yield CellFault(Fault(cell.wrong.value), f"{sheet}!{cell.place}", cell.text or cell.filled_from)
    for column, fault in ((Column.WORDS, Fault.NO_WORDS), (Column.LEADS, Fault.NO_LEAD)):
        held = row.cells.get(column)
        if held is None or not (held.text or held.wrong):
            yield CellFault(fault, f"{sheet}!{held.place if held else row.number}")
    rhythm = row.cells.get(Column.RHYTHM)
    if rhythm is not None and not rhythm.wrong and rhythm.text and rhythm.text not in rhythms:
        yield CellFault(Fault.RHYTHM, f"{sheet}!{rhythm.place}", rhythm.text)


def _day(cell: Cell | None, sheet: str) -> tuple[date | None, list[CellFault]]:
    """Return the day that a cell writes, or why it is none."""
    if cell is None or cell.wrong or not cell.text:
        return None, []
    place = f"{sheet}!{cell.place}"
    found = _DAY.fullmatch(cell.text)
    if found is None:
        fault = Fault.BARE_NUMBER if _SERIAL.fullmatch(cell.text) else Fault.NOT_A_DAY
        return None, [CellFault(fault, place, cell.text)]
    year, month, day = (int(part) for part in found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None, [CellFault(Fault.YEAR, place, cell.text)]
    try:
        return date(year, month, day), []
    except ValueError:
        return None, [CellFault(Fault.NO_SUCH_DAY, place, cell.text)]


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in _NAMES.split(text) if name.strip()))


def _without_repeated(rows: Sequence[LedgerRow]) -> Iterator[LedgerRow]:
    """Take of rows of one sheet that say the same, number and all, the first."""
    first: dict[tuple[str, LedgerEntry], int] = {}
    for row in rows:
        if row.kind is RowKind.ENTRY and row.entry is not None:
            before = first.setdefault((row.sheet, row.entry), row.number)
            if before != row.number:
                yield LedgerRow(row.sheet, row.number, RowKind.SKIPPED, skip=Skip.REPEATED, like=before)
                continue
        yield row


def _numbered(rows: Sequence[LedgerRow]) -> Iterator[LedgerRow]:
    """Let the numbers of the ledger stand where each names one task, else count the tasks of the file."""
    entries = [row.entry for row in rows if row.entry is not None]
    labels = [entry.label for entry in entries]
    fit = all(label and len(label) <= 20 and "\n" not in label for label in labels) and len(set(labels)) == len(labels)
    number = 0
    for row in rows:
        if row.entry is not None and not fit:
            number += 1
            row = replace(row, entry=replace(row.entry, label=str(number)))
        yield row
