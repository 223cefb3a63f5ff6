"""WordprocessingML as strings: runs, paragraphs, tables, anchored shapes. Twips unless named.

Strings, because a table of ten thousand rows is written in a tenth of the time that an object model takes.
"""

import re
from collections.abc import Sequence
from typing import Protocol
from xml.sax.saxutils import escape

TYPE_AREA_WIDTH = 8844
LINE_PITCH = 579
CHARACTER = 315
FANG, HEI, KAI, SONG, TITLE_FACE = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
# A row of an annex: lines of 五号 type, 20 pt apart; of an annex of many rows of 小五, 16 pt apart. What is longer may
# go over two pages.
CELL_CHARACTER, CELL_PITCH, CELL_MARGIN = 210, 400, 60
SMALL_CELL_CHARACTER, SMALL_CELL_PITCH = 180, 320
LONGEST_UNSPLIT_LINES = 12
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"([0-9A-Za-z][0-9A-Za-z.%-]*)")
# What word processors put between Chinese and Latin characters or digits: a quarter of a character.
_AUTOMATIC_SPACE = CHARACTER // 4
_BORDER = re.compile(r"(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])")
_EMU_PER_MM = 36_000
_EMU_PER_POINT = 12_700
_POINTS_PER_MM = 72 / 25.4
_ON_PAGE = "position:absolute;mso-position-horizontal-relative:page;mso-position-vertical-relative:page"


class TableColumn(Protocol):
    @property
    def head(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def align(self) -> str: ...
    @property
    def character(self) -> int: ...


def allowed(text: str) -> str:
    """Leave out the characters that XML does not allow."""
    return _ILLEGAL.sub("", text)


def clean(text: str) -> str:
    """Escape a text; characters that XML does not allow are left out."""
    return escape(allowed(text))


def text_width(text: str) -> int:
    """Return the width of a 三号 text: half of a character for Latin letters and digits, with the space beside them."""
    characters = sum(CHARACTER if ord(character) > 0x2000 else CHARACTER // 2 for character in text)
    return characters + _AUTOMATIC_SPACE * len(_BORDER.findall(text))


def row_lines(columns: Sequence[TableColumn], cells: Sequence[str]) -> int:
    """Estimate how many lines a row of a table takes; a line loses up to a character at its end."""
    return max(
        sum(-(-_cell_width(line) // _room(column)) for line in cell.split("\n"))
        for column, cell in zip(columns, cells, strict=True)
    )


def _room(column: TableColumn) -> int:
    return max(CELL_CHARACTER, room_in(column) - CELL_CHARACTER)


def room_in(column: TableColumn) -> int:
    """Return the room in a column as it would be for 五号 type: in smaller type it holds more."""
    return (column.width - 2 * CELL_MARGIN) * CELL_CHARACTER // column.character


def _cell_width(text: str) -> int:
    return sum(CELL_CHARACTER if ord(character) > 0x2000 else CELL_CHARACTER // 2 for character in text) or 1


def run(text: str, *, face: str = "", half_points: int = 0, extra: str = "") -> str:
    """Return a run; `extra` are properties that stand between the fonts and the size.

    Numbers and Latin words in text and tables get runs of their own: LibreOffice breaks Chinese text at any character,
    also within a number, but not where the text's language is another one.
    """
    if not face and not half_points and _NUMBER.search(text):
        return "".join(_piece(part, extra) for part in _NUMBER.split(text) if part)
    faces = f' w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}"' if face else ""
    size = f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if half_points else ""
    return (
        f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"{faces}/>{extra}{size}</w:rPr>'
        f'<w:t xml:space="preserve">{clean(text)}</w:t></w:r>'
    )


def _piece(text: str, extra: str) -> str:
    language = '<w:lang w:val="en-US" w:eastAsia="en-US"/>' if _NUMBER.fullmatch(text) else ""
    return (
        f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/>{extra}{language}</w:rPr>'
        f'<w:t xml:space="preserve">{clean(text)}</w:t></w:r>'
    )


def paragraph(text: str, *, style: str = "Body", properties: str = "", runs: str | None = None) -> str:
    """Return a paragraph in one of the document's styles; `properties` stand in the order of the schema."""
    content = (run(text) if text else "") if runs is None else runs
    return f'<w:p><w:pPr><w:pStyle w:val="Official{style}"/>{properties}</w:pPr>{content}</w:p>'


def spacing(before: int, *, line: int = 0) -> str:
    """Return the room above a paragraph, none below it, and its exact line height where one is given."""
    height = f' w:line="{line}" w:lineRule="exact"' if line else ""
    return f'<w:spacing w:before="{before}" w:after="0"{height}/>'


def table(columns: Sequence[TableColumn], rows: Sequence[Sequence[str]]) -> str:
    """Return a ruled table as wide as its columns; its head is repeated, and only long rows are split.

    A row that may not be split and is higher than a page loses its last words on paper.
    """
    grid = "".join(f'<w:gridCol w:w="{column.width}"/>' for column in columns)
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in edges)
    small = "Small" if any(column.character < CELL_CHARACTER for column in columns) else ""
    head = "".join(_cell(column, f"CellHead{small}", "").format(_cell_runs(column.head)) for column in columns)
    row = "".join(_cell(column, f"Cell{small}", f'<w:jc w:val="{column.align}"/>') for column in columns)
    whole, split = f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{row}</w:tr>", f"<w:tr>{row}</w:tr>"
    body = "".join(
        [
            (split if row_lines(columns, cells) > LONGEST_UNSPLIT_LINES else whole).format(*map(_cell_runs, cells))
            for cells in rows
        ]
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(column.width for column in columns)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{CELL_MARGIN}" w:type="dxa"/>'
        f'<w:right w:w="{CELL_MARGIN}" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{body}</w:tbl>"
    )


def _cell_runs(cell: str) -> str:
    """Return the runs of a cell; it begins a new line at each line break."""
    return "<w:r><w:br/></w:r>".join(map(run, cell.split("\n")))


def _cell(column: TableColumn, style: str, properties: str) -> str:
    """Return one formatted cell with a place `{}` for its runs; every row is a copy of the first."""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{column.width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Official{style}"/>{properties}</w:pPr>{{}}</w:p></w:tc>'
    )


def table_at_the_bottom(rows: Sequence[str], *, ruled: bool) -> str:
    """Return paragraphs as a table that stands on the lower edge of the type area; rules 0.35 and 0.25 mm (7.4.1)."""
    line = '<w:{} w:val="single" w:sz="{}" w:space="0" w:color="000000"/>'
    borders = "".join(line.format(edge, size) for edge, size in (("top", 8), ("bottom", 8), ("insideH", 6)))
    cells = "".join(
        f'<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="{TYPE_AREA_WIDTH}" w:type="dxa"/></w:tcPr>'
        f"{row}</w:tc></w:tr>"
        for row in rows
    )
    return (
        '<w:tbl><w:tblPr><w:tblpPr w:vertAnchor="margin" w:horzAnchor="page" w:tblpX="1588" w:tblpYSpec="bottom"/>'
        f'<w:tblW w:w="{TYPE_AREA_WIDTH}" w:type="dxa"/>{f"<w:tblBorders>{borders}</w:tblBorders>" if ruled else ""}'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        f'</w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="{TYPE_AREA_WIDTH}"/></w:tblGrid>{cells}</w:tbl>'
    )


def bare_table(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return paragraphs as one row of cells without rules, their middles on one line."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    row = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{cell}</w:tc>'
        for cell, width in zip(cells, widths, strict=True)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>{row}</w:tr></w:tbl>"
    )


def rule(*, number: int, left_mm: float, top_mm: float, width_mm: float, points: float, colour: str) -> str:
    """Return a run with a horizontal line anchored to the page."""
    shape = (
        f'<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{round(width_mm * _EMU_PER_MM)}" cy="0"/></a:xfrm>'
        f'<a:prstGeom prst="line"><a:avLst/></a:prstGeom><a:ln w="{round(points * _EMU_PER_POINT)}">'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln></wps:spPr><wps:bodyPr/>'
    )
    ends = " ".join(
        f'{end}="{_points(x)},{_points(top_mm)}"' for end, x in (("from", left_mm), ("to", left_mm + width_mm))
    )
    fallback = (
        f'<v:line id="line{number}" style="{_ON_PAGE};z-index:{number}" {ends} strokecolor="#{colour}" '
        f'strokeweight="{points}pt"/>'
    )
    return _anchor(
        f"<wps:wsp><wps:cNvCnPr/>{shape}</wps:wsp>",
        fallback,
        number=number,
        name="红色反线",
        left_mm=left_mm,
        top_mm=top_mm,
        width_mm=width_mm,
        height_mm=0,
    )


def text_box(
    content: str,
    *,
    name: str,
    left_mm: float,
    top_mm: float,
    width_mm: float,
    height_mm: float,
    number: int = 1,
    turned: bool = False,
) -> str:
    """Return a run with a text box without border anchored to the page; `turned`: its text runs downwards."""
    extent = f'<a:ext cx="{round(width_mm * _EMU_PER_MM)}" cy="{round(height_mm * _EMU_PER_MM)}"/>'
    direction = ' vert="vert"' if turned else ""
    shape = (
        f'<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>{extent}</a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"
        f'<wps:bodyPr{direction} lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr></wps:wsp>'
    )
    box = f"width:{_points(width_mm)};height:{_points(height_mm)}"
    flow = ' style="layout-flow:vertical"' if turned else ""
    fallback = (
        f'<v:rect id="box{number}" style="{_ON_PAGE};margin-left:{_points(left_mm)};margin-top:{_points(top_mm)};{box};'
        f'z-index:{number}" filled="f" stroked="f"><v:textbox inset="0,0,0,0"{flow}>'
        f"<w:txbxContent>{content}</w:txbxContent></v:textbox></v:rect>"
    )
    return _anchor(
        shape,
        fallback,
        number=number,
        name=name,
        left_mm=left_mm,
        top_mm=top_mm,
        width_mm=width_mm,
        height_mm=height_mm,
    )


def _points(millimetres: float) -> str:
    return f"{millimetres * _POINTS_PER_MM:.2f}pt"


def _anchor(
    shape: str,
    fallback: str,
    *,
    number: int,
    name: str,
    left_mm: float,
    top_mm: float,
    width_mm: float,
    height_mm: float,
) -> str:
    """Return a run with a shape; `fallback` is the same in VML, for programs that do not know the former."""

    def emu(millimetres: float) -> int:
        return round(millimetres * _EMU_PER_MM)

    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" '
        f'simplePos="0" relativeHeight="{number}" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{emu(left_mm)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{emu(top_mm)}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{emu(width_mm)}" cy="{emu(height_mm)}"/>'
        '<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{number}" name="{name}{number}" descr="{name}"/><wp:cNvGraphicFramePr/>'
        '<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"{shape}</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{fallback}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
