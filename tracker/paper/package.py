"""The .docx file itself: styles and settings made once, the text written in, the same bytes for the same document."""

import zipfile
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

from tracker.paper.ooxml import (
    CELL_PITCH,
    CHARACTER,
    FANG,
    HEI,
    KAI,
    LINE_PITCH,
    NAMESPACES,
    SMALL_CELL_PITCH,
    SONG,
    TITLE_FACE,
    clean,
    run,
    text_box,
)

PAGE = (11906, 16838)
MARGINS = {"top": 2098, "bottom": 1984, "left": 1588, "right": 1474}
# The sheet turned: its upper edge is the left edge of the sheet held upright.
LANDSCAPE_MARGINS = {"top": 1588, "bottom": 1474, "left": 1984, "right": 2098}
_FOOTER_DISTANCE = 1428
_SQUEEZE = -5
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = ("docProps/thumbnail.jpeg", "customXml/")
_FOOTERS = ("odd", "even", "none", "turned_odd", "turned_even")
_STYLES: dict[str, tuple[str, int, str, int, int | None]] = {
    # name: face, half points, alignment, first line's indent, outline level
    "Body": (FANG, 32, "both", 2 * CHARACTER, None),
    "Flush": (FANG, 32, "both", 0, None),
    "Title": (TITLE_FACE, 44, "center", 0, None),
    "AnnexTitle": (TITLE_FACE, 44, "center", 0, None),
    "Level1": (HEI, 32, "both", 2 * CHARACTER, 0),
    "Level2": (KAI, 32, "both", 2 * CHARACTER, 1),
    "Level3": (FANG, 32, "both", 2 * CHARACTER, None),
    "Level4": (FANG, 32, "both", 2 * CHARACTER, None),
    "AnnexMark": (HEI, 32, "both", 0, 0),
    "Cell": (FANG, 21, "left", 0, None),
    "CellHead": (HEI, 21, "center", 0, None),
    "CellSmall": (FANG, 18, "left", 0, None),
    "CellHeadSmall": (HEI, 18, "center", 0, None),
    "Imprint": (FANG, 28, "both", 0, None),
}

_CELL_PITCHES = {21: CELL_PITCH, 18: SMALL_CELL_PITCH}


@dataclass(slots=True)
class Part:
    """Pages of one orientation, as blocks of WordprocessingML."""

    landscape: bool
    blocks: list[str]
    numbered: bool = True


def assemble(parts: list[Part], *, first_page_unnumbered: bool, title: str, author: str, on: date) -> bytes:
    """Return the package; the parts follow one another on new pages."""
    body = []
    for place, part in enumerate(parts):
        section = _section(part, first_page_unnumbered=first_page_unnumbered and place == 0)
        if place == len(parts) - 1:
            body += [*part.blocks, section]
        else:
            body += _ended(part.blocks, section)
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document {NAMESPACES}><w:body>'
        f"{''.join(body)}</w:body></w:document>"
    )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as made:
        for name, content in _skeleton():
            if name == "word/document.xml":
                content = document.encode()
            elif name == "docProps/core.xml":
                content = _core(title, author, on)
            made.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _ended(blocks: list[str], section: str) -> list[str]:
    """End a section in its last paragraph; after a table in one that takes no room."""
    if blocks[-1].startswith("<w:p>"):
        return [*blocks[:-1], blocks[-1].replace("</w:pPr>", f"{section}</w:pPr>", 1)]
    tiny = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return [*blocks, f'<w:p><w:pPr><w:pStyle w:val="OfficialFlush"/>{tiny}{section}</w:pPr></w:p>']


def _section(part: Part, *, first_page_unnumbered: bool) -> str:
    landscape = part.landscape
    width, height = (PAGE[1], PAGE[0]) if landscape else PAGE
    margins = LANDSCAPE_MARGINS if landscape else MARGINS
    edges = " ".join(f'w:{edge}="{twips}"' for edge, twips in margins.items())
    prefix = "turned_" if landscape else ""
    footers = "".join(
        f'<w:footerReference w:type="{kind}" r:id="footer_{prefix + side if part.numbered else "none"}"/>'
        for kind, side in (("even", "even"), ("default", "odd"))
    )
    first = '<w:footerReference w:type="first" r:id="footer_none"/>' if first_page_unnumbered else ""
    return (
        f'<w:sectPr>{footers}{first}<w:type w:val="nextPage"/><w:pgSz w:w="{width}" w:h="{height}"'
        f"{' w:orient=' + chr(34) + 'landscape' + chr(34) if landscape else ''}/>"
        f'<w:pgMar {edges} w:header="851" w:footer="{_FOOTER_DISTANCE}" w:gutter="0"/>'
        f"{'<w:titlePg/>' if first_page_unnumbered else ''}"
        f'<w:docGrid w:type="lines" w:linePitch="{LINE_PITCH}"/></w:sectPr>'
    )


@lru_cache(maxsize=1)
def _skeleton() -> tuple[tuple[str, bytes], ...]:
    """Return the parts that every document shares, in the order in which they are packed."""
    package = Document()
    package.settings.odd_and_even_pages_header_footer = True
    for language in package.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "zh-CN")
        language.set(qn("w:eastAsia"), "zh-CN")
    define_styles(package)
    saved = BytesIO()
    package.save(saved)
    with zipfile.ZipFile(saved) as given:
        parts = {name: given.read(name) for name in given.namelist() if not name.startswith(_LEFT_OUT)}
    parts["docProps/app.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
        b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
    )
    overrides, relations = "", ""
    for name in _FOOTERS:
        parts[f"word/footer_{name}.xml"] = _footer(name)
        overrides += (
            f'<Override PartName="/word/footer_{name}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>'
        )
        relations += (
            f'<Relationship Id="footer_{name}" Target="footer_{name}.xml" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"/>'
        )
    _without(parts, "_rels/.rels", "thumbnail")
    _without(parts, "word/_rels/document.xml.rels", "customXml")
    _insert(parts, "[Content_Types].xml", "</Types>", overrides)
    _insert(parts, "word/_rels/document.xml.rels", "</Relationships>", relations)
    return tuple(sorted(parts.items(), key=lambda part: (part[0] != "[Content_Types].xml", part[0])))


def _insert(parts: dict[str, bytes], name: str, before: str, content: str) -> None:
    parts[name] = parts[name].replace(before.encode(), (content + before).encode())


def _without(parts: dict[str, bytes], name: str, target: str) -> None:
    """Leave out the relationships to a target."""
    relations = parse_xml(parts[name])
    for relation in list(relations):
        if target in relation.get("Target", ""):
            relations.remove(relation)
    parts[name] = etree.tostring(relations, xml_declaration=True, encoding="UTF-8", standalone=True)


def repack(package: bytes) -> bytes:
    """Write the parts of a package in a fixed order with fixed times."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            made.writestr(zipfile.ZipInfo(name, _EPOCH), given.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def define_styles(package) -> None:  # type: ignore[no-untyped-def] # python-docx ships no types
    """Add the styles of official documents to a package; those it has already stay."""
    known = {style.style_id for style in package.styles}
    for name, (face, half_points, align, indent, outline) in _STYLES.items():
        if f"Official{name}" in known:
            continue
        style = package.styles.add_style(f"Official{name}", WD_STYLE_TYPE.PARAGRAPH).element
        pitch = _CELL_PITCHES.get(half_points, LINE_PITCH) if name.startswith("Cell") else LINE_PITCH
        squeeze = f'<w:spacing w:val="{_SQUEEZE}"/>' if half_points == 32 else ""
        first = f'<w:ind w:firstLine="{indent}"/>' if indent else ""
        level = "" if outline is None else f'<w:outlineLvl w:val="{outline}"/>'
        keep = "<w:keepNext/>" if outline is not None or name.endswith("Title") else ""
        style.append(
            parse_xml(
                f'<w:pPr {nsdecls("w")}>{keep}<w:widowControl w:val="0"/><w:snapToGrid w:val="0"/>'
                f'<w:spacing w:before="0" w:after="0" w:line="{pitch}" w:lineRule="exact"/>{first}'
                f'<w:jc w:val="{align}"/>{level}</w:pPr>'
            )
        )
        style.append(
            parse_xml(
                f'<w:rPr {nsdecls("w")}><w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:cs="{face}"/>'
                f'{squeeze}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
                '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr>'
            )
        )


def _footer(name: str) -> bytes:
    """Page numbers 7 mm below the type area, right on odd, left on even pages, one character in (7.5).

    On a turned sheet the number stands in the left margin, at the lower end on odd, the upper end on even pages (8).
    """
    align = "right" if name.endswith("odd") else "left"
    # A line of its own height would reach into the type area and take a line of the page.
    empty = '<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    words = f"<w:p><w:pPr>{empty}</w:pPr></w:p>"
    if name != "none":
        words = (
            '<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="360" w:lineRule="exact"/>'
            f'<w:ind w:{align}="280"/><w:jc w:val="{align}"/></w:pPr>{_page_number()}</w:p>'
        )
    if name.startswith("turned"):
        box = text_box(words, name="页码", left_mm=25.15, top_mm=28, width_mm=6.35, height_mm=156, turned=True)
        words = f"<w:p><w:pPr>{empty}</w:pPr>{box}</w:p>"
    return (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:ftr {NAMESPACES}>{words}</w:ftr>').encode()


def _page_number() -> str:
    field = "".join(
        f'<w:r><w:rPr><w:rFonts w:ascii="{SONG}" w:hAnsi="{SONG}"/><w:sz w:val="28"/></w:rPr>{part}</w:r>'
        for part in (
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    return f"{run('— ', face=SONG, half_points=28)}{field}{run(' —', face=SONG, half_points=28)}"


def _core(title: str, author: str, on: date) -> bytes:
    at = f"{on.isoformat()}T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{clean(title)}</dc:title><dc:creator>{clean(author)}</dc:creator>"
        f"<cp:lastModifiedBy>{clean(author)}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified><dc:language>zh-CN</dc:language>'
        "</cp:coreProperties>"
    ).encode()
