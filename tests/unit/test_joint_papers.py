"""Papers of several organs 「联合行文」: the red head, signatures in rows, and what the check of the format finds."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise

import docx
import pytest
from lxml import etree

from tests.support.circulars import small_document, with_xml
from tracker.domain.circulars.joint import organs_in_title, retitled
from tracker.domain.units import UnitKind
from tracker.paper import joint, ooxml
from tracker.paper.checking import deviations
from tracker.paper.documents import Form, OfficialDocument
from tracker.paper.fitting import estimated_pages
from tracker.paper.joint_checking import signature_rows
from tracker.paper.official import render
from tracker.paper.press import print_document
from tracker.paper.titles import title_lines

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


@pytest.mark.parametrize(
    "others",
    [
        ("驻马店市财政局",),
        ("驻马店市发展和改革委员会", "驻马店市财政局"),
        ("驻马店市自然资源和规划局", "驻马店市住房和城乡建设局"),
        ("驻马店市城乡一体化示范区管理委员会",),
    ],
)
@pytest.mark.parametrize(
    "matter", ["重点工作推进情况的督查通报", "《2022年驻马店市招商引资工作方案》办理情况的督办通知"]
)
def test_a_title_is_never_broken_inside_the_name_of_an_organ(others: tuple[str, ...], matter: str) -> None:
    title = f"{' '.join((HOST, *others))}关于{matter}"
    lines = title_lines(title)
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")
    assert all(line == line.strip() for line in lines)
    assert all(any(name in line for line in lines) for name in (HOST, *others))


def test_the_check_says_where_a_title_breaks_a_name() -> None:
    file = render(replace(_paper(1), title=f"{HOST} {OTHERS[0]}关于重点工作推进情况的督查通报"))
    assert deviations(file) == []
    long = replace(_paper(1), joint=("驻马店市城乡一体化示范区高质量发展工作推进委员会",))
    long = replace(long, title=f"{HOST} {long.joint[0]}关于重点工作推进情况的督查通报")
    assert "中间断行" in "".join(deviations(render(long)))


def test_the_first_page_shows_text_or_the_check_says_that_it_does_not() -> None:
    many = "、".join(f"驻马店市第{n}行政审批和公共资源交易工作管理局" for n in range(1, 28))
    printed = print_document(replace(small_document(), addressees=many))
    assert "已将主送机关移至版记" in "".join(printed.remarks)
    assert printed.deviations == ()
    body = _body(printed.docx)
    imprint = _text(list(body.iterchildren(f"{_W}tbl"))[-1])
    assert imprint.index(f"主送：{many}。") < imprint.index("抄送：市委办公室")
    assert "".join(_text(p) for p in body.iterchildren(f"{_W}p")).count("第1行政审批") == 0
    few = print_document(small_document())
    assert "主送" not in _text(_body(few.docx))
    endless = replace(small_document(), title="关于" + "重点工作推进情况" * 40 + "的通报", addressees="")
    assert "首页没有显示正文" in "".join(print_document(endless).deviations)


def test_a_tall_joint_head_is_raised_before_addressees_leave_the_first_page() -> None:
    tall = replace(_paper(3), addressees="、".join(f"驻马店市第{n}工作局" for n in range(1, 14)))
    shown = [replace(tall, addressees=tall.addressees + "、市财政局" * more) for more in range(12)]
    remarks = [print_document(one).remarks for one in shown]
    assert any("已将版头上移" in "".join(one) and "移至版记" not in "".join(one) for one in remarks)


@pytest.mark.parametrize("long", [16, 22, 26])
@pytest.mark.parametrize("others", [0, 1, 2])
def test_with_seals_no_name_leaves_the_type_area(long: int, others: int) -> None:
    paper = replace(
        _paper(0, sealed=True), signature="驻" * long, joint=tuple(f"{'马' * (long - n)}局" for n in range(others))
    )
    file = render(paper)
    assert not any("超出版心" in one for one in deviations(file))


def test_the_check_names_a_name_beyond_the_line() -> None:
    file = render(_paper(1, sealed=True))
    last = [tab.get(f"{_W}pos") for tab in _body(file).iter(f"{_W}tab") if tab.get(f"{_W}val") == "center"][-1]
    moved = with_xml(file, f'w:val="center" w:pos="{last}"', 'w:val="center" w:pos="8500"')
    assert any(one.endswith("超出版心（7.3.5.1）。") for one in deviations(moved))


def test_a_title_names_three_organs_and_counts_more_of_them_as_what_they_are() -> None:
    bureaus = [(f"驻马店市第{n}局", UnitKind.CITY_DEPARTMENT) for n in range(1, 4)]
    court = ("驻马店市中级人民法院", UnitKind.JUDICIARY)
    assert organs_in_title(HOST, bureaus[:2]) == f"{HOST} 驻马店市第1局 驻马店市第2局"
    assert organs_in_title(HOST, bureaus) == f"{HOST}等4部门"
    assert organs_in_title(HOST, [*bureaus, court]) == f"{HOST}等5个单位", "a court is no department"
    told = retitled(f"{HOST}等4部门关于甲的通知", HOST, before=bureaus, now=[*bureaus, court])
    assert told == f"{HOST}等5个单位关于甲的通知"
    assert retitled(told, HOST, before=[*bureaus, court], now=bureaus[:1]) == f"{HOST} 驻马店市第1局关于甲的通知"
