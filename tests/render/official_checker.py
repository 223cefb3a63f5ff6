"""An independent check of circulars: the file's XML and the rendered pages, against numbers of its own.

It shares no constant and no code with `tracker.paper`. Lengths in millimetres from the page's upper left corner.
Source: GB/T 9704-2012.
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from pypdf import PageObject, PdfReader

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EDGES = ("top", "right", "bottom", "left")
# 28, and 29 in a paragraph whose last line of one character was drawn up.
_MOST_CHARACTERS = 29
_POINT_MM = 25.4 / 72
_CHARACTER_MM = 15.75 * _POINT_MM
_PAGE_NUMBER = re.compile(r"^—\s*(\d+)\s*—$")


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one height; `y` is their base line."""

    x: float
    y: float
    size: float
    text: str


def faults_of_file(path: Path) -> list[str]:
    """Check the XML: schema order of paragraph properties, paper, styles, tables, metadata."""
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        body = etree.fromstring(package.read("word/document.xml"))
        styles = etree.fromstring(package.read("word/styles.xml"))
        core = package.read("docProps/core.xml").decode()
    found = [f"has {name}" for name in names if "thumbnail" in name or "customXml" in name]
    if "python-docx" in core or "<dc:creator></dc:creator>" in core:
        found.append("metadata are not clean")
    found += [
        f"shapes without a substitute: {name}" for name in names if name.endswith(".xml") and _bare_shapes(path, name)
    ]
    return [*found, *_paper(body), *_order(body), *_order(styles), *_tables(body), *_outline(styles)]


def _bare_shapes(path: Path, name: str) -> bool:
    """Say whether a part has more drawn shapes than substitutes in VML."""
    with zipfile.ZipFile(path) as package:
        part = package.read(name)
    return len(re.findall(rb"<wps:wsp\b", part)) != len(re.findall(rb"<mc:Fallback><w:pict><v:", part))


def _paper(body: etree._Element) -> Iterator[str]:
    for section in body.iter(f"{_W}sectPr"):
        size, margin = section.find(f"{_W}pgSz"), section.find(f"{_W}pgMar")
        width, height = int(size.get(f"{_W}w")), int(size.get(f"{_W}h"))
        turned = size.get(f"{_W}orient") == "landscape"
        if (width > height) is not turned:
            yield "orientation and size contradict"
        edges = {edge: round(int(margin.get(f"{_W}{edge}")) / 56.693, 1) for edge in _EDGES}
        wanted = (
            {"top": 28, "right": 37, "bottom": 26, "left": 35}
            if turned
            else {"top": 37, "right": 26, "bottom": 35, "left": 28}
        )
        if any(abs(edges[edge] - wanted[edge]) > 0.2 for edge in wanted):
            yield f"margins {edges}"


_ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "framePr",
    "widowControl",
    "numPr",
    "suppressLineNumbers",
    "pBdr",
    "shd",
    "tabs",
    "suppressAutoHyphens",
    "kinsoku",
    "wordWrap",
    "overflowPunct",
    "topLinePunct",
    "autoSpaceDE",
    "autoSpaceDN",
    "bidi",
    "adjustRightInd",
    "snapToGrid",
    "spacing",
    "ind",
    "contextualSpacing",
    "mirrorIndents",
    "suppressOverlap",
    "jc",
    "textDirection",
    "textAlignment",
    "textboxTightWrap",
    "outlineLvl",
    "divId",
    "cnfStyle",
    "rPr",
    "sectPr",
    "pPrChange",
]


def _order(root: etree._Element) -> Iterator[str]:
    for properties in root.iter(f"{_W}pPr"):
        names = [etree.QName(child).localname for child in properties]
        places = [_ORDER.index(name) for name in names]
        if places != sorted(places) or len(set(names)) != len(names):
            yield f"paragraph properties out of order: {names}"
            return


def _is_long(row: etree._Element) -> bool:
    """Say whether a cell holds more than ten lines would, so that its words need the next page.

    A line has a margin of about a millimetre at either side, and no sign of 3.7 mm is cut.
    """
    for cell in row.iter(f"{_W}tc"):
        characters = len("".join(text.text or "" for text in cell.iter(f"{_W}t")))
        if characters * 3.7 > 10 * int(cell.find(f"{_W}tcPr/{_W}tcW").get(f"{_W}w")) / 56.693 - 20:
            return True
    return False


def _tables(body: etree._Element) -> Iterator[str]:
    for table in body.iter(f"{_W}tbl"):
        if table.find(f"{_W}tblPr/{_W}tblpPr") is not None:
            continue
        rows = table.findall(f"{_W}tr")
        if rows[0].find(f"{_W}trPr/{_W}tblHeader") is None:
            yield "the head of a table is not repeated"
        if any(row.find(f"{_W}trPr/{_W}cantSplit") is None and not _is_long(row) for row in rows):
            yield "a short row may be split"
        widths = [int(column.get(f"{_W}w")) for column in table.iter(f"{_W}gridCol")]
        cells = [int(cell.get(f"{_W}w")) for cell in rows[0].iter(f"{_W}tcW")]
        if widths != cells or sum(widths) != int(table.find(f"{_W}tblPr/{_W}tblW").get(f"{_W}w")):
            yield "widths of a table contradict one another"


def _outline(styles: etree._Element) -> Iterator[str]:
    levels = {
        style.get(f"{_W}styleId"): style.find(f"{_W}pPr/{_W}outlineLvl")
        for style in styles.iter(f"{_W}style")
        if (style.get(f"{_W}styleId") or "").startswith("OfficialLevel")
    }
    if levels.get("OfficialLevel1") is None or levels.get("OfficialLevel2") is None:
        yield "headings carry no outline level"


def faults_of_pages(path: Path, *, letter: bool, brief: bool, body: tuple[str, ...], day: str) -> list[str]:
    """Check the rendered pages: lines in the type area, page numbers, signature with text, imprint at the bottom."""
    reader = PdfReader(path)
    pages = [_lines(page) for page in reader.pages]
    found: list[str] = []
    text = "".join(re.sub(r"\s", "", sentence) for sentence in body)
    for number, (page, lines) in enumerate(zip(reader.pages, pages, strict=True), 1):
        turned = float(page.mediabox.width) > float(page.mediabox.height)
        if turned:
            continue
        found += _page_number(lines, number, hidden=letter and number == 1)
        inside = [line for line in lines if not _PAGE_NUMBER.match(line.text)]
        if any(line.x < 27 or line.y > 263.5 for line in inside if line.size < 20):
            found.append(f"page {number}: words outside of the type area")
        bodies = [line for line in inside if 15 <= line.size <= 17]
        if len({round(line.y) for line in bodies}) > 22:
            found.append(f"page {number}: more than 22 lines")
        found += [f"page {number}: too long: {line.text}" for line in bodies if _width(line.text) > _MOST_CHARACTERS]
        bare = [re.sub(r"\s", "", line.text) for line in inside]
        if day in bare and not brief and not any(len(line) > 1 and line in text for line in bare):
            found.append(f"page {number}: the signature stands alone")
    last = [line for line in pages[-1] if "印发" in line.text and 13 <= line.size <= 15]
    if not letter and not any(254 <= line.y <= 262.5 for line in last):
        found.append("the imprint is not at the bottom of the last page")
    return found


def faults_of_signature(path: Path, *, name: str, day: str, sealed: bool) -> list[str]:
    """Check where name and date stand: 7.3.5.1 with room for a seal, 7.3.5.2 without. Characters are 5.56 mm wide."""
    for page in PdfReader(path).pages:
        lines = _lines(page)
        bare = [re.sub(r"\s", "", line.text) for line in lines]
        if day in bare:
            date_line, name_line = lines[bare.index(day)], lines[bare.index(day) - 1]
            if bare[bare.index(day) - 1] != name:
                return ["the name does not stand above the date"]
            shift = date_line.x - name_line.x
            if not sealed and abs(shift - 2 * _CHARACTER_MM) > 0.5:
                return [f"the date begins {shift:.1f} mm right of the name"]
            # What is right of the name is known: it has Chinese characters only.
            rest = 184 - 2 * _CHARACTER_MM - (name_line.x + len(name) * _CHARACTER_MM)
            if not sealed and len(name) > 9 and abs(rest) > 0.5:
                return [f"the name ends {rest:.1f} mm before its place"]
            if not sealed and rest < -0.5:
                return ["the name stands too far right"]
            return []
    return ["there is no date"]


def ink_mm(ppm: Path, *, dots_per_inch: int, left_mm: float = 0, right_mm: float = 210) -> list[tuple[float, float]]:
    """Return from where to where there is ink on a page, or between two edges of it; the page as a P6 picture."""
    content = ppm.read_bytes()
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", content)
    assert head is not None
    width, height = int(head[1]), int(head[2])
    first, last = (round(edge / 25.4 * dots_per_inch) * 3 for edge in (left_mm, min(right_mm, 209.9)))
    found: list[tuple[float, float]] = []
    start: int | None = None
    for row in range(height):
        offset = head.end() + row * width * 3
        ink = min(content[offset + first : offset + last][1::3]) < 128
        if ink and start is None:
            start = row
        if not ink and start is not None:
            found.append((start / dots_per_inch * 25.4, row / dots_per_inch * 25.4))
            start = None
    return found


def _width(words: str) -> float:
    """Return how many characters wide words are at least: Latin letters, and marks set closer, are half as wide."""
    bare = re.sub(r"\s", "", words)
    return sum(0.5 if ord(character) < 0x2000 or character in "，。；：、（）《》“”" else 1 for character in bare)


def _page_number(lines: list[Line], number: int, *, hidden: bool) -> Iterator[str]:
    shown = [(line, match) for line in lines if (match := _PAGE_NUMBER.match(line.text))]
    if hidden:
        if shown:
            yield "the first page of a letter shows its number"
        return
    if len(shown) != 1 or int(shown[0][1][1]) != number:
        yield f"page {number}: number missing or wrong"
        return
    line = shown[0][0]
    if not 268 <= line.y <= 273:
        yield f"page {number}: number at {line.y:.1f} mm"
    if (line.x > 105) is not (number % 2 == 1):
        yield f"page {number}: number on the wrong side"


def _lines(page: PageObject) -> list[Line]:
    rows: dict[int, list[tuple[float, float, float, str]]] = defaultdict(list)
    height = float(page.mediabox.height)

    def visit(text: str, matrix: list[float], text_matrix: list[float], _font: object, size: float) -> None:
        if text.strip():
            x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
            y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
            scale = abs(text_matrix[3] * matrix[3]) or 1.0
            rows[round(y / 2)].append((x, y, size * scale, text.strip("\n")))

    page.extract_text(visitor_text=visit)
    found = []
    for parts in rows.values():
        parts.sort()
        words = "".join(part[3] for part in parts).strip()
        found.append(Line(parts[0][0] * _POINT_MM, (height - parts[0][1]) * _POINT_MM, parts[0][2], words))
    return sorted(found, key=lambda line: line.y)


def red_ink_top_mm(ppm: Path, *, dots_per_inch: int) -> float | None:
    """Return how far below the paper's edge the red ink of a page begins; the page as a P6 picture."""
    content = ppm.read_bytes()
    head = re.match(rb"P6\s+(\d+)\s+(\d+)\s+255\s", content)
    assert head is not None
    width, height = int(head[1]), int(head[2])
    for row in range(height):
        start = head.end() + row * width * 3
        line = content[start : start + width * 3]
        reds, greens, blues = line[0::3], line[1::3], line[2::3]
        if any(r > 200 and g < 90 and b < 90 for r, g, b in zip(reds, greens, blues, strict=True)):
            return row / dots_per_inch * 25.4
    return None
