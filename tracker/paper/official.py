"""Official documents 「公文」 in the file format. Source: GB/T 9704-2012; numbers in twips (1/20 pt) unless named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tracker.paper.package import repack

# 5.2.1 page and type area 「版心」; 5.2.3 twenty-two lines of twenty-eight characters fill it.
PAGE = (11906, 16838)
MARGINS = {"top": 2098, "bottom": 1984, "left": 1588, "right": 1474}
TYPE_AREA_WIDTH = 8844
LINE_PITCH = 579
_CHARACTER_SQUEEZE = -5
_FOOTER_DISTANCE = 1428
_TITLE_LINE_LENGTH = 20
_RED = "FF0000"
_FANG, _HEI, _SONG, _TITLE = "仿宋_GB2312", "黑体", "宋体", "方正小标宋简体"
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Column:
    head: str
    width: int
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Annex:
    """A table on a page of its own; the widths of its columns add up to the type area's."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """Everything a document in file format shows. `body` holds (level, text), level 0 for running text, 1 for 一、."""

    mark: str
    number: str
    title: str
    addressees: str
    body: tuple[tuple[int, str], ...]
    signature: str
    dated_on: date
    print_office: str
    annex: Annex | None = None


def render(document: OfficialDocument) -> bytes:
    """Return the .docx file; the same document gives identical bytes."""
    package = Document()
    body = package.element.body
    for child in list(body):
        body.remove(child)
    _define_styles(package)
    for xml in [*_head(document), *_text(document), *_annex(document.annex), *_imprint(document)]:
        body.append(parse_xml(xml))
    body.append(parse_xml(_section()))
    _add_footers(package)
    _clean_metadata(package, document)
    saved = BytesIO()
    package.save(saved)
    return repack(saved.getvalue())


def day_words(day: date) -> str:
    """Write a date as 7.3.5.4 demands: arabic, full year, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def title_lines(title: str) -> list[str]:
    """Break a title 「标题」 into lines of falling length, never before 的 or 年. Source: 7.3.1."""
    issuer, about, rest = title.partition("关于")
    if issuer and rest and max(len(issuer), len(about + rest)) <= _TITLE_LINE_LENGTH:
        return [issuer, about + rest]
    count = -(-len(title) // _TITLE_LINE_LENGTH)
    lines = []
    while count > 1:
        cut = min(_TITLE_LINE_LENGTH, -(-len(title) // count) + 1)
        while cut > 1 and (title[cut] in "的年，、。》）" or title[cut - 1] in "《（关"):
            cut -= 1
        lines.append(title[:cut])
        title, count = title[cut:], count - 1
    return [*lines, title]


def _define_styles(package) -> None:  # type: ignore[no-untyped-def] # python-docx ships no types
    package.settings.odd_and_even_pages_header_footer = True
    fonts = {
        "Body": (_FANG, 32, "both", f'w:firstLine="{2 * 315}"', ""),
        "Flush": (_FANG, 32, "both", "", ""),
        "Level1": (_HEI, 32, "both", f'w:firstLine="{2 * 315}"', '<w:outlineLvl w:val="0"/>'),
        "AnnexMark": (_HEI, 32, "both", "", ""),
        "Cell": (_FANG, 21, "left", "", ""),
        "CellHead": (_HEI, 21, "center", "", ""),
        "Imprint": (_FANG, 28, "both", "", ""),
    }
    for name, (font, half_points, align, indent, outline) in fonts.items():
        style = package.styles.add_style(f"Official{name}", WD_STYLE_TYPE.PARAGRAPH).element
        pitch = LINE_PITCH if not name.startswith("Cell") else 400
        squeeze = f'<w:spacing w:val="{_CHARACTER_SQUEEZE}"/>' if half_points == 32 else ""
        style.append(
            parse_xml(
                f'<w:pPr {nsdecls("w")}>{"<w:keepNext/>" if outline else ""}<w:widowControl w:val="0"/>'
                f'<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="{pitch}" w:lineRule="exact"/>'
                f'<w:ind {indent}/><w:jc w:val="{align}"/>{outline}</w:pPr>'
            )
        )
        style.append(
            parse_xml(
                f'<w:rPr {nsdecls("w")}><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>{squeeze}'
                f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
                '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr>'
            )
        )


def _run(text: str, *, font: str = "", half_points: int = 0, extra: str = "") -> str:
    fonts = f'<w:rFonts w:hint="eastAsia" w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/>' if font else ""
    fonts = fonts or '<w:rFonts w:hint="eastAsia"/>'
    size = f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if half_points else ""
    clean = escape(_ILLEGAL.sub("", text))
    return f'<w:r><w:rPr>{fonts}{extra}{size}</w:rPr><w:t xml:space="preserve">{clean}</w:t></w:r>'


def _paragraph(text: str, *, style: str = "Body", properties: str = "", runs: str | None = None) -> str:
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Official{style}"/>{properties}</w:pPr>'
        f"{_run(text) if runs is None else runs}</w:p>"
    )


def _head(document: OfficialDocument) -> list[str]:
    """Red mark with its ink 72 mm below the paper's edge (7.2.4), number (7.2.5), red rule 4 mm below (7.2.7)."""
    squeeze = min(62, 8844 * 100 // (len(document.mark) * 1040))
    mark = _run(document.mark, font=_TITLE, half_points=104, extra=f'<w:color w:val="{_RED}"/><w:w w:val="{squeeze}"/>')
    title = [
        _paragraph(
            "",
            style="Flush",
            properties=f'<w:keepNext/><w:spacing w:before="{2 * LINE_PITCH if index == 0 else 0}" w:after="0" '
            'w:line="680" w:lineRule="exact"/><w:jc w:val="center"/>',
            runs=_run(line, font=_TITLE, half_points=44),
        )
        for index, line in enumerate(title_lines(document.title))
    ]
    return [
        _paragraph(
            "",
            style="Flush",
            properties='<w:spacing w:before="1900" w:after="0" w:line="1200" w:lineRule="exact"/>'
            '<w:jc w:val="center"/>',
            runs=mark,
        ),
        _paragraph(
            document.number,
            style="Flush",
            properties=f'<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="8" w:color="{_RED}"/></w:pBdr>'
            f'<w:spacing w:before="{2 * LINE_PITCH}" w:after="0"/><w:jc w:val="center"/>',
        ),
        *title,
        _paragraph(f"{document.addressees}：", style="Flush", properties=f'<w:spacing w:before="{LINE_PITCH}"/>'),
    ]


def _text(document: OfficialDocument) -> list[str]:
    """Body 7.3.3, note of the attachment 7.3.4, signature and date without seal 7.3.5.2."""
    last = len(document.body) - 1
    paragraphs = [
        _paragraph(text, style="Level1" if level else "Body", properties="<w:keepNext/>" if position == last else "")
        for position, (level, text) in enumerate(document.body)
    ]
    if document.annex is not None:
        note = f"附件：{document.annex.title}"
        paragraphs.append(_paragraph(note, properties=f'<w:keepNext/><w:spacing w:before="{LINE_PITCH}"/>'))
    right = 2 * 315
    name_width, date_width = len(document.signature) * 315, len(day_words(document.dated_on)) * 315 * 3 // 4
    date_right = right if date_width > name_width else max(right, right + name_width - 2 * 315 - date_width)
    keep = "<w:keepNext/>"
    paragraphs += [
        _paragraph(
            document.signature,
            style="Flush",
            properties=f'{keep}<w:spacing w:before="{LINE_PITCH}"/><w:ind w:right="{right}"/><w:jc w:val="right"/>',
        ),
        _paragraph(
            day_words(document.dated_on),
            style="Flush",
            properties=f'<w:ind w:right="{date_right}"/><w:jc w:val="right"/>',
        ),
    ]
    return paragraphs


def _annex(annex: Annex | None) -> list[str]:
    """An annex on a new page, its title on line 3 (7.3.7); head row repeated, rows unsplit, width = sum of columns."""
    if annex is None:
        return []
    title = _paragraph(
        "",
        style="Flush",
        properties=f'<w:spacing w:before="{LINE_PITCH}" w:after="{LINE_PITCH // 2}" w:line="680" w:lineRule="exact"/>'
        '<w:jc w:val="center"/>',
        runs=_run(annex.title, font=_TITLE, half_points=44),
    )
    grid = "".join(f'<w:gridCol w:w="{column.width}"/>' for column in annex.columns)
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in edges)
    head = _row(annex.columns, [column.head for column in annex.columns], head=True)
    rows = "".join(_row(annex.columns, row) for row in annex.rows)
    table = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(c.width for c in annex.columns)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"
    )
    return [_paragraph("附件", style="AnnexMark", properties="<w:pageBreakBefore/>"), title, table]


def _row(columns: Sequence[Column], cells: Sequence[str], *, head: bool = False) -> str:
    made = []
    for column, text in zip(columns, cells, strict=True):
        align = "" if head else f'<w:jc w:val="{column.align}"/>'
        paragraph = _paragraph(text, style="CellHead" if head else "Cell", properties=align)
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{column.width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f"{paragraph}</w:tc>"
        )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(made)}</w:tr>"


def _imprint(document: OfficialDocument) -> list[str]:
    """Imprint 「版记」, its last rule on the lower edge of the type area of the last page. Source: 7.4."""
    tab = '<w:tabs><w:tab w:val="right" w:pos="8564"/></w:tabs><w:ind w:left="280" w:right="280"/>'
    words = f"{_run(document.print_office)}<w:r><w:tab/></w:r>{_run(day_words(document.dated_on) + '印发')}"
    line = '<w:{} w:val="single" w:sz="8" w:space="0" w:color="000000"/>'
    table = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblpPr w:vertAnchor="margin" w:horzAnchor="page" '
        f'w:tblpX="{MARGINS["left"]}" w:tblpYSpec="bottom"/><w:tblW w:w="{TYPE_AREA_WIDTH}" w:type="dxa"/>'
        f"<w:tblBorders>{line.format('top')}{line.format('bottom')}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        f'</w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="{TYPE_AREA_WIDTH}"/></w:tblGrid><w:tr><w:tc><w:tcPr>'
        f'<w:tcW w:w="{TYPE_AREA_WIDTH}" w:type="dxa"/></w:tcPr>'
        f"{_paragraph('', style='Imprint', properties=tab, runs=words)}</w:tc></w:tr></w:tbl>"
    )
    after = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return [table, _paragraph("", style="Imprint", properties=after, runs="")]


def _section() -> str:
    edges = " ".join(f'w:{edge}="{twips}"' for edge, twips in MARGINS.items())
    return (
        f'<w:sectPr {nsdecls("w")}><w:pgSz w:w="{PAGE[0]}" w:h="{PAGE[1]}"/>'
        f'<w:pgMar {edges} w:header="851" w:footer="{_FOOTER_DISTANCE}" w:gutter="0"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{LINE_PITCH}"/></w:sectPr>'
    )


def _add_footers(package) -> None:  # type: ignore[no-untyped-def] # python-docx ships no types
    """Page numbers 7 mm below the type area, right on odd, left on even pages, one character in. Source: 7.5."""
    section = package.sections[0]
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        for child in list(paragraph):
            paragraph.remove(child)
        size = {"font": _SONG, "half_points": 28}
        field = "".join(
            f'<w:r><w:rPr><w:rFonts w:ascii="{_SONG}" w:hAnsi="{_SONG}"/><w:sz w:val="28"/></w:rPr>{part}</w:r>'
            for part in (
                '<w:fldChar w:fldCharType="begin"/>',
                '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
                '<w:fldChar w:fldCharType="end"/>',
            )
        )
        indent = f'<w:ind w:{align}="280"/><w:jc w:val="{align}"/>'
        spacing = '<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="360" w:lineRule="exact"/>'
        runs = f"{_run('— ', **size)}{field}{_run(' —', **size)}"  # type: ignore[arg-type] # font and size as given
        made = parse_xml(f"<w:p {nsdecls('w')}><w:pPr>{spacing}{indent}</w:pPr>{runs}</w:p>")
        paragraph.getparent().replace(paragraph, made)
    reference = package.element.body.sectPr.findall(qn("w:footerReference"))
    assert len(reference) == 2


def _clean_metadata(package, document: OfficialDocument) -> None:  # type: ignore[no-untyped-def] # as above
    at = datetime(document.dated_on.year, document.dated_on.month, document.dated_on.day)  # noqa: DTZ001 - file has no zone
    properties = package.core_properties
    properties.author, properties.comments, properties.last_modified_by = document.signature, "", document.signature
    properties.title, properties.language = document.title, "zh-CN"
    properties.created = properties.modified = at
    properties.revision = 1
