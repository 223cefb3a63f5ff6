"""A circular in a template of the office: filled, fitted where its text ends, and what can be read of it checked.

The finished file is read, not the template: what stands where a field stood is found by its words. Only what fills one
of the template's fields is held against GB/T 9704-2012 (clauses in brackets); the template's own words are its affair,
and which places were held is said.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO

from lxml import etree

from tracker.domain.calendar import full_date
from tracker.domain.quoting import quoted
from tracker.paper.checking import (
    WORD,
    bracket_faults,
    heading_faults,
    number_faults,
    numbering_faults,
    own_text,
    page_faults,
    row_faults,
    title_faults,
    word_faults,
)
from tracker.paper.documents import OfficialDocument
from tracker.paper.effective import Effective
from tracker.paper.fitting import begins_on_the_first_page, signature_is_alone
from tracker.paper.office_templates import BODY, HEADING, checked_fields, fill_checked
from tracker.paper.press import NO_TEXT_ON_PAGE_1, PageLines, Printed, pages_of_text

_TITLE_SIZE, _BODY_SIZE = 44, 32  # half points: 2号, 3号
_TYPE_HEIGHT, _LINES = 12756, 22
# Of what fills these the format says where it stands or how it is written.
_HELD = ("标题", "文号", "主送", BODY, HEADING, "署名", "成文日期")


def print_in_template(
    template: bytes, name: str, document: OfficialDocument, *, page_lines: PageLines | None, has_number: bool
) -> Printed:
    """Fill a template and hold what came out against the format, as far as its places are the standard's.

    `page_lines` breaks a file into pages; without it nothing is said of pages. Raises TemplateRefused.
    """
    fields = checked_fields(template)
    docx, remarks = fill_checked(template, document), [f"按自制模板{quoted(name)}排版。"]
    found = list(_deviations(docx, document, fields, has_number=has_number))
    if page_lines is None:
        remarks.append(_what_was_held(fields, pages=False))
        return Printed(docx, tuple(remarks), tuple(found))

    def pages(closer: bool) -> list[list[str]]:
        bare = replace(document, annexes=tuple(replace(annex, rows=()) for annex in document.annexes))
        return pages_of_text(page_lines(fill_checked(template, bare, closer=closer)))

    drawn = pages(False)
    if signature_is_alone(document, drawn):
        closer = pages(True)
        if signature_is_alone(document, closer):
            remarks.append("落款与正文不在同一页，请增删文字或者调整模板。")
        else:
            docx, drawn = fill_checked(template, document, closer=True), closer
            remarks.append("落款单独成页，已将落款前空行压缩为半行。")
    if not begins_on_the_first_page(document, drawn):
        found.insert(0, NO_TEXT_ON_PAGE_1)
    remarks.append(_what_was_held(fields, pages=True))
    return Printed(docx, tuple(remarks), tuple(found))


def _what_was_held(fields: tuple[str, ...], *, pages: bool) -> str:
    """Say which places of the standard the check covers, and that the rest is nobody's word but the template's."""
    held, lacking = ([name for name in _HELD if (name in fields) is there] for there in (True, False))
    words = f"格式检查的范围：纸张版心、页码、{'、'.join(held)}{'，以及正文起页和落款分页' if pages else ''}。"
    if lacking:
        words += f"模板没有{'、'.join(lacking)}的字段，这些没有检查；"
    return words + "红头、版记等模板自带的文字和图形由模板决定，没有检查。"


def _deviations(docx: bytes, document: OfficialDocument, fields: tuple[str, ...], *, has_number: bool) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(docx)) as package:
        names = set(package.namelist())
        parts = {
            name: etree.fromstring(package.read(f"word/{name}.xml"))
            for name in ("document", "styles", "settings")
            if f"word/{name}.xml" in names
        }
    body = parts["document"][0]
    shown = Effective(parts.get("styles"))
    yield from page_faults(body)
    yield from numbering_faults(parts.get("settings"), body)
    for field in _HELD:
        if field in fields:
            yield from _OF_FIELDS[field](document, _places(body, document, field), shown)
    if has_number and "文号" in fields:
        yield from number_faults([own_text(one) for one in _places(body, document, "文号")])
    yield from dict.fromkeys(word_faults(own_text(one) for one in body.iter(f"{WORD}p")))
    yield from bracket_faults(body)
    for table in body.iter(f"{WORD}tbl"):
        if any(_style_of(one).startswith("OfficialCellHead") for one in table.iter(f"{WORD}p")):
            yield from row_faults(table, height=_TYPE_HEIGHT)


def _places(body: etree._Element, document: OfficialDocument, field: str) -> list[etree._Element]:
    """Return the paragraphs that a field fills, by the words that it put there."""
    wanted = set(map(_bare, _WORDS[field](document))) - {""}
    return [one for one in body.iter(f"{WORD}p") if any(_holds(_bare(own_text(one)), words, field) for words in wanted)]


def _holds(text: str, words: str, field: str) -> bool:
    return text == words if field in (BODY, HEADING, "标题") else words in text


_WORDS: Mapping[str, Callable[[OfficialDocument], list[str]]] = {
    "标题": lambda document: [document.title],
    "文号": lambda document: [document.number],
    "主送": lambda document: [document.addressees],
    BODY: lambda document: [words for level, words in document.body if not level],
    HEADING: lambda document: [words for level, words in document.body if level],
    "署名": lambda document: ["".join(document.organs)],
    "成文日期": lambda document: [full_date(document.dated_on)],
}


def _title(document: OfficialDocument, found: list[etree._Element], shown: Effective) -> Iterator[str]:
    # The title may break where the template's sheet ends its lines; how long these are nobody can tell without drawing.
    yield from title_faults([document.title])
    for one in found[:1]:
        if shown.size(one) != _TITLE_SIZE:
            yield "标题不是2号字（7.3.1）。"
        if shown.of_paragraph(one, "jc", "val") != "center":
            yield "标题没有居中（7.3.1）。"


def _addressees(document: OfficialDocument, found: list[etree._Element], shown: Effective) -> Iterator[str]:
    for one in found[:1]:
        if not own_text(one).rstrip().endswith("："):
            yield "主送机关之后没有全角冒号（7.3.2）。"
        if shown.first_line(one) > 0:
            yield "主送机关没有顶格（7.3.2）。"


def _body(document: OfficialDocument, found: list[etree._Element], shown: Effective) -> Iterator[str]:
    for one in found[:1]:
        if shown.size(one) != _BODY_SIZE:
            yield "正文不是3号字（5.2.2）。"
        pitch = shown.pitch(one)
        if pitch is None:
            yield "正文行距没有固定，不能保证每面22行（5.2.3）。"
        elif _TYPE_HEIGHT // pitch != _LINES:
            yield f"正文行距每面排{_TYPE_HEIGHT // pitch}行，应为22行（5.2.3）。"
        if shown.first_line(one) <= 0 and not own_text(one).startswith("\u3000\u3000"):
            yield "正文段首没有空二字（7.3.3）。"


def _headings(document: OfficialDocument, found: list[etree._Element], shown: Effective) -> Iterator[str]:
    yield from heading_faults([words for level, words in document.body if level == 1])
    for one in found[:1]:
        if shown.size(one) != _BODY_SIZE:
            yield "一级标题不是3号字（5.2.2）。"


def _signature(document: OfficialDocument, found: list[etree._Element], shown: Effective) -> Iterator[str]:
    yield from _at_the_right(found[-1:], shown, "发文机关署名")


def _date(document: OfficialDocument, found: list[etree._Element], shown: Effective) -> Iterator[str]:
    yield from _at_the_right(found[-1:], shown, "成文日期")


def _at_the_right(found: list[etree._Element], shown: Effective, what: str) -> Iterator[str]:
    """Whoever signs stands at the right: set there, moved in from the left, or by blanks."""
    for one in found:
        moved = shown.of_paragraph(one, "jc", "val") in ("right", "end") or shown.left(one) > 0
        if not moved and not re.match(r"\s{2}|\t", own_text(one)):
            yield f"{what}没有居右编排（7.3.5）。"


def _nothing(document: OfficialDocument, found: list[etree._Element], shown: Effective) -> Iterator[str]:
    yield from ()


_OF_FIELDS: Mapping[str, Callable[[OfficialDocument, list[etree._Element], Effective], Iterator[str]]] = {
    "标题": _title,
    "文号": _nothing,
    "主送": _addressees,
    BODY: _body,
    HEADING: _headings,
    "署名": _signature,
    "成文日期": _date,
}


def _style_of(paragraph: etree._Element) -> str:
    found = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
    return "" if found is None else str(found.get(f"{WORD}val"))


def _bare(words: str) -> str:
    return re.sub(r"\s", "", words)
