"""Templates made by the office in Word: allow-listed fields like {{标题}}, checked before they are kept, then filled.

A template is data: no expression is evaluated, nothing in it is run, nothing outside of it is fetched.
"""

import copy
import re
import zipfile
from collections.abc import Callable
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
FIELDS = (*_INLINE, BODY, HEADING, ANNEXES)
LARGEST_BYTES = 5 * 1024 * 1024
_MAIN_TYPE = "wordprocessingml.document.main+xml"
_NO_WORD = "不是可以打开的Word文件（.docx）。"
_HALF_LINE = "290"
# Between text and date stand some blank lines, the list of annexes and the signature; what is longer is no end.
_MOST_BETWEEN = 12
_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


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
        words = [paragraph.text for paragraph in _paragraphs(Document(BytesIO(docx)))]  # type: ignore[no-untyped-call] # no types
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError):
        return TemplateReport((), (_NO_WORD,))
    fields = [name for text in words for name in _FIELD.findall(text)]
    faults = [f"字段{quoted(name)}不在允许之列。" for name in dict.fromkeys(fields) if name not in FIELDS]
    if any("{%" in text or "{#" in text for text in words):
        faults.append("模板中不能有“{%”一类的语句，只能使用字段。")
    for name in ("标题", BODY):
        if name not in fields:
            faults.append(f"缺少字段“{{{{{name}}}}}”。")
    for name in (BODY, HEADING, ANNEXES):
        if any(name in _FIELD.findall(text) and not _FIELD.fullmatch(text.strip()) for text in words):
            faults.append(f"字段“{{{{{name}}}}}”须单独成段。")
    return TemplateReport(tuple(dict.fromkeys(fields)), tuple(faults))


def fill_template(docx: bytes, document: OfficialDocument, *, closer: bool = False) -> bytes:
    """Put a circular into a template; the same two give the same bytes. Raises TemplateRefused.

    The end of the text is kept with what stands below it down to the date; `closer` halves the blank lines between.
    """
    report = inspect_template(docx)
    if report.faults:
        raise TemplateRefused(faults="".join(report.faults))
    package = Document(BytesIO(docx))
    paragraphs = list(_paragraphs(package))  # type: ignore[no-untyped-call] # no types
    heading = next((p for p in paragraphs if _field_of(p) == HEADING), None)
    model = heading._p if heading is not None else None
    signed = [p._p for p in paragraphs if {"署名", "成文日期"} & set(_FIELD.findall(p.text))]
    last = None
    for paragraph in paragraphs:
        name = _field_of(paragraph)
        if name == BODY:
            last = _put_body(paragraph._p, document, model)
        elif name == ANNEXES:
            define_styles(package)
            _put_annexes(paragraph._p, document)
        elif name != HEADING:
            _put_words(paragraph._p, document)
    if model is not None:
        model.getparent().remove(model)
    if last is not None and signed:
        _keep_together(last, signed[-1], closer=closer)
    properties = package.core_properties
    properties.title, properties.author, properties.last_modified_by = document.title, document.signature, ""
    saved = BytesIO()
    package.save(saved)
    return repack(saved.getvalue())


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


def _paragraphs(package):  # type: ignore[no-untyped-def] # python-docx ships no types
    """Yield the paragraphs of body, tables, heads and feet."""
    yield from package.paragraphs
    for table in package.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs
    for section in package.sections:
        for part in (section.header, section.footer):
            yield from part.paragraphs


def _field_of(paragraph) -> str | None:  # type: ignore[no-untyped-def] # as above
    """Return the field that fills a whole paragraph, if one does."""
    found = _FIELD.fullmatch(paragraph.text.strip())
    return found[1] if found else None


def _put_words(paragraph, document: OfficialDocument) -> None:  # type: ignore[no-untyped-def] # as above
    """Replace the fields of a paragraph; a field that Word cut into several runs takes the first one's format."""
    runs = paragraph.findall(qn("w:r"))
    text = "".join(_text(run) for run in runs)
    if not _FIELD.search(text):
        return
    done = _FIELD.sub(lambda found: _INLINE[found[1]](document), text)
    _set_text(runs[0], done)
    for run in runs[1:]:
        paragraph.remove(run)


def _put_body(paragraph, document: OfficialDocument, heading):  # type: ignore[no-untyped-def] # as above
    """Put the sentences in the place of a paragraph, and return the last; None where there is none."""
    made = None
    for level, words in document.body:
        model = heading if level and heading is not None else paragraph
        made = copy.deepcopy(model)
        runs = made.findall(qn("w:r"))
        for run in runs[1:]:
            made.remove(run)
        _set_text(runs[0], words)
        paragraph.addprevious(made)
    paragraph.getparent().remove(paragraph)
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
    paragraph.getparent().remove(paragraph)


def _annex_note(document: OfficialDocument) -> str:
    titles = [annex.title for annex in document.annexes]
    if not titles:
        return ""
    if len(titles) == 1:
        return f"附件：{titles[0]}"
    return "附件：" + "  ".join(f"{place}.{title}" for place, title in enumerate(titles, 1))


def _text(run) -> str:  # type: ignore[no-untyped-def] # as above
    return "".join(text.text or "" for text in run.findall(qn("w:t")))


def _set_text(run, words: str) -> None:  # type: ignore[no-untyped-def] # as above
    for child in run.findall(qn("w:t")):
        run.remove(child)
    made = run.makeelement(qn("w:t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    made.text = ooxml.allowed(words)
    run.append(made)
