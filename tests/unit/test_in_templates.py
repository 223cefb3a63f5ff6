"""A circular in the office's own template: its places are held against the format, its end is kept together."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, Twips

from tracker.gateways import office_suite
from tracker.paper.documents import OfficialDocument
from tracker.paper.in_templates import print_in_template
from tracker.paper.press import Printed

_TEXT = "各单位要对照清单逐项核实，按期报送进展情况，并说明下一步措施。" * 3
_WRONG = "已于2022年09月1日办理,情况(见附件)属实。"
_PAPER = OfficialDocument(
    mark="驻马店市人民政府办公室文件", number="驻政办督〔2022〕3号", title="关于重点工作推进情况的通报",
    body=((1, "一、总体情况"), (0, _TEXT), (1, "二、工作要求"), (0, _TEXT)), signature="驻马店市人民政府办公室",
    dated_on=date(2022, 11, 4), addressees="各县区人民政府",
)  # fmt: skip
_ALIGNED = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT, "left": WD_ALIGN_PARAGRAPH.LEFT}
_AS_THE_STANDARD_HAS_IT = (
    ("{{文号}}", 16, "center", 0),
    ("{{标题}}", 22, "center", 0),
    ("{{主送}}：", 16, "left", 0),
    ("{{一级标题}}", 16, "left", 640),
    ("{{正文}}", 16, "left", 640),
    ("", 16, "left", 0),
    ("{{署名}}", 16, "right", 0),
    ("{{成文日期}}", 16, "right", 0),
)


def _template(*places: tuple[str, int, str, int], wide: int = 11906, pitch: int = 579, numbered: bool = True) -> bytes:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Twips(wide), Twips(16838)
    section.top_margin, section.bottom_margin = Twips(2098), Twips(1984)
    section.left_margin, section.right_margin = Twips(1588), Twips(1474)
    if numbered:
        document.settings.odd_and_even_pages_header_footer = True
        for footer in (section.footer, section.even_page_footer):
            footer.is_linked_to_previous = False
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), "PAGE")
            footer.paragraphs[0]._p.append(field)
    normal = document.styles["Normal"]
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = Twips(pitch)
    normal.paragraph_format.space_after = Pt(0)
    for words, size, aligned, indent in places:
        paragraph = document.add_paragraph(words)
        paragraph.alignment, paragraph.paragraph_format.first_line_indent = _ALIGNED[aligned], Twips(indent)
        for run in paragraph.runs:
            run.font.size = Pt(size)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def _print(template: bytes, paper: OfficialDocument = _PAPER, *, has_number: bool = True) -> Printed:
    return print_in_template(template, "简版", paper, page_lines=None, has_number=has_number)


def test_a_template_that_keeps_to_the_format_has_no_deviation_and_says_what_was_held() -> None:
    printed = _print(_template(*_AS_THE_STANDARD_HAS_IT))
    assert printed.deviations == ()
    assert printed.remarks[0] == "按自制模板“简版”排版。"
    assert "标题、文号、主送、正文、一级标题、署名、成文日期" in printed.remarks[1]
    assert "红头、版记等模板自带的文字和图形由模板决定，没有检查" in printed.remarks[1]
    short = _print(_template(*(one for one in _AS_THE_STANDARD_HAS_IT if one[0] not in ("{{文号}}", "{{主送}}："))))
    assert "模板没有文号、主送的字段，这些没有检查" in short.remarks[1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"wide": 12240}, "纸张不是A4（5.1）。"),
        ({"pitch": 640}, "正文行距每面排19行，应为22行（5.2.3）。"),
        ({"numbered": False}, "缺少页码（7.5）。"),
        ({"{{标题}}": ("{{标题}}", 18, "center", 0)}, "标题不是2号字（7.3.1）。"),
        ({"{{标题}}": ("{{标题}}", 22, "left", 0)}, "标题没有居中（7.3.1）。"),
        ({"{{主送}}：": ("{{主送}}:", 16, "left", 0)}, "主送机关之后没有全角冒号（7.3.2）。"),
        ({"{{主送}}：": ("{{主送}}：", 16, "left", 640)}, "主送机关没有顶格（7.3.2）。"),
        ({"{{正文}}": ("{{正文}}", 14, "left", 640)}, "正文不是3号字（5.2.2）。"),
        ({"{{正文}}": ("{{正文}}", 16, "left", 0)}, "正文段首没有空二字（7.3.3）。"),
        ({"{{署名}}": ("{{署名}}", 16, "left", 0)}, "发文机关署名没有居右编排（7.3.5）。"),
        ({"{{成文日期}}": ("{{成文日期}}", 16, "left", 0)}, "成文日期没有居右编排（7.3.5）。"),
    ],
)
def test_each_place_that_departs_from_the_format_is_named(changed: dict[str, object], said: str) -> None:
    places = [changed.pop(one[0], one) for one in _AS_THE_STANDARD_HAS_IT]
    template = _template(*places, **changed)  # type: ignore[arg-type] # what is left are its own arguments
    assert said in _print(template).deviations


def test_words_of_the_paper_are_held_as_in_our_own_layout() -> None:
    template = _template(*_AS_THE_STANDARD_HAS_IT)
    other = replace(
        _PAPER, number="督2022-3", body=((1, "二、总体情况"), (0, "已于2022年09月1日办理,情况(见附件)属实。"))
    )
    found = "".join(_print(template, other).deviations)
    for words in ("发文字号不合规范", "序数不连续", "有虚位", "半角标点", "半角括号"):
        assert words in found
    assert "发文字号" not in "".join(_print(template, replace(other, number=""), has_number=False).deviations)


def _pages(printed: bytes) -> tuple[bool, bool]:
    """Tell of a file whether its last sentence is kept with the date, and whether the gap above it is halved."""
    paragraphs = Document(BytesIO(printed)).paragraphs
    end = next(n for n, one in enumerate(paragraphs) if one.text == "驻马店市人民政府办公室")
    kept = all(one.paragraph_format.keep_with_next for one in paragraphs[end - 2 : end + 1])
    return kept, paragraphs[end - 1].paragraph_format.line_spacing == Twips(290)


def test_the_signature_is_kept_with_the_text_and_the_gap_above_it_shrinks_where_it_stands_alone() -> None:
    template = _template(*_AS_THE_STANDARD_HAS_IT)
    signed = ["驻马店市人民政府办公室", "2022年11月4日"]

    def drawn(docx: bytes) -> list[list[str]]:
        text = ["一、总体情况", _TEXT[:28], _TEXT[-9:]]
        return [[*text, *signed]] if _pages(docx)[1] else [text, signed]

    printed = print_in_template(template, "简版", _PAPER, page_lines=drawn, has_number=True)
    assert _pages(printed.docx) == (True, True)
    assert "落款单独成页，已将落款前空行压缩为半行。" in printed.remarks
    as_it_was = print_in_template(template, "简版", _PAPER, page_lines=lambda _docx: [signed], has_number=True)
    assert _pages(as_it_was.docx) == (True, False)
    assert "落款与正文不在同一页，请增删文字或者调整模板。" in as_it_was.remarks
    assert "首页没有显示正文" in "".join(as_it_was.deviations)


@pytest.mark.render
@pytest.mark.parametrize("sentences", range(9, 13))
def test_on_drawn_pages_the_signature_never_stands_alone(sentences: int) -> None:
    paper = replace(_PAPER, body=((0, _TEXT),) * sentences)
    template = _template(*_AS_THE_STANDARD_HAS_IT)
    printed = print_in_template(template, "简版", paper, page_lines=office_suite.page_lines, has_number=True)
    pages = office_suite.page_lines(printed.docx)
    place = next(n for n, lines in enumerate(pages) if "2022年11月4日" in ("".join(line.split()) for line in lines))
    assert any("下一步措施" in "".join(line.split()) for line in pages[place])
