"""Templates made by the office in Word: allow-listed fields like {{标题}}, checked before they are kept, then filled.

A template is data: no expression is evaluated, nothing in it is run, nothing outside of it is fetched.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import takewhile
from pathlib import Path

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from tracker.domain.calendar import full_date
from tracker.domain.errors import BadInput
from tracker.domain.quoting import quoted
from tracker.inspection import open_xml
from tracker.inspection.packages import Package
from tracker.inspection.refusals import ArchiveDamaged
from tracker.inspection.relationships import TEMPLATE
from tracker.paper import ooxml
from tracker.paper.columns import fitted_columns, wrapped_heads, wrapped_rows
from tracker.paper.documents import OfficialDocument
from tracker.paper.package import define_styles, repack
from tracker.paper.template_places import (
    BRACKETS,
    FIELD,
    blank,
    field_alone,
    fields_in,
    is_plain,
    own_words,
    places,
    repeated,
    replace_fields,
    retire,
    shown_words,
    stands_in_text,
)
from tracker.paper.template_samples import trials
from tracker.wording.refusals import sentence

BODY, HEADING, ANNEXES = "正文", "一级标题", "附件"
_INLINE: dict[str, Callable[[OfficialDocument], str]] = {
    "标题": lambda document: document.title,
    "文号": lambda document: document.number,
    "主送": lambda document: document.addressees,
    "署名": lambda document: "\u3000".join(document.organs),
    "成文日期": lambda document: full_date(document.dated_on),
    "抄送": lambda document: document.copies,
    "附注": lambda document: document.note,
    "紧急程度": lambda document: document.urgency,
    "印发机关": lambda document: document.print_office,
    "印发日期": lambda document: full_date(document.dated_on),
    "附件说明": lambda document: _annex_note(document),
}
_BLOCKS = (BODY, HEADING, ANNEXES)
FIELDS = (*_INLINE, *_BLOCKS)
# What a paper may have nothing of: a label beside it (抄送：…。) and brackets around it say nothing then.
_MAY_LACK = {"主送", "抄送", "附注", "紧急程度", "附件说明"}
_ANNEX_LABEL = "附件："
LARGEST_BYTES = 5 * 1024 * 1024
_MAIN_TYPE = "wordprocessingml.document.main+xml"
_NO_WORD = "不是可以打开的Word文件（.docx）。"
_CANNOT_FILL = "按样例填写不成，模板的结构有误，请用Word另存后重新上传。"
_ELSEWHERE = "内容控件、链接、域、批注、脚注、修订痕迹、艺术字"
# What python-docx raises where a file lacks what it should have.
_LACKING = (AttributeError, LookupError, TypeError, ValueError)
_HALF_LINE = "290"
# Between text and date stand some blank lines, the list of annexes and the signature; what is longer is no end.
_MOST_BETWEEN = 12


class TemplateRefused(BadInput):
    """The template cannot be kept; facts: faults, a sentence for each."""

    code = "template_refused"


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """The fields that a template uses, in order, and what is wrong with it, in Chinese."""

    fields: tuple[str, ...]
    faults: tuple[str, ...]


def inspect_template_file(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return fields and faults of a file: only for a process that has limits, to which a hostile file is left."""
    report = inspect_template(Path(path).read_bytes())
    return report.fields, report.faults


def inspect_template(docx: bytes) -> TemplateReport:
    """Check a template before it is kept, and before it is filled: what was kept earlier is held to the same standard.

    Never raises for what a file holds.
    """
    faults = _unsafe(docx)
    if faults:
        return TemplateReport((), tuple(dict.fromkeys(faults)))
    try:
        found = places(Document(BytesIO(docx)))
        shown = [*map(own_words, found), *shown_words(docx)]
    except (zipfile.BadZipFile, PackageNotFoundError, *_LACKING, etree.XMLSyntaxError):
        return TemplateReport((), (_NO_WORD,))
    fields = tuple(dict.fromkeys(name for one in found for name in fields_in(one)))
    named = dict.fromkeys(name for words in shown for name in FIELD.findall(words))
    faults = [f"字段{quoted(name)}不在允许之列。" for name in named if name not in FIELDS]
    if any("{%" in words or "{#" in words for words in shown):
        faults.append("模板中不能有“{%”一类的语句，只能使用字段。")
    faults += [f"缺少字段“{{{{{name}}}}}”。" for name in ("标题", BODY) if name not in named]
    for name in _BLOCKS:
        faults += _misplaced(name, [one for one in found if name in fields_in(one)])
    return TemplateReport(fields, tuple(faults or dict.fromkeys(_tried(docx))))


def _misplaced(name: str, found: list) -> Iterator[str]:  # type: ignore[type-arg] # python-docx ships no types
    """Say what is wrong with the places of a field that paragraphs stand for."""
    field = f"字段“{{{{{name}}}}}”"
    if any(field_alone(one) != name or not is_plain(one) for one in found):
        yield f"{field}须单独成段，同段不能有其他文字、换行、图形和链接。"
    if len(found) > 1:
        yield f"{field}只能写一处。"
    if not all(stands_in_text(one, in_tables=name != ANNEXES) for one in found):
        tables = "可以写在没有固定行高的表格中，" if name != ANNEXES else "表格、"
        yield f"{field}须写在正文中，{tables}不能写在页眉、页脚、文本框中。"


def _tried(docx: bytes) -> Iterator[str]:
    """Say why a template cannot be filled, or what fields are left in it where nothing can be put."""
    try:
        left = [words for paper in trials() for words in shown_words(fill_checked(docx, paper))]
    except TemplateRefused as refusal:
        yield str(refusal.facts["faults"])
        return
    left = [words for words in left if any(bracket in words for bracket in BRACKETS)]
    names = dict.fromkeys(name for words in left for name in FIELD.findall(words))
    for name in names:
        yield f"字段“{{{{{name}}}}}”所在位置不能填写：字段不能写在{_ELSEWHERE}中。"
    if left and not names:
        yield "有的字段没有写完整，须用半角双花括号括起，如“{{标题}}”，中间不换行。"


def fill_template(docx: bytes, document: OfficialDocument, *, closer: bool = False) -> bytes:
    """Put a circular into a template; the same two give the same bytes. Raises TemplateRefused.

    The end of the text is kept with what stands below it down to the date; `closer` halves the blank lines between.
    """
    checked_fields(docx)
    return fill_checked(docx, document, closer=closer)


def checked_fields(docx: bytes) -> tuple[str, ...]:
    """Return the fields of a template that can be filled. Raises TemplateRefused."""
    report = inspect_template(docx)
    if report.faults:
        raise TemplateRefused(faults="".join(report.faults))
    return report.fields


def fill_checked(docx: bytes, document: OfficialDocument, *, closer: bool = False) -> bytes:
    """Fill a template that was checked in this very act, as `fill_template` does. Raises TemplateRefused."""
    try:
        package = Document(BytesIO(docx))
        _fill(package, document, closer=closer)
        saved = BytesIO()
        package.save(saved)
        return repack(saved.getvalue())
    except _LACKING:
        raise TemplateRefused(faults=_CANNOT_FILL) from None


def _fill(package, document: OfficialDocument, *, closer: bool) -> None:  # type: ignore[no-untyped-def] # no types
    paragraphs = places(package)
    model = next((one for one in paragraphs if field_alone(one) == HEADING), None)
    signed = [one for one in paragraphs if {"署名", "成文日期"} & set(fields_in(one))]
    last = None
    for paragraph in paragraphs:
        name = field_alone(paragraph)
        if name == BODY:
            last = _put_body(paragraph, document, model)
        elif name == ANNEXES:
            define_styles(package)
            _put_annexes(paragraph, document)
        elif name != HEADING:
            _put_words(paragraph, document)
    if model is not None:
        retire(model)
    below = [one for one in signed if last is not None and one.getparent() is last.getparent()]
    if below:
        _keep_together(last, below[-1], closer=closer)
    properties = package.core_properties
    properties.title, properties.author, properties.last_modified_by = document.title, document.signature, ""


def _unsafe(docx: bytes) -> list[str]:
    """Say what a template must not carry: macros, objects, any link or field that reads from elsewhere."""
    try:
        package = Package(BytesIO(docx))
        faults = [sentence(refusal) for refusal in open_xml.faults(package, TEMPLATE)]
        is_word = any(_MAIN_TYPE in kind for kind in open_xml.content_types(package))
        return faults or ([] if is_word else [_NO_WORD])
    except ArchiveDamaged:
        return [_NO_WORD]
    except BadInput as refusal:
        return [sentence(refusal)]


def _put_words(paragraph, document: OfficialDocument) -> None:  # type: ignore[no-untyped-def] # as above
    """Replace the fields of a paragraph; one whose fields all have nothing to say loses its other words too."""
    names = set(fields_in(paragraph))
    if names and names <= _MAY_LACK and not any(_INLINE[name](document) for name in names):
        blank(paragraph)
        return
    is_labelled = f"{_ANNEX_LABEL}{{{{" in "".join(own_words(paragraph).split())

    def value(name: str) -> str:
        words = _INLINE[name](document)
        return words.removeprefix(_ANNEX_LABEL) if name == "附件说明" and is_labelled else words

    replace_fields(paragraph, value)


def _put_body(paragraph, document: OfficialDocument, heading):  # type: ignore[no-untyped-def] # as above
    """Put the sentences in the place of a paragraph, and return the last; None where there is none."""
    made = None
    for level, words in document.body:
        made = repeated(heading if level and heading is not None else paragraph)  # type: ignore[no-untyped-call]
        replace_fields(made, {BODY: words, HEADING: words}.__getitem__)
        paragraph.addprevious(made)
    retire(paragraph)
    return made


def _keep_together(text, date, *, closer: bool) -> None:  # type: ignore[no-untyped-def] # as above
    """Keep the last sentence on the page of the date below it, as far as both are one text (7.3.5.5)."""
    between = list(takewhile(lambda one: one is not date, text.itersiblings()))
    is_one_text = date in text.getparent() and len(between) <= _MOST_BETWEEN
    if not is_one_text or any(one.tag != qn("w:p") for one in between):
        return
    for one in (text, *between):
        properties = one.get_or_add_pPr()
        properties.get_or_add_keepNext()
        if closer and one in between and not "".join(one.itertext()).strip():
            spacing = properties.get_or_add_spacing()
            for name, value in (("line", _HALF_LINE), ("lineRule", "exact"), ("before", "0"), ("after", "0")):
                spacing.set(qn(f"w:{name}"), value)


def _put_annexes(paragraph, document: OfficialDocument) -> None:  # type: ignore[no-untyped-def] # as above
    for place, annex in enumerate(document.annexes, 1):
        # The template's sheet is upright, whatever ours would be.
        columns = fitted_columns(annex.columns, annex.rows, whole=ooxml.TYPE_AREA_WIDTH)
        mark = f"附件{place if len(document.annexes) > 1 else ''}"
        blocks = [
            ooxml.paragraph(mark, style="AnnexMark", properties="<w:keepNext/><w:pageBreakBefore/>"),
            ooxml.paragraph(annex.title, style="AnnexTitle", properties="<w:keepNext/>"),
            ooxml.table(wrapped_heads(columns), wrapped_rows(columns, annex.rows)),
        ]
        for block in blocks:
            name = block[1 : block.index(">")].split(" ", 1)[0]
            paragraph.addprevious(parse_xml(block.replace(f"<{name}", f"<{name} {ooxml.NAMESPACES}", 1)))
    retire(paragraph)


def _annex_note(document: OfficialDocument) -> str:
    titles = [annex.title for annex in document.annexes]
    if not titles:
        return ""
    if len(titles) == 1:
        return f"{_ANNEX_LABEL}{titles[0]}"
    return _ANNEX_LABEL + "  ".join(f"{place}.{title}" for place, title in enumerate(titles, 1))
