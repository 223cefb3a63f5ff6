"""The format of papers: shapes and what stands in for them, brackets, signature, letters, columns of annexes."""

import random
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from tests.support.circulars import city_facts, small_document, with_xml
from tests.support.office import CALENDAR
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.paper.checking import deviations
from tracker.paper.circulars import compose, word
from tracker.paper.documents import Column, Form
from tracker.paper.letterheads import letterhead
from tracker.paper.official import render
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


@pytest.mark.parametrize("kind", list(CircularType))
def test_no_paper_prints_a_half_width_bracket_beside_chinese_words(kind: CircularType) -> None:
    name = "各县(市、区)商务局"
    facts = city_facts(random.Random(7), forms=12, units=2)
    facts = replace(
        facts,
        tasks=tuple(
            replace(task, title="建设园区(二期)", leads=(name,), named=replace(task.named, leads=(name,)))
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
