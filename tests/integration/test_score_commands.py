"""`flask score`: inputs out and in as a workbook, the computed month, freezing, and computing it again."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import load_workbook
from sqlalchemy import text

from tests.support.counted_evaluation import counted_scheme
from tests.support.databases import fresh_sqlite
from tests.support.site import Site
from tests.support.small_evaluation import AFTER, CHECKING, OPENED, keep_small_scheme


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = OPENED
    with site.services.database.transaction() as session:
        keep_small_scheme(session)
    from tracker.cli.commands import register_commands  # noqa: PLC0415 # the commands of this application alone

    register_commands(site.app, site.services)
    return site


def _run(site: Site, *words: str, code: int = 0) -> str:
    result: Result = site.app.test_cli_runner().invoke(args=["score", *words])
    assert result.exit_code == code, result.output
    return result.output


def _fill(made: Path, filled: Path, cells: dict[tuple[str, str], Any], source: str = "月报") -> Path:
    """Fill cells of the sheet of figures, by the name of the figure and that of the county."""
    book = load_workbook(made)
    sheet: Any = book["数据"]
    heads = {cell.value: cell.column for cell in sheet[2]}
    for row in range(3, sheet.max_row + 1):
        for (name, county), value in cells.items():
            if sheet.cell(row, heads["数据名称"]).value == name:
                sheet.cell(row, heads[county]).value = value
                sheet.cell(row, heads["数据来源"]).value = source
    cases: Any = book["事项"]
    for place, value in enumerate(("驿城区", "项目推进会", "9月推进会", "", None, "会议纪要"), start=1):
        cases.cell(3, place).value = value
    book.save(filled)
    return filled


_ALL = {
    ("项目个数", "驿城区"): 3,
    ("项目个数", "遂平县"): 2,
    ("已开工项目个数", "驿城区"): 3,
    ("已开工项目个数", "遂平县"): 2,
    ("计划开工项目个数", "驿城区"): 4,
    ("计划开工项目个数", "遂平县"): 2,
}


def test_a_month_goes_out_comes_in_is_computed_frozen_and_computed_again(site: Site, tmp_path: Path) -> None:
    made = tmp_path / "made.xlsx"
    _run(site, "template", "--month", "2022-09", "--out", str(made))
    filled = _fill(made, tmp_path / "filled.xlsx", _ALL)
    assert "新报7个" in _run(site, "import", str(filled))
    assert "相同7个" in _run(site, "import", str(filled))
    for question, option in (("ties", "skip"), ("over-full", "allowed")):
        _run(site, "decide", question, option, "--decider", "张主任", "--on", "2022-10-08", "--reason", "会议研究")
    told = json.loads(_run(site, "month", "2022-09", "--json"))
    assert [(one["name"], one["total"], one["rank"]) for one in told["objects"]] == [
        ("驿城区", "8", 1),
        ("遂平县", "6", 2),
    ]
    first = told["objects"][0]["items"][0]
    assert {"inputs", "rank", "marks", "working"} <= first.keys()
    assert ("projects", "3个") in {(one["figure"], one["value"]) for one in first["inputs"]}
    assert len(told["rule_version"]) == 64
    assert any("会议研究" in note for note in told["notes"])
    site.clock.at = CHECKING
    assert "2类事项没有报，也没有说明“本月没有”：批评、现场核查" in _run(site, "draft", "2022-09", code=1)
    assert "批评、现场核查未报，按没有计" in _run(site, "silent", "2022-09", "--reason", "经核实没有发生")
    _run(site, "draft", "2022-09")
    assert "2022-10-17" in _run(site, "check", "2022-09")
    assert "期满后才能冻结" in _run(site, "freeze", "2022-09", code=1)
    site.clock.at = AFTER
    _run(site, "freeze", "2022-09")
    assert "逐字节一致" in _run(site, "replay", "--month", "2022-09")
    with site.services.database.transaction() as session:
        session.execute(text("UPDATE score_input SET value = '30' WHERE id = 1"))
    assert "不一致" in _run(site, "replay", "--month", "2022-09", code=1)
    verified = site.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert verified.exit_code == 1
    assert "2022年9月考评：" in verified.output


def test_what_a_workbook_says_that_there_was_none_of_is_kept(site: Site, tmp_path: Path) -> None:
    made = tmp_path / "made.xlsx"
    _run(site, "template", "--month", "2022-09", "--out", str(made))
    book: Any = load_workbook(_fill(made, tmp_path / "filled.xlsx", _ALL))
    rows = [[cell.value for cell in row] for row in book["本月没有"].iter_rows(min_row=3)]
    assert [row[2] for row in rows] == ["项目推进会", "批评", "现场核查"]
    for place in ("D4", "D5"):
        book["本月没有"][place].value = "本月没有"
    book.save(tmp_path / "none.xlsx")
    assert "新报7个，更正0个，相同0个，说明本月没有的2类" in _run(site, "import", str(tmp_path / "none.xlsx"))
    _run(site, "template", "--month", "2022-09", "--out", str(made))
    again: Any = load_workbook(made)
    assert [again["本月没有"][f"D{row}"].value for row in (3, 4, 5)] == [None, "本月没有", "本月没有"]


def test_of_a_faulty_workbook_every_cell_is_named_and_nothing_is_kept(site: Site, tmp_path: Path) -> None:
    made = tmp_path / "made.xlsx"
    _run(site, "template", "--month", "2022-09", "--out", str(made))
    cells = {("项目个数", "驿城区"): "许多", ("已开工项目个数", "遂平县"): -1, ("计划开工项目个数", "驿城区"): "=1/0"}
    told = _run(site, "import", str(_fill(made, tmp_path / "filled.xlsx", cells)), code=1)
    for place in ("“数据”F3", "“数据”G4", "“数据”F5"):
        assert place in told
    assert "还没有开始" in _run(site, "month", "2022-09", code=1)
    empty = tmp_path / "other.txt"
    empty.write_text("x")
    _run(site, "import", str(empty), code=1)


def test_a_workbook_whose_hidden_sheet_was_changed_knows_no_input_and_corrects_none(site: Site, tmp_path: Path) -> None:
    made = tmp_path / "made.xlsx"
    _run(site, "template", "--month", "2022-09", "--out", str(made))
    for number, seen in ((3, "²"), (4, "9" * 5000)):
        book: Any = load_workbook(_fill(made, tmp_path / "filled.xlsx", _ALL | {("项目个数", "驿城区"): number}))
        for row in book["考评标记"]:
            if row[0].value == "seen":
                row[1].value = seen
        book.save(tmp_path / "changed.xlsx")
        told = _run(site, "import", str(tmp_path / "changed.xlsx"), "--reason", "更正", code=int(number == 4))
        assert ("新报7个" if number == 3 else "驿城区项目个数") in told


def test_what_cannot_be_is_said_in_one_line(site: Site, tmp_path: Path) -> None:
    site.clock.at = datetime(2022, 8, 31, 1, 0, tzinfo=UTC)
    assert "还没有开始" in _run(site, "open", "--month", "2022-09", "--inputs-by", "2022-10-10", code=1)
    assert "2022-09" in _run(site, "month", "九月", code=1)
    assert "没有开始" in _run(site, "replay", "--month", "2022-08", code=1)


def test_a_month_is_counted_from_projects_and_says_what_stands_before_it(site: Site) -> None:
    with site.services.database.transaction() as session:
        keep_small_scheme(session, content=counted_scheme())
    _run(site, "open", "--month", "2022-09", "--inputs-by", "2022-10-20")
    told = _run(site, "count", "--month", "2022-09")
    assert "新计0个，更正0个，撤回0个，相同0个" in told
    assert "没有计数：项目台账没有本月“重点外资项目”、“省级重点项目”的项目，不按0计" in told
    assert "待明确：应开未开是否含以前月份到期的" in told
    month = json.loads(_run(site, "month", "2022-09", "--json"))
    assert [one["kind"] for one in month["flags"]] == ["unrecorded"]
    assert month["objects"][0]["items"][0]["projects"] == []
    assert "还没有开始" in _run(site, "count", "--month", "2022-08", code=1)
