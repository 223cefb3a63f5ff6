"""The part of the check of a Word file that is about several organs issuing it together 「联合行文」.

It reads the file itself. Source: GB/T 9704-2012, clauses in brackets.
"""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from tracker.domain.quoting import quoted
from tracker.paper.joint import MOST_IN_A_ROW
from tracker.paper.ooxml import TYPE_AREA_WIDTH, text_width

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DAY = re.compile(r"^20\d\d年[1-9]\d?月[1-9]\d?日$")
_RED = "FF0000"


def joint_deviations(body: etree._Element, *, numbers: Sequence[str]) -> Iterator[str]:
    """Find what a paper of several organs does not keep to; `numbers` are the 发文字号 that stand in it."""
    rows, head = signature_rows(body), _head(body)
    signed = [name for row in rows for name in row]
    yield from _beyond_the_line(body)
    if len(signed) < 2 and head is None:
        return
    titles = [_text(block) for block in body.iterchildren(f"{_W}p") if _style(block) == "OfficialTitle"]
    broken = [name for name in signed if name in "".join(titles) and not any(name in line for line in titles)]
    if broken:
        yield f"标题在机关名称“{broken[0]}”中间断行（7.3.1）。"
    if len(numbers) > 1:
        yield "联合行文应当只标主办机关的发文字号（7.2.5）。"
    if len(set(signed)) != len(signed):
        yield "落款中有机关重复署名（7.3.5）。"
    if any(len(row) > MOST_IN_A_ROW for row in rows):
        yield f"落款一排超过{MOST_IN_A_ROW}个机关，印章会相交或者超出版心（7.3.5.1）。"
    if head is None:
        return
    names, word = head
    if names and names != signed:
        yield "版头与落款所列机关或者次序不一致（7.2.4、7.3.5）。"
    if names and word not in ("文件", ""):
        yield "版头各机关名称右侧只能是“文件”二字（7.2.4）。"


def signature_rows(body: etree._Element) -> list[tuple[str, ...]]:
    """Return the names above the date of the text, row by row; empty where the paper has no date there."""
    found: list[tuple[str, ...]] = []
    for paragraph in body.iterchildren(f"{_W}p"):
        pieces = _pieces(paragraph)
        if len(pieces) == 1 and _DAY.match(pieces[0]) and _style(paragraph) == "OfficialFlush":
            return found
        found = [*found, pieces] if pieces and _style(paragraph) == "OfficialFlush" else []
    return []


def _beyond_the_line(body: etree._Element) -> Iterator[str]:
    """Find names that are centred for seals and leave the type area at the left or right (7.3.5.1)."""
    for paragraph in body.iterchildren(f"{_W}p"):
        tabs = [tab for tab in paragraph.iter(f"{_W}tab") if tab.get(f"{_W}val") == "center"]
        for tab, name in zip(tabs, _pieces(paragraph), strict=False):
            centre, half = int(tab.get(f"{_W}pos")), text_width(name) // 2
            if centre - half < 0 or centre + half > TYPE_AREA_WIDTH:
                yield f"落款{quoted(name)}超出版心（7.3.5.1）。"


def _head(body: etree._Element) -> tuple[list[str], str] | None:
    """Return the names of a head of several organs and what stands at their right; None of any other head."""
    for block in body:
        if block.tag == f"{_W}tbl":
            cells = list(block.iter(f"{_W}tc"))
            colours = {colour.get(f"{_W}val") for colour in block.iter(f"{_W}color")}
            if len(cells) != 2 or (colours and colours != {_RED}):
                return None
            names, word = ([_text(one) for one in cell.iterchildren(f"{_W}p")] for cell in cells)
            return [name for name in names if name], "".join(word)
        if _style(block) == "OfficialTitle":
            return None
    return None


def _pieces(paragraph: etree._Element) -> tuple[str, ...]:
    """Return what a paragraph shows between its tabs."""
    words = "".join(
        "\t" if child.tag == f"{_W}tab" else child.text or ""
        for run in paragraph.iterchildren(f"{_W}r")
        for child in run
        if child.tag in (f"{_W}tab", f"{_W}t")
    )
    return tuple(piece.strip() for piece in words.split("\t") if piece.strip())


def _text(paragraph: etree._Element) -> str:
    return "".join(text.text or "" for text in paragraph.iter(f"{_W}t"))


def _style(paragraph: etree._Element) -> str:
    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return "" if found is None else str(found.get(f"{_W}val"))
