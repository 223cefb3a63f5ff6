"""The check before download: every deviation of a Word file from the official format, named in Chinese.

It reads the file itself, not the objects it was made of. Source: GB/T 9704-2012, clauses in brackets.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

from lxml import etree

from tracker.domain.quoting import quoted
from tracker.paper.joint_checking import joint_deviations
from tracker.paper.titles import LONGEST_LINE, line_width

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W = WORD
_HAN = "一二三四五六七八九十"
_NUMBER = re.compile(r"^[\u4e00-\u9fff]+〔20\d\d〕[1-9]\d*号$|^第[1-9]\d*期$")
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}wsp"
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]")
_HALF_WIDTH_BRACKET = re.compile(r".?[\u4e00-\u9fff][()]|[()][\u4e00-\u9fff].?")
_LENGTH = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?")
# A5 and B5 are further from A4; Word writes 11906 or 11907 for 210 mm.
_ROUNDING = 2
_LEADING_ZERO = re.compile(r"\d{4}年0\d月|月0\d日")


def deviations(docx: bytes, *, has_number: bool = True) -> list[str]:
    """Return every deviation; an empty list means that all checked rules hold. `has_number`: it is numbered already."""
    with zipfile.ZipFile(BytesIO(docx)) as package:
        body = etree.fromstring(package.read("word/document.xml"))[0]
        styles = etree.fromstring(package.read("word/styles.xml"))
        settings = etree.fromstring(package.read("word/settings.xml"))
        footers = [etree.fromstring(package.read(name)) for name in package.namelist() if "/footer" in name]
    paragraphs = [(_style(p), own_text(p)) for p in body.iter(f"{_W}p") if not _inside_table(p)]
    return [
        *page_faults(body),
        *_type(styles),
        *numbering_faults(settings, body),
        *_words(paragraphs, has_number=has_number),
        *_levels(paragraphs),
        *_annexes(paragraphs),
        *_tables(body),
        *bracket_faults(body),
        *_shapes([body, *footers]),
        *joint_deviations(body, numbers=[text for style, text in paragraphs if _is_number(style, text)]),
    ]


def page_faults(body: etree._Element) -> Iterator[str]:
    """Find sheets of another size, or whose type area is, each kind of fault once."""
    yield from dict.fromkeys(words for section in body.iter(f"{_W}sectPr") for words in _faults_of(section))


def _faults_of(section: etree._Element) -> Iterator[str]:
    edges = _lengths(section, "pgSz", "w", "h")
    if any(abs(one - other) > _ROUNDING for one, other in zip(sorted(edges), (11906, 16838), strict=True)):
        yield "纸张不是A4（5.1）。"
    left, right, top, bottom = _lengths(section, "pgMar", "left", "right", "top", "bottom")
    area = sorted((edges[0] - left - right, edges[1] - abs(top) - abs(bottom)))
    if abs(area[0] - 8844) > 57 or abs(area[1] - 12756) > 57:
        yield "版心不是156毫米×225毫米（5.2.1）。"


def _lengths(section: etree._Element, name: str, *edges: str) -> list[float]:
    """Return lengths in twips; 0 of what a file of another program does not say, or not as a number."""
    found = section.find(f"{_W}{name}")
    told = ("" if found is None else found.get(f"{_W}{edge}", "") for edge in edges)
    return [float(text) if _LENGTH.fullmatch(text) else 0.0 for text in told]


def _type(styles: etree._Element) -> Iterator[str]:
    found = {style.get(f"{_W}styleId"): style for style in styles.iter(f"{_W}style")}
    body = found.get("OfficialBody")
    if body is None:
        yield "没有正文样式。"
        return
    size, spacing = body.find(f".//{_W}sz"), body.find(f"{_W}pPr/{_W}spacing")
    squeeze = body.find(f"{_W}rPr/{_W}spacing")
    if size is None or size.get(f"{_W}val") != "32":
        yield "正文不是3号字（5.2.2）。"
    if spacing is None or not 0 <= 12756 - int(spacing.get(f"{_W}line")) * 22 <= 120:
        yield "行距不能使22行撑满版心（5.2.3）。"
    if squeeze is None or (320 + int(squeeze.get(f"{_W}val"))) * 28 > 8844:
        yield "字距不能每行排28字（5.2.3）。"


def numbering_faults(settings: etree._Element | None, body: etree._Element) -> Iterator[str]:
    """Find pages without numbers, or with numbers at the same side on both sides of a sheet."""
    if settings is None or settings.find(f"{_W}evenAndOddHeaders") is None:
        yield "单双页的页码没有分开（7.5）。"
    kinds = {reference.get(f"{_W}type") for reference in body.iter(f"{_W}footerReference")}
    if not {"default", "even"} <= kinds:
        yield "缺少页码（7.5）。"


def _words(paragraphs: list[tuple[str, str]], *, has_number: bool) -> Iterator[str]:
    titles = [text for style, text in paragraphs if style == "OfficialTitle"]
    yield from title_faults(titles)
    if len(titles) > 1 and len(set(map(line_width, titles))) == 1:
        yield "标题各行长短相同，不成梯形或者菱形（7.3.1）。"
    if any(line_width(line) > LONGEST_LINE for line in titles):
        yield "标题有一行超过20字（7.3.1）。"
    if has_number:
        yield from number_faults([text for style, text in paragraphs if style == "OfficialFlush"])
    yield from word_faults(text for _style, text in paragraphs)


def title_faults(lines: Sequence[str]) -> Iterator[str]:
    """Find a title that is none, or has marks in it."""
    if not any(lines):
        yield "没有标题（7.3.1）。"
    if re.search(r"[，。；！？,;!]", "".join(lines)):
        yield "标题中有标点（7.3.1）。"


def number_faults(texts: Iterable[str]) -> Iterator[str]:
    """Find out whether none of the texts is the number of a paper."""
    if not any(_NUMBER.match(text.strip()) for text in texts):
        yield "发文字号不合规范（7.2.5）。"


def word_faults(texts: Iterable[str]) -> Iterator[str]:
    """Find marks, dates and numbers of paragraphs that are written otherwise than the format has it."""
    for text in texts:
        if _HALF_WIDTH.search(text):
            yield f"“{_HALF_WIDTH.search(text)[0]}”用了半角标点（GB/T 15834）。"  # type: ignore[index] # just found
        if _LEADING_ZERO.search(text):
            yield f"日期“{_LEADING_ZERO.search(text)[0]}”有虚位（7.3.5.4）。"  # type: ignore[index] # just found
        if re.match(r"^\d+、", text):
            yield f"{quoted(text[:6])}第三层序数应为“1.”（7.3.3）。"


def _is_number(style: str, text: str) -> bool:
    return style == "OfficialFlush" and _NUMBER.match(text) is not None


def bracket_faults(body: etree._Element) -> Iterator[str]:
    """Find half-width brackets beside Chinese characters, in text and tables."""
    found = (_HALF_WIDTH_BRACKET.search(own_text(paragraph)) for paragraph in body.iter(f"{_W}p"))
    yield from dict.fromkeys(f"{quoted(match[0])}用了半角括号（GB/T 15834）。" for match in found if match)


def _shapes(parts: list[etree._Element]) -> Iterator[str]:
    """Find drawn shapes without a picture for programs that do not know them."""
    for part in parts:
        for shape in part.iter(_SHAPE):
            choice = next((parent for parent in shape.iterancestors(f"{_MC}AlternateContent")), None)
            if choice is None or choice.find(f"{_MC}Fallback/{_W}pict") is None:
                yield "红头、红线或者页码的图形没有替代图形，有的程序不能显示。"
                return


def _levels(paragraphs: list[tuple[str, str]]) -> Iterator[str]:
    yield from heading_faults([text for style, text in paragraphs if style == "OfficialLevel1"])


def heading_faults(headings: Iterable[str]) -> Iterator[str]:
    """Numbers of headings run on without gaps, and the text carries the mark of its level."""
    for expected, text in enumerate(headings, 1):
        if not text.startswith(f"{_han(expected)}、"):
            yield f"标题{quoted(text[:12])}的序数不连续，应为“{_han(expected)}、”（7.3.3）。"
        if text.endswith("。"):
            yield f"标题{quoted(text[:12])}末尾不应有句号。"


def _han(number: int) -> str:
    if number <= 10:
        return _HAN[number - 1]
    return ("" if number < 20 else _HAN[number // 10 - 1]) + "十" + (_HAN[number % 10 - 1] if number % 10 else "")


def _annexes(paragraphs: list[tuple[str, str]]) -> Iterator[str]:
    """Names in the note of the attachments equal the titles of the attachments."""
    marks = [place for place, (style, _) in enumerate(paragraphs) if style == "OfficialAnnexMark"]
    listed = [text for _, text in paragraphs if text.startswith("附件：") or re.match(r"^[1-9]\.", text)]
    names = {re.sub(r"^附件：|^\d\.", "", re.sub(r"^附件：", "", text)) for text in listed}
    for place in marks:
        title = ""
        for style, text in paragraphs[place + 1 :]:
            if style != "OfficialAnnexTitle":
                break
            title += text
        if title not in names:
            yield f"附件{quoted(title)}与附件说明不一致（7.3.7）。"


def _tables(body: etree._Element) -> Iterator[str]:
    for table in body.iter(f"{_W}tbl"):
        width = int(table.find(f"{_W}tblPr/{_W}tblW").get(f"{_W}w"))
        columns = sum(int(column.get(f"{_W}w")) for column in table.iter(f"{_W}gridCol"))
        if width != columns:
            yield "表格宽度与各列之和不一致，WPS中会变形。"
        if width not in (8844, 12756):
            yield "表格与版心不等宽。"
        yield from row_faults(table, height=8844 if width == 12756 else 12756)


def row_faults(table: etree._Element, *, height: int) -> Iterator[str]:
    """Find rows that are kept on one page and are higher than it: what does not fit is on no page."""
    for number, row in enumerate(table.iterchildren(f"{_W}tr")):
        if row.find(f"{_W}trPr/{_W}cantSplit") is not None and _row_height(row) > height:
            yield f"表格第{number}行高过一页又不许跨页，印出来会缺字。"


def _row_height(row: etree._Element) -> int:
    """Estimate a row's height: lines of 五号 type 20 points apart, a character lost at the end of each."""
    lines = 1
    for cell in row.iterchildren(f"{_W}tc"):
        width = int(cell.find(f"{_W}tcPr/{_W}tcW").get(f"{_W}w")) - 330
        words = "".join(text.text or "" for text in cell.iter(f"{_W}t"))
        wide = sum(210 if ord(character) > 0x2000 else 105 for character in words)
        lines = max(lines, -(-wide // max(width, 210)))
    return 400 * lines


def _style(paragraph: etree._Element) -> str:
    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if found is None else str(found.get(f"{_W}val"))


def own_text(paragraph: etree._Element) -> str:
    """Return the words of a paragraph, without those of drawings that hang on it."""
    return "".join(text.text or "" for text in paragraph.iterchildren(f"{_W}r") for text in text.iterchildren(f"{_W}t"))


def _inside_table(paragraph: etree._Element) -> bool:
    return any(parent.tag in {f"{_W}tbl", f"{_W}txbxContent"} for parent in paragraph.iterancestors())
