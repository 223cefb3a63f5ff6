"""Papers of several organs 「联合行文」: the red head, signatures in rows, and what the check of the format finds."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise

import docx
import pytest
from lxml import etree

from tests.support.circulars import small_document, with_xml
from tracker.paper import joint, ooxml
from tracker.paper.checking import deviations
from tracker.paper.documents import Form, OfficialDocument
from tracker.paper.fitting import estimated_pages
from tracker.paper.joint_checking import signature_rows
from tracker.paper.official import render

HOST = "驻马店市人民政府办公室"
OTHERS = ("驻马店市发展和改革委员会", "驻马店市财政局", "中共驻马店市委政法委员会")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _paper(others: int = 1, *, sealed: bool = False, form: Form = Form.FILE) -> OfficialDocument:
    mark = f"{HOST}文件" if form is Form.FILE else HOST
    return replace(
        small_document(),
        form=form,
        mark=mark,
        signature=HOST,
        joint=OTHERS[:others],
        sealed=sealed,
        dated_on=date(2022, 11, 15),
    )


def _body(file: bytes) -> etree._Element:
    return docx.Document(BytesIO(file)).element.body


def _text(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{_W}t"))


@pytest.mark.parametrize("form", [Form.FILE, Form.LETTER])
@pytest.mark.parametrize("others", [1, 2, 3])
@pytest.mark.parametrize("sealed", [False, True])
def test_a_joint_paper_has_all_organs_the_host_first_and_one_number(form: Form, others: int, sealed: bool) -> None:
    file = render(_paper(others, sealed=sealed, form=form))
    assert deviations(file) == []
    body = _body(file)
    names = [HOST, *OTHERS[:others]]
    assert [name for row in signature_rows(body) for name in row] == names
    tables = [table for table in body.iterchildren(f"{_W}tbl") if _text(table).endswith("文件")]
    if form is Form.LETTER:
        assert tables == [], "a letter bears the host's head alone (10.1)"
        return
    [head] = tables
    assert [_text(cell) for cell in head.iter(f"{_W}tc")] == ["".join(names), "文件"]


def test_without_seals_the_names_stand_one_under_another_and_with_seals_in_rows() -> None:
    assert signature_rows(_body(render(_paper(2)))) == [(HOST,), (OTHERS[0],), (OTHERS[1],)]
    assert signature_rows(_body(render(_paper(2, sealed=True)))) == [(HOST, OTHERS[0]), (OTHERS[1],)]


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (["甲局"] * 3, [3]),
        (["甲局"] * 4, [2, 2]),
        (["甲局"] * 5, [3, 2]),
        (["甲局"] * 7, [3, 2, 2]),
        (["长" * 12] * 3, [2, 1]),
        (["长" * 20] * 2, [1, 1]),
    ],
)
def test_a_row_of_seals_has_three_at_most_and_what_the_line_has_room_for(names: list[str], rows: list[int]) -> None:
    assert [len(row) for row in joint.rows_of(names)] == rows


def test_no_seal_reaches_beyond_the_line_or_touches_the_next() -> None:
    seal = round(42 * 56.7)
    day = ooxml.text_width("2022年11月15日")
    for columns in (1, 2, 3):
        centres = joint._centres(columns, day)
        assert all(seal // 2 <= centre <= ooxml.TYPE_AREA_WIDTH - seal // 2 for centre in centres)
        assert all(b - a > seal for a, b in pairwise(centres))


def test_the_first_page_shows_some_of_the_text_however_many_issue_the_paper() -> None:
    many = replace(_paper(1), joint=tuple(f"驻马店市第{n}工作局" for n in "一二三四五六七八"))
    assert joint.mark_height(many) <= 3400
    assert any("现将" in line for line in estimated_pages(many)[0])


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        (f">{OTHERS[1]}</w:t></w:r></w:p><w:p", ">驻马店市水利局</w:t></w:r></w:p><w:p", "次序不一致"),
        (">文件<", ">公报<", "只能是“文件”"),
        ("（联系人", "驻发改〔2022〕3号（联系人", ""),
    ],
)
def test_the_check_names_what_a_joint_paper_does_not_keep_to(before: str, after: str, finding: str) -> None:
    file = render(_paper(2))
    changed = with_xml(file, before, after)
    found = "".join(deviations(changed))
    assert finding in found if finding else found == ""


def test_the_check_finds_a_second_number_four_in_a_row_and_a_name_twice() -> None:
    four = render(replace(_paper(1, sealed=True), signature="甲局", joint=("乙局", "丙局")))
    tab = "<w:r><w:tab/></w:r>"
    found = deviations(with_xml(four, tab, f"{tab}{tab}"))
    assert found == [], "an empty place is nobody"
    piece = ooxml.run("甲局")
    assert "重复署名" in "".join(deviations(with_xml(four, piece, f"{piece}{tab}{piece}")))
    assert "一排超过3个" in "".join(deviations(with_xml(four, piece, f"{piece}{tab}{ooxml.run('丁局')}")))
    number = ooxml.paragraph("驻发改〔2022〕3号", style="Flush")
    title = '<w:p><w:pPr><w:pStyle w:val="OfficialTitle"/>'
    assert "只标主办机关" in "".join(deviations(with_xml(four, title, f"{number}{title}")))
