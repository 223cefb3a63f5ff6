"""The format of papers: shapes and what stands in for them, brackets, signature, letters, columns of annexes."""

import random
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from tests.support.circulars import city_facts, led_part, small_document, with_xml
from tests.support.office import CALENDAR
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import KINDS, CircularType, Needs
from tracker.paper.checking import deviations
from tracker.paper.circulars import compose, word
from tracker.paper.columns import fitted_columns, needs_a_turned_sheet, wrapped_heads, wrapped_rows
from tracker.paper.documents import Column, Form, fitted
from tracker.paper.fitting import begins_on_the_first_page
from tracker.paper.letterheads import letterhead
from tracker.paper.official import render
from tracker.paper.press import print_document
from tracker.paper.punctuation import full_width_brackets


@pytest.mark.parametrize("form", list(Form))
def test_every_shape_has_one_in_vml_for_programs_that_do_not_know_it(form: Form) -> None:
    annex = replace(small_document().annexes[0], columns=(Column("序号", 756), Column("事项", 12000)), landscape=True)
    docx = render(replace(small_document(), form=form, annexes=(annex,)))
    with zipfile.ZipFile(BytesIO(docx)) as package:
        parts = [package.read(name) for name in package.namelist() if name.startswith(("word/document", "word/footer"))]
    assert sum(part.count(b"<wps:wsp>") for part in parts) == (5 if form is Form.LETTER else 0) + 2
    for part in parts:
        assert part.count(b"<wps:wsp>") == part.count(b"<mc:Fallback><w:pict><v:")
    assert deviations(docx) == []
    without = with_xml(docx, "mc:Fallback", "mc:Nothing")
    assert "红头、红线或者页码的图形没有替代图形，有的程序不能显示。" in deviations(without)


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("各县(市、区)", "各县（市、区）"),
        ("(一)项目(PPP)推进((试行))", "（一）项目（PPP）推进（（试行））"),
        ("方案(2022—2025年)", "方案（2022—2025年）"),
        ("(1)抓落实", "（1）抓落实"),
        ("完成(未结", "完成（未结"),
        ("驻政办〔2022〕48号", "驻政办〔2022〕48号"),
        ("GDP(PPP) 5(3) f(x)", "GDP(PPP) 5(3) f(x)"),
    ],
)
def test_brackets_of_chinese_words_are_printed_in_full_width(words: str, printed: str) -> None:
    assert full_width_brackets(words) == printed


@pytest.mark.parametrize("kind", [kind for kind in CircularType if KINDS[kind].needs is not Needs.MONTH])
def test_no_paper_prints_a_half_width_bracket_beside_chinese_words(kind: CircularType) -> None:
    name = "各县(市、区)商务局"
    facts = city_facts(random.Random(7), forms=12, units=2)
    facts = replace(
        facts,
        tasks=tuple(
            replace(
                task,
                title="建设园区(二期)",
                leads=(name,),
                parts=(led_part(task.task_id, name, task.work),),
                named=replace(task.named, leads=(name,)),
            )
            for task in facts.tasks
        ),
        overdue=tuple(replace(line, unit=name) for line in facts.overdue),
    )
    scope = Scope(unit=name, document="驻政办〔2022〕48号")
    content, head = compute(kind, facts, scope=scope, calendar=CALENDAR), letterhead(kind)
    draft = replace(word(content, head, matter="《方案(试行)》"), note="联系人(督查室)：张三")
    document = compose(draft, content, head, number=head.number(2022, 1), dated_on=date(2022, 11, 1))
    assert deviations(render(document)) == []
    assert any("半角括号" in words for words in deviations(render(replace(document, note="联系人(督查室)"))))
    row = tuple("建设(二期)" for _ in document.annexes[0].columns)
    annex = replace(document.annexes[0], rows=(row,))
    assert any("半角括号" in words for words in deviations(render(replace(document, annexes=(annex,)))))


_ROW = (
    "1",
    "市商务局、市市场监督管理局",
    "乙" * 9 + "请于2022年10月10日前办结，依据驻政办〔2022〕48号",
    "2022年10月10日",
)
_COLUMNS = (Column("序号", 560), Column("责任单位", 1300), Column("事项", 4984), Column("时限", 2000))


def test_columns_fit_their_words_and_fill_the_sheet() -> None:
    columns = fitted_columns(_COLUMNS, [_ROW], whole=8844)
    assert sum(column.width for column in columns) == 8844
    assert columns[1].width >= 210 * len("市市场监督管理局") or columns[1].width >= 8844 // 5
    assert columns[3].width >= 3 * 210 + 8 * 105
    assert fitted_columns(_COLUMNS, [], whole=8844) != ()
    crowded = (*_COLUMNS, *(Column("应报日期", 900) for _ in range(3)))
    rows = [(*_ROW, *("2022年10月10日",) * 3)]
    assert needs_a_turned_sheet(crowded, rows)
    assert not needs_a_turned_sheet(_COLUMNS, [_ROW])


def test_where_long_names_leave_no_room_names_are_broken_and_no_number_or_date() -> None:
    columns = (
        Column("序号", 560, "center"),
        Column("依据", 1500),
        Column("事项", 2784),
        Column("牵头（责任）单位", 1500),
        Column("配合单位", 1500),
        Column("时限", 1100, "center"),
        Column("报送频次", 1100, "center"),
    )
    name = "驻马店" + "某" * 20 + "有限公司"
    row = (
        "10",
        "驻政办〔2022〕48号二",
        "乙" * 30,
        name,
        name,
        "2022年12月31日",
        "每月、办结报告，应于2023年2月2日前报送",
    )
    fitted = fitted_columns(columns, [row], whole=12756)
    [wrapped] = wrapped_rows(fitted, [row])
    assert sum(column.width for column in fitted) == 12756
    assert fitted[2].width >= 2784 * 12756 // 10044 // 2
    for place, whole in ((1, "驻政办〔2022〕48号"), (5, "2022年12月31日"), (6, "2023年2月2日")):
        assert any(whole in line for line in wrapped[place].split("\n"))
        assert fitted[place].width >= 105 * len(whole) + 105 * sum(character > "\u2000" for character in whole)


@pytest.mark.parametrize("shift", range(30))
def test_a_line_of_a_cell_ends_before_a_word_and_not_in_it(shift: int) -> None:
    row = (*_ROW[:2], "乙" * shift + _ROW[2], _ROW[3])
    columns = fitted_columns(_COLUMNS, [row], whole=8844)
    [wrapped] = wrapped_rows(columns, [row])
    assert [cell.replace("\n", "") for cell in wrapped] == list(row)
    lines = wrapped[2].split("\n")
    if len(lines) > 1:
        assert all(any(word in line for line in lines) for word in ("2022年10月10日", "驻政办〔2022〕48号"))
    assert "市商务局、" in wrapped[1].split("\n")


@pytest.mark.parametrize("shift", range(8))
def test_a_clause_stays_on_one_line_of_a_cell(shift: int) -> None:
    clauses = ["三（一）2", "三（四）17", "附件1一（十）", "六20"]
    column = Column("依据", 1500)
    lines = wrapped_rows((column,), [("乙" * shift + "、".join(clauses),)])[0][0].split("\n")
    assert all(any(clause in line for line in lines) for clause in clauses)


def test_heads_are_broken_evenly_and_states_not_at_all() -> None:
    columns = (Column("未达序时", 872, "center"), Column("逾期工作日", 600, "center"), Column("事项", 7372))
    assert [column.head for column in wrapped_heads(columns)] == ["未达\n序时", "逾期\n工作\n日", "事项"]
    state = Column("办理情况", 900, "center")
    [fitted_state, _] = fitted_columns((state, columns[2]), [("到期待核数（自报）", "甲")], whole=8844)
    assert fitted_state.width >= 5 * 210 + 120
    assert wrapped_rows((fitted_state,), [("到期待核数（自报）",)]) in (
        [("到期待核数\n（自报）",)],
        [("到期待核数（自报）",)],
    )


def test_an_imprint_overleaf_stands_after_a_page_break_and_a_blank_page_has_no_number() -> None:
    document = small_document()
    plain, later = render(document), render(fitted(document, overleaf=True))
    assert (_xml(plain).count("pageBreakBefore"), _xml(later).count("pageBreakBefore")) == (1, 2)
    columns = (Column("序号", 756), Column("事项", 12000))
    annex = replace(document.annexes[0], columns=columns, landscape=True)
    later = render(fitted(replace(document, annexes=(annex,)), overleaf=True))
    assert _xml(later).count('r:id="footer_none"') == 2
    assert deviations(later) == []


def test_without_drawn_pages_two_sided_paper_says_that_it_was_not_counted() -> None:
    printed = print_document(replace(small_document(), two_sided=True))
    assert "未能按实际版面计页，双面印刷前请核对版记是否在双数页。" in printed.remarks


def _xml(docx: bytes) -> str:
    with zipfile.ZipFile(BytesIO(docx)) as package:
        return package.read("word/document.xml").decode()


def test_a_title_that_begins_like_the_text_is_no_text_on_the_first_page() -> None:
    """An assignment is called by the document with which its text begins (7.3.3)."""
    document = replace(
        small_document(),
        title="驻马店市人民政府办公室关于交办《2022年驻马店市招商引资工作方案》任务的通知",
        body=((0, "《2022年驻马店市招商引资工作方案》（驻政办〔2022〕49号）确定的24项任务，由6个单位牵头办理。"),),
    )
    title = ["驻马店市人民政府办公室关于交办", "《2022年驻马店市招商引资工作方案》", "任务的通知"]
    text = "《2022年驻马店市招商引资工作方案》（驻政办"
    assert not begins_on_the_first_page(document, [["驻政办督〔2022〕1号", *title, "各县区人民政府："], [text]])
    assert begins_on_the_first_page(document, [["驻政办督〔2022〕1号", *title, text], ["后文"]])
