"""Exports of projects are read by the names of their heads; what cannot be taken is named by its cell."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from tests.support.hostile_files import packed
from tests.support.random_months import decisions_of
from tracker.domain.projects.acts import LONGEST_CODE, LONGEST_NAME
from tracker.domain.projects.checklists import Build
from tracker.domain.projects.counting import Counted, counted_inputs
from tracker.domain.projects.frames import Frame
from tracker.domain.projects.imports import CellFault, Column, FaultKind, other_periods
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.rules import Rules
from tracker.gateways.configuration import CONFIGURATION
from tracker.gateways.project_lists import load_project_lists
from tracker.gateways.project_sheets import ProjectSheetUnreadable, parse_export, read_within
from tracker.gateways.schemes import load_scheme
from tracker.intake.project_columns import heads_of, periods_of
from tracker.wording.projects import BUILD_NAMES

COUNTIES = {"遂平县": "suiping", "驿城区": "yicheng"}
HEADS = [
    "序号",
    "项目代码",
    "项目名称",
    "所属县区",
    "总投资（亿元）",
    "2022年计划投资（万元）",
    "1-8月累计完成投资（万元）",
    "计划开工时间",
    "开工日期",
    "备注",
]


def test_heads_are_known_by_their_names_with_their_units() -> None:
    found = heads_of(HEADS)
    assert found is not None
    assert {head.column: (head.place, head.scale) for head in found} == {
        Column.CODE: (1, 10_000),
        Column.NAME: (2, 10_000),
        Column.UNIT: (3, 10_000),
        Column.TOTAL: (4, 100_000_000),
        Column.PLANNED: (5, 10_000),
        Column.INVESTED: (6, 10_000),
        Column.PLANNED_START: (7, 10_000),
        Column.STARTED: (8, 10_000),
    }


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("1-8月累计完成投资", (None, 8)),
        ("2021年1-12月累计完成投资", (2021, 12)),
        ("累计完成投资（截至2022年9月）", (2022, 9)),
        ("累计完成投资（一至十一月）", (None, 11)),
        ("2021年计划投资", (2021, None)),
        ("累计完成投资", None),
    ],
)
def test_a_head_is_held_against_the_month_that_was_chosen(
    head: str, said: tuple[int | None, int | None] | None
) -> None:
    cells = ["项目名称", "县区", head]
    found = periods_of(cells, heads_of(cells) or ())
    assert [(one.year, one.month) for one in found] == ([said] if said else [])
    fits = said in (None, (None, 8))
    frame = Frame("shengji", Month(2022, 8), date(2022, 1, 1), 2022)
    assert bool(other_periods(found, frame)) is not fits


def test_rows_below_a_title_are_read_and_totals_left_out() -> None:
    rows = [
        ["2022年省重点项目进展"],
        HEADS,
        ["1", "P1", "甲项目", "遂平县", "1.5", "20000", "1,234.5", "2022年8月", "2022-08-10", "好"],
        ["", "", "合计", "遂平县", "1.5", "", "", "", "", ""],
        ["2", "", "乙项目", "驿城区", "", "", "-", "", "", ""],
        [],
    ]
    read = parse_export(rows, unit_named=COUNTIES.get)
    assert read.faults == ()
    first, second = read.rows
    assert (first.number, first.code, first.name, first.unit) == (3, "P1", "甲项目", "suiping")
    assert first.told == {
        Column.TOTAL: 150_000_000,
        Column.PLANNED: 200_000_000,
        Column.INVESTED: 12_345_000,
        Column.PLANNED_START: date(2022, 8, 1),
        Column.STARTED: date(2022, 8, 10),
    }
    assert second.told == {}
    assert read.unknown == ("序号", "备注")


def test_each_cell_that_cannot_be_taken_is_named() -> None:
    rows = [HEADS, ["1", "P1", "甲", "外县", "约1亿", "-5", "0.00001", "下半年", "2022-02-30", ""], ["2", "P2", "", ""]]
    read = parse_export(rows, unit_named=COUNTIES.get)
    assert read.rows == ()
    assert [(one.place, one.kind) for one in read.faults] == [
        *((f"{letter}2", FaultKind.UNREADABLE) for letter in "EFGHI"),
        ("D2", FaultKind.UNKNOWN_UNIT),
        ("C3", FaultKind.NO_NAME),
        ("D3", FaultKind.NO_UNIT),
    ]
    assert CellFault("E2", FaultKind.UNREADABLE, "约1亿", Column.TOTAL) in read.faults


@pytest.mark.parametrize(
    ("head", "written"),
    [
        ("项目名称", "#REF!"),
        ("项目名称", '=A1&"项目"'),
        ("项目名称", "长" * (LONGEST_NAME + 1)),
        ("项目代码", "1" * (LONGEST_CODE + 1)),
        ("总投资（亿元）", "100000000"),  # as many 万元 are more than any amount, and than its column holds
        ("累计完成投资", "9" * 400),
        ("累计完成投资", "=1+1"),
        ("开工日期", "#N/A"),
    ],
)
def test_what_no_form_takes_no_export_brings(head: str, written: str) -> None:
    told = {"项目代码": "P1", "项目名称": "甲", "县区": "遂平县", head: written}
    (fault,) = parse_export([list(told), list(told.values())], unit_named=COUNTIES.get).faults
    assert (fault.place, fault.kind) == (f"{'ABCD'[list(told).index(head)]}2", FaultKind.UNREADABLE)


def _read(path: Path, book: Any, *, instead: tuple[bytes, bytes] = (b"", b"")) -> list[list[str]]:
    """Read a workbook back, something else written into its parts `instead` of what no library writes there."""
    book.save(path)
    with ZipFile(path) as made:
        parts = [(name, made.read(name).replace(*instead)) for name in made.namelist()]
    path.write_bytes(packed(*parts))
    return [[cell for cell in row if cell] for row in read_within(str(path))]


def test_a_formula_without_a_result_is_no_blank_and_a_number_of_any_length_is_read(tmp_path: Path) -> None:
    book: Any = Workbook()  # Any: the library has no types
    book.active.append(["甲", date(2022, 8, 10), 1.5, 777, "=1+1", None])
    digits = "9" * 400
    assert _read(tmp_path / "a.xlsx", book, instead=(b"<v>777</v>", f"<v>{digits}</v>".encode())) == [
        ["甲", "2022-08-10", "1.5", digits, "=1+1"],
    ]


def test_of_a_workbook_the_first_sheet_that_people_see_is_read(tmp_path: Path) -> None:
    book: Any = Workbook()  # Any: the library has no types
    book.active.append(["上月"])
    book.active.sheet_state = "hidden"
    book.create_sheet("本月").append(["本月"])
    assert _read(tmp_path / "a.xlsx", book) == [["本月"]]
    (tmp_path / "b.xlsx").write_bytes(b"PK")
    with pytest.raises(ProjectSheetUnreadable):
        read_within(str(tmp_path / "b.xlsx"))


@pytest.mark.parametrize("build", Build)
def test_a_kind_of_works_is_read_as_the_system_writes_it(build: Build) -> None:
    rows = [["项目名称", "县区", "建设类别"], ["甲项目", "遂平县", BUILD_NAMES[build]]]
    (row,) = parse_export(rows, unit_named=COUNTIES.get).rows
    assert row.told[Column.BUILD] == build.value


def test_a_table_without_project_or_county_is_none() -> None:
    with pytest.raises(ProjectSheetUnreadable):
        parse_export([["项目名称", "总投资"], ["甲", "1"]], unit_named=COUNTIES.get)


def test_the_lists_that_are_configured_stand_in_the_document_verbatim() -> None:
    text = (Path(__file__).parents[2] / "seeds/documents/53/text.txt").read_text(encoding="utf-8")
    lists = load_project_lists(CONFIGURATION / "project_lists.toml")
    assert lists.document in text
    for one in lists.lists:
        assert one.sentence in text, one.code
        assert lists.called(one.name) is one


def test_every_figure_that_the_scheme_has_counted_is_counted_from_the_lists() -> None:
    folder = Path(__file__).parents[2] / "seeds/documents/53"
    scheme = load_scheme(folder / "scheme.toml", text=folder / "text.txt")
    lists = load_project_lists(CONFIGURATION / "project_lists.toml")
    (asked,) = (one for one in decisions_of(scheme) if one.question == "rate-base")
    found: dict[tuple[str, str], Counted] = {}
    for base in ("year_plan", "total"):
        rules = Rules(scheme, (replace(asked, option=base),))
        found |= counted_inputs(rules, (), lists=lists, month=Month(2022, 8))
    wanted = {figure.code for figure in scheme.figures if figure.measure is not None}
    assert {code for code, _ in found} == wanted
    assert {unit for _, unit in found} == {one.unit for one in scheme.objects}
    assert {one.value for one in found.values()} == {0}
