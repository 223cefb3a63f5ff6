"""Nothing that was filled into the workbook of a month is dropped without a word: its cell is named instead."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.entered import LONGEST_REASON
from tracker.domain.errors import BadInput
from tracker.domain.scoring.entries import suppliers
from tracker.domain.scoring.inputs import Month
from tracker.gateways.filled_score_books import BookFaulty, told_in
from tracker.gateways.schemes import read_scheme
from tracker.gateways.score_books import book_of
from tracker.gateways.score_sheets import MARKS, BookTooLong, read_score_book
from tracker.wording.refusals import sentence

_SCHEME, _MONTH = read_scheme(SMALL_SCHEME), Month(2022, 9)
_CASE = ("驿城区", "批评", "通报甲", None, None, "文件")
_Fill = Callable[[Any], None]


def _book(fill: _Fill) -> Any:
    made = book_of(
        _SCHEME,
        month=str(_MONTH),
        seen=0,
        entries=(),
        none_said=(),
        asked=[*suppliers(_SCHEME)],
        owners=dict.fromkeys(suppliers(_SCHEME), "督查室"),
    )
    book: Any = load_workbook(BytesIO(made))
    book["数据"]["F3"].value = 3
    fill(book)
    return book


def _refused(folder: Path, fill: _Fill) -> str:
    file = folder / "filled.xlsx"
    _book(fill).save(file)
    with pytest.raises(BadInput) as refused:
        told_in(read_score_book(file, name=file.name), _SCHEME, _MONTH)
    return sentence(refused.value)


def _case(book: Any, *cells: object, row: int = 3) -> None:
    for place, value in enumerate(cells, start=1):
        book["事项"].cell(row, place).value = value


def _set(sheet: str, cell: str, value: object) -> _Fill:
    def fill(book: Any) -> None:
        _case(book, *_CASE)
        book[sheet][cell].value = value

    return fill


def _merged(book: Any) -> None:
    _case(book, *_CASE)
    _case(book, None, "批评", "通报乙", None, None, "文件", row=4)
    book["事项"].merge_cells("A3:A4")


def _merged_numbers(book: Any) -> None:
    book["数据"].merge_cells("F3:G3")


def _head_twice(book: Any) -> None:
    book["数据"]["K2"].value, book["数据"]["K3"].value = "驿城区", 9


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        (_set("事项", "D3", "#N/A"), "“事项”D3：单元格是错误值"),
        (_set("事项", "C3", "#REF!"), "“事项”C3：单元格是错误值"),
        (_set("事项", "F3", "=1/0"), "“事项”F3：公式没有算出结果"),
        (_set("数据", "H3", "#N/A"), "“数据”H3：单元格是错误值"),
        (_set("本月没有", "D3", "#N/A"), "“本月没有”D3：单元格是错误值"),
        (_merged, "“事项”A4：单元格是合并的"),
        (_merged_numbers, "“数据”G3：单元格是合并的"),
        (_head_twice, "“数据”K3：这一列与前面的列表头相同"),
        (_set("数据", "L3", 5), "“数据”L3：这一列没有表头"),
        (_set("数据", "CA3", 5), "“数据”CA3：这一列不在表格以内"),
        (_set("事项", "H2", "备注"), ""),
        (_set("事项", "C3", "名" * (LONGEST_REASON + 1)), "“事项”C3：填写的文字不能超过"),
        (_set("事项", "F3", "源" * (LONGEST_REASON + 1)), "“事项”F3：填写的文字不能超过"),
        (_set("数据", "H3", "源" * (LONGEST_REASON + 1)), "“数据”H3：填写的文字不能超过"),
        (_set("事项", "E3", 2), "“事项”E3：“批评”得分、扣分由考评办法规定，不填认定扣分"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_cell(tmp_path: Path, fill: _Fill, said: str) -> None:
    if said:
        assert said in _refused(tmp_path, fill)
        return
    file = tmp_path / "filled.xlsx"
    _book(fill).save(file)
    assert len(told_in(read_score_book(file, name=file.name), _SCHEME, _MONTH).entries) == 2


def test_a_column_that_the_sheet_does_not_have_is_named_on_every_sheet(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        _case(book, *_CASE)
        for title, place in (("事项", "H"), ("现场核查", "H"), ("本月没有", "E")):
            book[title][f"{place}2"].value, book[title][f"{place}3"].value = "备注", "请看"

    said = _refused(tmp_path, fill)
    assert all(
        f"“{title}”{cell}：“备注”不是本月表格的列" in said for title, cell in (("事项", "H3"), ("本月没有", "E3"))
    )


def test_a_sheet_that_the_workbook_did_not_have_is_named(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book["事项"].title = "事项（2）"
        for place, value in enumerate(_CASE, start=1):
            book["事项（2）"].cell(3, place).value = value

    assert "“事项（2）”：不是本月表格的工作表" in _refused(tmp_path, fill)


@pytest.mark.parametrize("row", [3_001, 6_001, 60_000])
def test_too_many_rows_are_refused_by_their_sheet_however_far_below(tmp_path: Path, row: int) -> None:
    file = tmp_path / "filled.xlsx"
    _book(_set("事项", f"A{row}", "驿城区")).save(file)
    with pytest.raises(BookTooLong) as refused:
        read_score_book(file, name=file.name)
    assert sentence(refused.value).startswith("“事项”超过3000行")


def test_a_number_without_an_end_is_named_by_its_cell(tmp_path: Path) -> None:
    made, changed = tmp_path / "made.xlsx", tmp_path / "changed.xlsx"
    _book(_set("数据", "F3", 123456)).save(made)
    with ZipFile(made) as old, ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<v>123456</v>", b"<v>1e999</v>"))
    with pytest.raises(BookFaulty) as refused:
        told_in(read_score_book(changed, name=changed.name), _SCHEME, _MONTH)
    assert "“数据”F3：单元格是错误值" in sentence(refused.value)


@pytest.mark.parametrize(
    ("mark", "value", "said"),
    [
        ("month", "2022-07", "表格是2022年7月的，不能导入到2022年9月。"),
        ("scheme", "other", "表格是按别的考评办法下载的，不能导入到2022年9月“项目月度考评办法”"),
    ],
)
def test_a_workbook_of_another_month_or_scheme_says_which(tmp_path: Path, mark: str, value: str, said: str) -> None:
    def fill(book: Any) -> None:
        for row in book[MARKS].iter_rows():
            if row[0].value == mark:
                row[1].value = value

    assert said in _refused(tmp_path, fill)
