"""Numbers that cannot be are refused wherever they are handed in: by entry, workbook and form."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.office import OFFICE, City, open_city
from tests.support.small_evaluation import Worked, figure, opened
from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.errors import BadInput
from tracker.domain.scoring.entries import Entry, InputKind, check_entry, suppliers
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.numbers import BelowLeast, NotWhole, PartOverWhole
from tracker.gateways.filled_score_books import BookFaulty, told_in
from tracker.gateways.schemes import read_scheme
from tracker.gateways.score_books import book_of
from tracker.gateways.score_sheets import read_score_book
from tracker.store.database import Database
from tracker.wording.refusals import sentence

_ROOT = Path(__file__).parents[2]
_53 = read_scheme((_ROOT / "seeds" / "documents" / "53" / "scheme.toml").read_text(encoding="utf-8"))
_MONTH = Month(2022, 9)
_COUNTS = SMALL_SCHEME.replace(
    'name = "已开工项目个数"\nunit = "个"', 'name = "已开工项目个数"\nunit = "个"\nwhole = true\npart_of = "planned"'
)


@pytest.fixture
def worked(database: Database) -> Worked:
    return opened(open_city(database), content=_COUNTS)


@pytest.mark.parametrize(
    ("code", "value", "error", "said"),
    [
        ("reserve", "2.5", NotWhole, "谋划储备项目个数应填整数，填写的是2.5。"),
        ("reserve", "-1", BelowLeast, "谋划储备项目个数不能小于0，填写的是-1。"),
        ("opened-total", "-0.5", BelowLeast, "“开工一批”总投资不能小于0，填写的是-0.5。"),
        ("fixed-growth", "-150", BelowLeast, "固定资产投资增速不能小于-100%，填写的是-150。"),
        ("fixed-growth", "-100", None, ""),
        ("opened-total", "2.5", None, ""),
    ],
)
def test_a_number_that_its_figure_cannot_have_is_refused(
    code: str, value: str, error: type[BadInput] | None, said: str
) -> None:
    entry = Entry(kind=InputKind.FIGURE, code=code, object="yicheng", value=Decimal(value))
    name = next(one.name for one in _53.figures if one.code == code)
    if error is None:
        assert check_entry(_53, _MONTH, entry, name=name) == entry
        return
    with pytest.raises(error) as refused:
        check_entry(_53, _MONTH, entry, name=name)
    assert sentence(refused.value) == said


def test_whatever_is_counted_in_53_is_whole_and_its_rates_of_projects_have_parts() -> None:
    figures = {one.code: one for one in _53.figures}
    assert {one.code for one in _53.figures if one.whole} == {one.code for one in _53.figures if one.unit in "个件项"}
    counted = [one for one in _53.metrics if one.kind.value == "rate" and figures[one.figure].whole]
    assert counted
    assert [one.code for one in counted if figures[one.figure].part_of != one.base] == []


def _refused(city: City, worked: Worked, login: str, *entries: Entry) -> str:
    actor = OFFICE if login == "office" else city.liaison(login)
    with city.database.transaction() as session, pytest.raises(PartOverWhole) as refused:
        worked.enter(session, actor, *entries, seen=99, reason="核实")
    return sentence(refused.value)


def test_a_part_is_not_more_than_its_whole_in_whichever_order_they_come(worked: Worked) -> None:
    city = worked.city
    with city.database.transaction() as session:
        worked.enter(session, OFFICE, figure("planned", "yc", "4"))
        worked.enter(session, city.liaison("tjj"), figure("started", "sp", "3"))
    said = _refused(city, worked, "tjj", figure("started", "yc", "5"))
    assert said == "驿城区已开工项目个数5，多于计划开工项目个数4，请核对。"
    said = _refused(city, worked, "office", figure("planned", "sp", "2"))
    assert said == "遂平县已开工项目个数3，多于计划开工项目个数2，请核对。"
    with city.database.transaction() as session:
        worked.enter(session, city.liaison("tjj"), figure("started", "yc", "4"))
        worked.enter(session, OFFICE, figure("planned", "yc", "5"), seen=99, reason="核实")


def test_the_workbook_names_the_cells_of_such_numbers(tmp_path: Path) -> None:
    made = book_of(
        _53,
        month=str(_MONTH),
        seen=0,
        entries=(),
        none_said=(),
        asked=[*suppliers(_53)],
        owners=dict.fromkeys(suppliers(_53), "督查室"),
    )
    book: Any = load_workbook(BytesIO(made))
    sheet: Any = book["数据"]
    at: dict[object, int] = {}
    for row in sheet.iter_rows():
        at |= {row[0].value: row[0].row}
    first = next(cell.column_letter for row in sheet.iter_rows(max_row=2) for cell in row if cell.value == "驿城区")
    for code, value in (("reserve", 2.5), ("signed-count", 6), ("signed-started", 99), ("fixed-growth", -150)):
        sheet[f"{first}{at[code]}"].value = value
    filled = tmp_path / "filled.xlsx"
    book.save(filled)
    with pytest.raises(BookFaulty) as refused:
        told_in(read_score_book(filled, name=filled.name), _53, _MONTH)
    said = {place.removeprefix(f"“数据”{first}"): words for place, words in refused.value.cells}
    assert said == {
        str(at["reserve"]): "谋划储备项目个数应填整数，填写的是2.5。",
        str(at["fixed-growth"]): "固定资产投资增速不能小于-100%，填写的是-150。",
        str(at["signed-started"]): "驿城区“签约一批”已开工项目个数99，多于“签约一批”项目个数6，请核对。",
    }
