"""Reads the text of an uploaded document: .txt, .docx, .pdf with a text layer. What cannot be read is refused whole."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from tracker.domain.errors import BadInput
from tracker.gateways.bounded import READING_CPU_SECONDS, read_bounded
from tracker.gateways.pdf_text import read_pdf
from tracker.gateways.upload_inspection import EndingNotAllowed, inspect_upload
from tracker.gateways.word_numbering import Numbering
from tracker.inspection.files import decode_text
from tracker.inspection.refusals import FileDamaged

ENDINGS = ("docx", "pdf", "txt")
LONGEST_TEXT = 2_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


class TextTooLong(BadInput):
    """Facts: longest (characters)."""

    code = "text_too_long"


def read_document_file(path: Path, *, name: str) -> str:
    """Return the raw text of a file that was handed in as `name`.

    Raises EndingNotAllowed, FileDamaged, ScanWithoutText, PdfTooLong, TextTooLong, FileTooComplex and what
    `inspect_upload` refuses.
    """
    ending = Path(name).suffix[1:].lower()
    if ending not in ENDINGS:
        raise EndingNotAllowed(ending=ending, allowed="、".join(ENDINGS))
    inspect_upload(path, name)
    return str(read_bounded(read_within, str(path.resolve()), ending, cpu_seconds=READING_CPU_SECONDS))


def read_within(path: str, ending: str) -> str:
    """Read a file in this process: only for one that has limits. Raises what `read_document_file` raises."""
    text = {"docx": _read_docx, "pdf": read_pdf, "txt": _read_txt}[ending](Path(path))
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(longest=LONGEST_TEXT)
    return text


def _read_txt(path: Path) -> str:
    text = decode_text(path.read_bytes())
    if text is None:
        raise FileDamaged()
    return text


def _read_docx(path: Path) -> str:
    """Return the body's paragraphs as they are shown: deletions left out, numbers of lists written out."""
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            body = _xml(package.read("word/document.xml"))
            numbering = _xml(package.read("word/numbering.xml")) if "word/numbering.xml" in names else None
            styles = _xml(package.read("word/styles.xml")) if "word/styles.xml" in names else None
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile, OSError) as error:
        raise FileDamaged() from error
    numbers = Numbering(numbering, styles)
    return "\n".join(_paragraphs(body, numbers))


def _xml(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(content, parser)


def _paragraphs(element: etree._Element, numbers: Numbering) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, numbers)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                cells = [" ".join(_paragraphs(cell, numbers)).strip() for cell in row.findall(f"{_W}tc")]
                yield " ".join(cell for cell in cells if cell)
        elif child.tag in {f"{_W}body", f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"}:
            yield from _paragraphs(child, numbers)


def _paragraph(paragraph: etree._Element, numbers: Numbering) -> Iterator[str]:
    words: list[str] = []
    boxes: list[etree._Element] = []
    _collect(paragraph, words, boxes)
    text = "".join(words)
    label = numbers.next_label(paragraph) if text.strip() else ""
    yield label + text
    for box in boxes:
        yield from _paragraphs(box, numbers)


def _collect(element: etree._Element, words: list[str], boxes: list[etree._Element]) -> None:
    """Gather the visible words of a paragraph; text boxes come after it."""
    for child in element:
        if child.tag in {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", _FALLBACK}:
            continue
        if child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag == f"{_W}t":
            words.append(child.text or "")
        elif child.tag == f"{_W}tab":
            words.append(" ")
        elif child.tag in {f"{_W}br", f"{_W}cr"}:
            words.append("\n")
        else:
            _collect(child, words, boxes)
