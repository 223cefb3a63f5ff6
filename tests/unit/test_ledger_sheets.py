"""Every row of a ledger is something, by its cells; a ledger that comes again is held against what is there."""

from datetime import date

import pytest

from tracker.domain.items import CadenceKind
from tracker.domain.ledger_sheets import (
    Cell,
    Column,
    Fault,
    LedgerRow,
    RowKind,
    Sheet,
    SheetRow,
    Skip,
    Wrong,
    count_of,
    rows_of,
)
from tracker.domain.ledger_updates import Fate, KnownTask, Plan, Present, Since, Standing, fingerprint, plan_of
from tracker.domain.ledgers import LedgerEntry

_LETTERS = dict(zip(Column, "ABCDEF", strict=True))


def _row(number: int, *texts: str, across: bool = False, **wrong: Wrong) -> SheetRow:
    cells = {
        column: Cell(f"{_LETTERS[column]}{number}", text, wrong.get(column.name))
        for column, text in zip(Column, texts, strict=False)
        if text or column.name in wrong
    }
    return SheetRow(number, cells, across=across)


def _rows(*rows: SheetRow, used: int) -> tuple[LedgerRow, ...]:
    return rows_of([Sheet("台账", used, 2, rows)], rhythms={"每月": CadenceKind.MONTHLY})


def test_each_row_is_exactly_one_thing() -> None:
    found = _rows(
        _row(3, "一、经济", across=True),
        _row(4, "1", "办好推介会", "市商务局"),
        _row(5, "1", "办好推介会", "市商务局"),
        _row(7, "序号", "事项", "牵头单位"),
        _row(8, "3"),
        _row(9, "合计"),
        _row(10, "4", "核实数据"),
        used=10,
    )
    heading, blank = RowKind.HEADING, RowKind.BLANK
    skipped, faulty = RowKind.SKIPPED, RowKind.FAULTY
    assert [row.kind for row in found] == [
        *(heading, heading, skipped, RowKind.ENTRY, skipped),
        *(blank, heading, skipped, skipped, faulty),
    ]
    assert [row.skip for row in found if row.skip] == [Skip.SECTION, Skip.REPEATED, Skip.NUMBER_ONLY, Skip.SUM]
    assert sum(count_of(found).values()) == 10


def test_a_sheet_without_heads_is_counted_row_by_row() -> None:
    found = rows_of([Sheet("说明", 3, 0)], rhythms={})
    assert [row.skip for row in found] == [Skip.SHEET_NOT_READ] * 3


@pytest.mark.parametrize(
    ("due", "fault"),
    [
        ("月底", Fault.NOT_A_DAY),
        ("2022-02-30", Fault.NO_SUCH_DAY),
        ("1022-12-31", Fault.YEAR),
        ("202-12-31", Fault.YEAR),
        ("2202年3月1日前", Fault.YEAR),
        ("44926", Fault.BARE_NUMBER),
    ],
)
def test_an_impossible_day_is_named_by_its_cell(due: str, fault: Fault) -> None:
    (row,) = [row for row in _rows(_row(12, "1", "办好", "市商务局", "", due), used=12) if row.faults]
    assert [(one.fault, one.place) for one in row.faults] == [(fault, "台账!E12")]


def test_cells_that_cannot_be_read_are_faults_but_for_the_number() -> None:
    found = _rows(
        _row(3, "", "", "市商务局", "", "", LABEL=Wrong.UNCOMPUTED, WORDS=Wrong.ERROR, DUE=Wrong.UNCOMPUTED), used=3
    )
    assert [(one.fault, one.place) for one in found[-1].faults] == [
        (Fault.ERROR, "台账!B3"),
        (Fault.UNCOMPUTED, "台账!E3"),
    ]


def test_numbers_stand_where_each_names_one_task() -> None:
    rows = (_row(3, "5", "办好", "市商务局"), _row(4, "9", "核实", "市商务局"))
    assert [row.entry.label for row in _rows(*rows, used=4) if row.entry] == ["5", "9"]
    rows = (_row(3, "5", "办好", "市商务局"), _row(4, "5", "核实", "市商务局"))
    assert [row.entry.label for row in _rows(*rows, used=4) if row.entry] == ["1", "2"]


def test_a_fingerprint_forgets_number_width_and_marks() -> None:
    assert fingerprint("（三）办好 5G 推介会。") == fingerprint("3.办好５Ｇ推介会")
    assert fingerprint("办好推介会") != fingerprint("办好展览会")


_DAY, _LATER, _LAST = date(2022, 10, 31), date(2022, 11, 30), date(2022, 12, 31)


def _task(label: str, words: str, *, now: date = _DAY, fate: Fate | None = None) -> KnownTask:
    entered, stands = Standing(("swj",), frozenset(), _DAY), Standing(("swj",), frozenset(), now)
    return KnownTask(int(label), label, words, entered, stands, frozenset({"monthly"}), {"swj": 7}, fate)


def _planned(*entries: LedgerEntry, tasks: tuple[KnownTask, ...] = (), drafted: tuple[LedgerEntry, ...] = ()) -> Plan:
    rows = [LedgerRow("台账", n, RowKind.ENTRY, entry) for n, entry in enumerate(entries, 2)]
    known = {"市商务局": ("swj",), "市统计局": ("tjj",), "两局": ("swj", "tjj")}
    return plan_of(rows, Present(tasks, drafted, lambda name: known.get(name, ())))


def _entry(label: str, words: str, due_on: date | None = _DAY, lead: str = "市商务局") -> LedgerEntry:
    return LedgerEntry(words, (lead,), (), due_on, None, label)


@pytest.mark.parametrize(
    ("now", "wanted", "since"),
    [(_DAY, _LATER, Since.LEDGER), (_LATER, _DAY, Since.SYSTEM), (_LATER, _LAST, Since.BOTH), (_LATER, _LATER, None)],
)
def test_a_difference_says_who_changed_it_since(now: date, wanted: date, since: Since | None) -> None:
    (row,) = _planned(_entry("1", "办好。", wanted), tasks=(_task("1", "办好", now=now),)).rows
    assert [one.since for one in row.differences] == ([since] if since else [])
    assert row.fate is (Fate.DIFFERS if since else Fate.SAME)
    assert row.is_disputed is (since in (Since.SYSTEM, Since.BOTH))


def test_what_a_ledger_leaves_empty_it_does_not_say() -> None:
    (row,) = _planned(_entry("1", "办好", None), tasks=(_task("1", "办好", now=_LATER),)).rows
    assert row.fate is Fate.SAME


def test_rows_find_their_tasks_by_words_and_then_by_number() -> None:
    tasks = (_task("1", "办好"), _task("2", "办好"), _task("3", "核实"))
    plan = _planned(_entry("2", "办好"), _entry("8", "办好"), _entry("3", "重新核实"), _entry("4", "新的"), tasks=tasks)
    assert [(row.fate, row.task and row.task.label) for row in plan.rows] == [
        (Fate.SAME, "2"),
        (Fate.SAME, "1"),
        (Fate.OTHER_WORDS, None),
        (Fate.NEW, None),
    ]
    assert plan.absent == ("3",)


def test_what_cannot_be_changed_says_why() -> None:
    ended, unissued = _task("1", "办好", fate=Fate.ENDED), _task("2", "核实", fate=Fate.NOT_ISSUED)
    entries = (_entry("1", "办好", _LATER), _entry("2", "核实", _LATER), _entry("3", "统计", lead="某局"))
    plan = _planned(*entries, tasks=(ended, unissued, _task("3", "统计")))
    assert [row.fate for row in plan.rows] == [Fate.ENDED, Fate.NOT_ISSUED, Fate.UNKNOWN_UNIT]
    assert plan.rows[2].words == "某局"


def test_what_waits_in_a_draft_is_no_new_task() -> None:
    waiting = (_entry("1", "办好"), _entry("2", "核实"))
    plan = _planned(_entry("1", "办好"), _entry("2", "核实", _LATER), _entry("3", "核实"), drafted=waiting)
    assert [row.fate for row in plan.rows] == [Fate.DRAFTED, Fate.DRAFTED_OTHERWISE, Fate.NEW]
