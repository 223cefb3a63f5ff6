"""Reads the text of an uploaded document: .txt, .docx, .pdf with a text layer. What cannot be read is refused whole."""

import importlib
from pathlib import Path

from tracker.domain.errors import BadInput
from tracker.gateways.bounded import READING_CPU_SECONDS, read_bounded
from tracker.gateways.upload_inspection import EndingNotAllowed, ending_of_unmarked, inspect_upload, inspect_within
from tracker.inspection.files import decode_text
from tracker.inspection.refusals import FileDamaged

ENDINGS = ("docx", "pdf", "txt")
LONGEST_TEXT = 2_000_000


class TextTooLong(BadInput):
    """Facts: longest (characters)."""

    code = "text_too_long"


def read_document_file(path: Path, *, name: str) -> str:
    """Return the raw text of a file that was handed in as `name`.

    Raises EndingNotAllowed, FileDamaged, ScanWithoutText, PdfTooLong, TextTooLong, FileTooComplex and what
    `inspect_upload` refuses.
    """
    ending = ending_to_read(name)
    inspect_upload(path, name)
    return str(read_bounded(read_within, str(path.resolve()), ending, cpu_seconds=READING_CPU_SECONDS))


def read_handed_in(path: str, name: str) -> str:
    """Inspect and read a file in a process that has limits. Raises what `read_document_file` raises."""
    ending = ending_to_read(name)
    inspect_within(path, ending_of_unmarked(name))
    return read_within(path, ending)


def ending_to_read(name: str) -> str:
    """Return the ending of a file that can be read. Raises EndingNotAllowed."""
    ending = Path(name).suffix[1:].lower()
    if ending not in ENDINGS:
        raise EndingNotAllowed(ending=ending, allowed="、".join(ENDINGS))
    return ending


def read_within(path: str, ending: str) -> str:
    """Read a file in this process: only for one that has limits. Raises what `read_document_file` raises."""
    text = {"docx": _read_docx, "pdf": _read_pdf, "txt": _read_txt}[ending](Path(path))
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(longest=LONGEST_TEXT)
    return text


def _read_txt(path: Path) -> str:
    text = decode_text(path.read_bytes())
    if text is None:
        raise FileDamaged()
    return text


def _read_pdf(path: Path) -> str:
    # Its library takes longer to load than a text takes to read.
    return str(importlib.import_module("tracker.gateways.pdf_text").read_pdf(path))


def _read_docx(path: Path) -> str:
    # The same holds of the library for XML.
    return str(importlib.import_module("tracker.gateways.word_text").read_docx(path))
