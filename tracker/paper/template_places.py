"""Where the words of a Word file stand, and how fields among them are replaced: each paragraph once, where it lies.

A merged cell, or a head that several sections share, is one place in the file, however often it is shown.
"""

import copy
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import accumulate

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

from tracker.paper import ooxml

FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")  # e.g. {{标题}}
# What is left of a field that is not written as one: how it begins, on a Chinese keyboard too.
BRACKETS = ("{{", "｛｛")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BODY, _CELL = qn("w:body"), qn("w:tc")
_IN_BODY = {qn("w:document"), _BODY}
_IN_TABLES = {qn("w:tbl"), qn("w:tr"), _CELL}
# A content control may show what is kept elsewhere; what its words are replaced by need not stay.
_NOT_FILLED = qn("w:sdt")
_PLAIN = {qn(f"w:{name}") for name in ("pPr", "r", "proofErr", "bookmarkStart", "bookmarkEnd")}
_PLAIN_IN_RUNS = {qn(f"w:{name}") for name in ("rPr", "t", "tab", "lastRenderedPageBreak")}
_ONCE_ONLY = tuple(qn(f"w:{name}") for name in ("bookmarkStart", "bookmarkEnd"))
_SECTION = f"{qn('w:pPr')}/{qn('w:sectPr')}"


def places(package) -> list:  # type: ignore[no-untyped-def, type-arg] # python-docx ships no types
    """Return the paragraphs that can be filled: of the text, its tables and boxes, then of every head and foot."""
    roots = [package.element.body]
    for relation in package.part.rels.values():
        if relation.reltype in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER) and not relation.is_external:
            roots.append(relation.target_part.element)
    return [
        one
        for root in roots
        for one in root.iter(qn("w:p"))
        if not any(above.tag == _NOT_FILLED for above in one.iterancestors())
    ]


def own_words(paragraph) -> str:  # type: ignore[no-untyped-def] # as above
    """Return the words of a paragraph's own runs: not of boxes in it, of links, or of changes that are marked."""
    return "".join(text.text or "" for text in _texts(paragraph))


def fields_in(paragraph) -> list[str]:  # type: ignore[no-untyped-def] # as above
    return FIELD.findall(own_words(paragraph))


def field_alone(paragraph) -> str | None:  # type: ignore[no-untyped-def] # as above
    """Return the field that fills a whole paragraph, if one does."""
    found = FIELD.fullmatch(own_words(paragraph).strip())
    return found[1] if found else None


def is_plain(paragraph) -> bool:  # type: ignore[no-untyped-def] # as above
    """Tell whether a paragraph holds nothing but words, so that it may be repeated."""
    runs = paragraph.findall(qn("w:r"))
    return {one.tag for one in paragraph} <= _PLAIN and all({one.tag for one in run} <= _PLAIN_IN_RUNS for run in runs)


def stands_in_text(paragraph, *, in_tables: bool) -> bool:  # type: ignore[no-untyped-def] # as above
    """Tell whether a paragraph stands in the text itself, or in a table of it whose rows grow with their words."""
    above = list(paragraph.iterancestors())
    heights = [height for row in above for height in row.findall(f"{qn('w:trPr')}/{qn('w:trHeight')}")]
    fixed = any(height.get(qn("w:hRule")) == "exact" for height in heights)
    return {one.tag for one in above} <= (_IN_BODY | _IN_TABLES if in_tables else _IN_BODY) and not fixed


def replace_fields(paragraph, value: Callable[[str], str]) -> None:  # type: ignore[no-untyped-def] # as above
    """Put words in the place of every field; one that Word cut into several runs takes the first one's format."""
    texts = _texts(paragraph)
    lengths = [len(text.text or "") for text in texts]
    begins = [0, *accumulate(lengths)]
    # From the last one on: what stands before keeps its place.
    for found in reversed(list(FIELD.finditer(own_words(paragraph)))):
        words = ooxml.allowed(value(found[1]))
        for text, begin, length in zip(texts, begins, lengths, strict=False):
            start, end = found.start() - begin, found.end() - begin
            if end > 0 and start < length:
                old = text.text or ""
                _put(text, old[: max(start, 0)] + (words if start >= 0 else "") + (old[end:] if end < length else ""))


def blank(paragraph) -> None:  # type: ignore[no-untyped-def] # as above
    """Take the words out of a paragraph; what else stands in it stays."""
    for text in _texts(paragraph):
        _put(text, "")


def repeated(paragraph):  # type: ignore[no-untyped-def] # as above
    """Return a copy without what may be only once in a file: its marks, its own id, and the end of a section."""
    made = copy.deepcopy(paragraph)
    for one in [*made.iterchildren(*_ONCE_ONLY), *made.findall(_SECTION)]:
        one.getparent().remove(one)
    for name in [name for name in made.attrib if name.endswith("}paraId")]:
        del made.attrib[name]
    return made


def retire(paragraph) -> None:  # type: ignore[no-untyped-def] # as above
    """Take out a paragraph in whose place others stand; one that the file needs to be whole stays, empty.

    That is one which ends a section, or the only one at the end of a cell.
    """
    above, before = paragraph.getparent(), paragraph.getprevious()
    ends_cell = above.tag == _CELL and paragraph.getnext() is None and (before is None or before.tag != qn("w:p"))
    if ends_cell or paragraph.find(_SECTION) is not None:
        blank(paragraph)
    else:
        above.remove(paragraph)


def shown_words(docx: bytes) -> Iterator[str]:
    """Yield what any part of a file may show: the words of its paragraphs, and of attributes, as word art has them.

    What a file says of itself (docProps) is not shown. Raises what the XML parser does.
    """
    with zipfile.ZipFile(BytesIO(docx)) as package:
        for name in package.namelist():
            if name.startswith("docProps/") or not name.endswith(".xml"):
                continue
            for one in etree.fromstring(package.read(name)).iter(etree.Element):
                yield from (str(words) for words in one.attrib.values())
                if etree.QName(one).localname == "p":
                    yield "".join(part.text or "" for part in one.iter(etree.Element))


def _texts(paragraph) -> list:  # type: ignore[no-untyped-def, type-arg] # as above
    return [text for run in paragraph.findall(qn("w:r")) for text in run.findall(qn("w:t"))]


def _put(text, words: str) -> None:  # type: ignore[no-untyped-def] # as above
    text.text = words
    text.set(_SPACE, "preserve")
