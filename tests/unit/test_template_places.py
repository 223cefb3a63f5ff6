"""Where fields of the office's own templates may stand: each is filled once where it stands, or refused by its name."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as Template
from docx.enum.section import WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tests.support.circulars import small_document
from tracker.domain.circulars.kinds import CircularType
from tracker.paper.office_templates import TemplateRefused, fill_template, inspect_template
from tracker.paper.template_samples import sample, trials

_FULL, _BARE = trials()
_PLAIN = ("{{标题}}", "{{一级标题}}", "{{正文}}", "{{署名}}")
_BOX = (
    '<w:r {ns}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" id="a" style="width:90pt;height:20pt">'
    "<v:textbox><w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
    "</w:r>"
)
_CONTROL = "<w:sdt {ns}><w:sdtContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:sdtContent></w:sdt>"
_LINK = '<w:hyperlink {ns} w:anchor="a"><w:r><w:t>{words}</w:t></w:r></w:hyperlink>'
_CHANGE = '<w:ins {ns} w:id="1" w:author="a"><w:r><w:t>{words}</w:t></w:r></w:ins>'


def _template(change: Callable[[Template], object] = lambda _document: None, words: tuple[str, ...] = _PLAIN) -> bytes:
    document = Document()
    for text in words:
        document.add_paragraph(text)
    change(document)
    saved = BytesIO()
    document.save(saved)
    return saved.getvalue()


def _merged(words: str, *, down: bool) -> Callable[[Template], object]:
    def add(document: Template) -> None:
        table = document.add_table(2, 2)
        cell = table.cell(0, 0).merge(table.cell(1, 0) if down else table.cell(0, 1))
        cell.paragraphs[0].text = words

    return add


def _nested(words: str) -> Callable[[Template], object]:
    return lambda document: document.add_table(1, 1).cell(0, 0).add_table(1, 1).cell(0, 0).add_paragraph(words)


def _raw(form: str, words: str, *, inside: bool = True) -> Callable[[Template], object]:
    """Add a piece of a file as Word writes it, `inside` a paragraph or beside one."""

    def add(document: Template) -> None:
        made = parse_xml(form.format(ns=nsdecls("w"), words=words))
        end = document.add_paragraph("末段")
        end._p.append(made) if inside else end._p.addprevious(made)

    return add


def _first_head(words: str) -> Callable[[Template], object]:
    def add(document: Template) -> None:
        section = document.sections[0]
        section.different_first_page_header_footer = True
        section.first_page_header.paragraphs[0].text = words

    return add


def _two_sections(words: str) -> Callable[[Template], object]:
    def add(document: Template) -> None:
        document.sections[0].header.paragraphs[0].text = words
        document.add_section(WD_SECTION.NEW_PAGE)

    return add


def _fixed_row(words: str) -> Callable[[Template], object]:
    def add(document: Template) -> None:
        row = document.add_table(1, 1).rows[0]
        row.cells[0].paragraphs[0].text = words
        row._tr.append(parse_xml(f'<w:trPr {nsdecls("w")}><w:trHeight w:val="300" w:hRule="exact"/></w:trPr>'))

    return add


def _shown(docx: bytes) -> str:
    """Return all words of a file's text, heads and feet, part by part."""
    package = Document(BytesIO(docx))
    heads = [one.target_part.element for one in package.part.rels.values() if "header" in one.reltype]
    return "".join("".join(text.text or "" for text in root.iter(qn("w:t"))) for root in [package.element, *heads])


@pytest.mark.parametrize(
    "change",
    [
        _merged("文号{{文号}}", down=False),
        _merged("文号{{文号}}", down=True),
        _nested("文号{{文号}}"),
        _raw(_BOX, "文号{{文号}}"),
        _first_head("文号{{文号}}"),
        _two_sections("文号{{文号}}"),
    ],
)
def test_a_field_is_filled_once_wherever_words_may_stand(change: Callable[[Template], object]) -> None:
    docx = _template(change)
    assert inspect_template(docx).faults == ()
    assert _shown(fill_template(docx, _FULL)).count(f"文号{_FULL.number}") == 1


@pytest.mark.parametrize("down", [False, True])
def test_the_text_in_a_merged_cell_stands_there_once(down: bool) -> None:
    docx = _template(_merged("{{正文}}", down=down), ("{{标题}}",))
    filled = fill_template(docx, _FULL)
    assert _shown(filled).count("这里是标题下的正文。") == 1
    for cell in Document(BytesIO(filled)).element.iter(qn("w:tc")):
        assert cell[-1].tag == qn("w:p"), "Word opens no file whose cell ends otherwise"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_first_head("{{胡说}}"), "字段“胡说”不在允许之列"),
        (_raw(_BOX, "{{胡说}}"), "字段“胡说”不在允许之列"),
        (_raw(_CONTROL, "{{胡说}}", inside=False), "字段“胡说”不在允许之列"),
        (_raw(_CONTROL, "{{文号}}", inside=False), "字段“{{文号}}”所在位置不能填写"),
        (_raw(_LINK, "{{文号}}"), "字段“{{文号}}”所在位置不能填写"),
        (_raw(_CHANGE, "{{文号}}"), "字段“{{文号}}”所在位置不能填写"),
        (lambda document: document.add_paragraph("{{文"), "有的字段没有写完整"),
        (lambda document: document.add_paragraph("｛｛文号｝｝"), "有的字段没有写完整"),
        (lambda document: document.add_paragraph("{{一级标题}}"), "字段“{{一级标题}}”只能写一处"),
        (lambda document: document.add_paragraph("{{正文}}"), "字段“{{正文}}”只能写一处"),
        (_raw(_BOX, "{{附件}}"), "字段“{{附件}}”须写在正文中"),
        (_merged("{{附件}}", down=False), "字段“{{附件}}”须写在正文中"),
    ],
)
def test_a_field_that_cannot_be_filled_is_refused_by_name(change: Callable[[Template], object], said: str) -> None:
    docx = _template(change)
    assert said in "".join(inspect_template(docx).faults)
    with pytest.raises(TemplateRefused):
        fill_template(docx, small_document())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_two_sections("{{正文}}"), "不能写在页眉、页脚、文本框中"),
        (_raw(_BOX, "{{正文}}"), "不能写在页眉、页脚、文本框中"),
        (_fixed_row("{{正文}}"), "没有固定行高的表格"),
        (_raw(_LINK, "{{正文}}"), "字段“{{正文}}”所在位置不能填写"),
        (_raw(_BOX.replace("{words}", "盒"), ""), "缺少字段“{{正文}}”"),
    ],
)
def test_the_text_stands_in_the_text(change: Callable[[Template], object], said: str) -> None:
    assert said in "".join(inspect_template(_template(change, ("{{标题}}",))).faults)


def test_a_paragraph_with_more_than_the_text_is_not_repeated() -> None:
    def box_beside(document: Template) -> None:
        document.paragraphs[2]._p.append(parse_xml(_BOX.format(ns=nsdecls("w"), words="盒")))

    assert "同段不能有其他文字、换行、图形和链接" in "".join(inspect_template(_template(box_beside)).faults)


def test_words_beside_a_field_keep_their_tabs_and_a_section_its_end() -> None:
    def change(document: Template) -> None:
        line = document.add_paragraph("{{印发")
        line.add_run("机关}}")
        line.add_run("\t")
        line.add_run("{{印发日期}}印发")
        document.paragraphs[2]._p.get_or_add_pPr().append(parse_xml(f"<w:sectPr {nsdecls('w')}/>"))

    docx = _template(change)
    filled = Document(BytesIO(fill_template(docx, _FULL)))
    assert filled.paragraphs[-1].text == f"{_FULL.print_office}\t2022年11月1日印发"
    assert len(filled.element.findall(f".//{qn('w:sectPr')}")) == 2


def test_labels_of_what_a_paper_has_not_are_not_printed() -> None:
    words = (*_PLAIN, "主送：{{主送}}", "附件：{{附件说明}}", "抄送：{{抄送}}。", "（{{附注}}）", "{{附件}}")
    docx = _template(words=words)
    assert inspect_template(docx).faults == ()
    bare = [one.text for one in Document(BytesIO(fill_template(docx, _BARE))).paragraphs if one.text]
    assert bare == [_BARE.title, "这里是正文。", "\u3000".join(_BARE.organs)]
    one_annex = replace(_FULL, annexes=_FULL.annexes[:1])
    full = [one.text for one in Document(BytesIO(fill_template(docx, one_annex))).paragraphs]
    assert ("附件：事项清单" in full, "（联系人：×××）" in full, f"抄送：{_FULL.copies}。" in full) == (
        True,
        True,
        True,
    )


@pytest.mark.parametrize("kind", CircularType)
def test_a_sample_of_every_type_has_words_for_every_field(kind: CircularType) -> None:
    paper = sample(kind)
    assert all((paper.number, paper.title, paper.addressees, paper.body, paper.copies, paper.note, paper.annexes))
