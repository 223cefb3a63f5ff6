"""An annex of a city's items is set in smaller type, its widths where they save most lines; no word is broken."""

from datetime import date

from tracker.domain.circulars.content import Table
from tracker.paper.annex_columns import annexes
from tracker.paper.checking import deviations
from tracker.paper.columns import MANY_ROWS, wrapped_rows
from tracker.paper.documents import Annex, OfficialDocument
from tracker.paper.official import render
from tracker.paper.ooxml import CELL_PITCH, SMALL_CELL_PITCH, row_lines

_NOTHING_YET = (
    "驻政办〔2022〕48号三（七）28",
    "着力打造一流法治化营商环境",
    "市发展改革委（督查室拟定）",
    "尚无报告",
    "市发展改革委（8月16日起）",
    "—",
)
_TOLD = (
    "2022年10月8日召开推进会1次，研究明确4项具体任务，已完成1项，"
    "截至2022年10月11日到位281.34亿元（目标不低于346.8亿元）"
)
_GOES_ON = (
    "驻政办〔2022〕49号二",
    "全市招商引资实际到位省外资金",
    "市招商投资促进局",
    "达序时",
    "市招商投资促进局（10月11日起）",
    _TOLD,
)


def _annex(count: int) -> Annex:
    rows = tuple((str(n), *(_GOES_ON if n % 2 else _NOTHING_YET)) for n in range(1, count + 1))
    [made] = annexes([Table("item_progress", "事项进展情况表", rows, ())])
    return made


def _height(annex: Annex, pitch: int) -> float:
    """Return the mean height of a row in twips."""
    rows = wrapped_rows(annex.columns, annex.rows)
    return pitch * sum(row_lines(annex.columns, cells) for cells in rows) / len(rows)


def test_rows_of_an_annex_of_many_take_half_the_room_that_those_of_few_do() -> None:
    few, many = _annex(MANY_ROWS), _annex(MANY_ROWS + 1)
    assert few.width == many.width == 12756
    assert _height(many, SMALL_CELL_PITCH) < 0.6 * _height(few, CELL_PITCH)
    document = OfficialDocument(
        "督查通报",
        "驻政办督〔2022〕9号",
        "关于进展的通报",
        ((0, "现通报如下。"),),
        "驻马店市人民政府办公室",
        date(2022, 10, 31),
        annexes=(many,),
    )
    assert deviations(render(document)) == []


def test_no_date_number_or_name_is_broken_in_smaller_type_either() -> None:
    many = _annex(MANY_ROWS + 1)
    lines = {line for cells in wrapped_rows(many.columns, many.rows) for cell in cells for line in cell.split("\n")}
    for whole in ("（8月16日起）", "市招商投资促进局", "市发展改革委", "（督查室拟定）"):
        assert any(whole in line for line in lines), whole
    assert any("驻政办〔2022〕48号" in line for line in lines)


def test_a_tall_row_of_few_is_set_low_so_that_it_leaves_no_page_half_empty() -> None:
    """A row that may not be split goes over as a whole: two items that are behind took two pages."""
    told = (
        "截至2022年10月9日，实际到位省外资金214.35亿元（目标不低于346.8亿元，按序时应为267.94亿元）；"
        "实际到位省外资金增长率2.4%（目标不低于3%）"
    )
    held = ("未达序时", "市招商投资促进局（10月9日起）")
    rows = tuple(
        (str(n), "市招商投资促进局", "二 力争全市全年签约亿元以上项目400个以上", "驻政办〔2022〕49号", *held, told)
        for n in (1, 2)
    )
    [made] = annexes([Table("items_behind", "未达序时和逾期未办结事项清单", rows, ())])
    assert made.landscape
    assert max(row_lines(made.columns, cells) for cells in wrapped_rows(made.columns, made.rows)) <= 7
    number = made.columns[0]
    assert number.width >= 2 * number.character, "序号 stands in one line"
