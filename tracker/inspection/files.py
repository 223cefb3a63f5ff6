"""A complete file by its ending: what kind it must be, and everything in it that is refused."""

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from tracker.inspection import open_xml, programs
from tracker.inspection.markings import is_marked_name
from tracker.inspection.ole2 import inspect_ole2
from tracker.inspection.packages import Package
from tracker.inspection.pdf_objects import inspect_pdf
from tracker.inspection.refusals import (
    ArchiveNested,
    ContentUnlikeEnding,
    EmptyFile,
    EndingNotAllowed,
    ObjectInside,
    ProgramInside,
    SecrecyMarked,
)
from tracker.inspection.relationships import EVIDENCE
from tracker.inspection.texts import refuse_marked

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_MARKS_OF_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SECRET = "密"  # in each level of secrecy
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_MAIN_PART = {
    "docx": "wordprocessingml.document.main+xml",
    "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}

# Ending → first bytes and media type. The endings wps and et are WPS Office's own; it writes them as OLE2.
ALLOWED = {
    "pdf": (b"%PDF-", "application/pdf"),
    "docx": (_ZIP, _OPEN_XML + "wordprocessingml.document"),
    "xlsx": (_ZIP, _OPEN_XML + "spreadsheetml.sheet"),
    "pptx": (_ZIP, _OPEN_XML + "presentationml.presentation"),
    "ofd": (_ZIP, "application/ofd"),
    "zip": (_ZIP, "application/zip"),
    "doc": (_OLE2, "application/msword"),
    "xls": (_OLE2, "application/vnd.ms-excel"),
    "wps": (_OLE2, "application/vnd.ms-works"),
    "et": (_OLE2, "application/vnd.ms-excel"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "txt": (b"", "text/plain"),
}
# What may lie in an archive besides and is read as text there.
_TEXTS = frozenset(("txt", "csv", "tsv", "md", "xml", "htm", "html", "json", "log"))
_DOCUMENTS = frozenset(ALLOWED) - _TEXTS - {"zip"}


def inspect_file(file: BinaryIO, *, ending: str) -> str:
    """Return the media type of a file that may be handed in.

    Raises EndingNotAllowed, EmptyFile, ContentUnlikeEnding, SecrecyMarked and what else `refusals` lists.
    """
    if ending not in ALLOWED:
        raise EndingNotAllowed(ending=ending, allowed=", ".join(sorted(ALLOWED)))
    first_bytes, media_type = ALLOWED[ending]
    file.seek(0)
    head = file.read(max(1, len(first_bytes)))
    if not head:
        raise EmptyFile()
    if not head.startswith(first_bytes):
        raise ContentUnlikeEnding(ending=ending)
    file.seek(0)
    inspect = _INSPECTORS.get(ending)
    if inspect is not None:
        inspect(file, ending)
    return media_type


def inspect_package(file: BinaryIO, ending: str) -> None:
    """Examine Office Open XML or OFD, and the workbooks behind its charts. Raises what `inspect_file` raises."""
    package = Package(file)
    types = open_xml.content_types(package)
    if ending in _MAIN_PART:
        is_kind = any(_MAIN_PART[ending] in kind for kind in types)
        macros = any("macroenabled" in kind for kind in types)  # said as what it is, below
    else:
        is_kind, macros = "OFD.xml" in package.parts, False
    if not is_kind and not macros:
        raise ContentUnlikeEnding(ending=ending)
    for refusal in open_xml.faults(package, EVIDENCE):
        raise refusal
    for name in open_xml.chart_data(package):
        workbook = Package(io.BytesIO(package.read(name)))
        if next(open_xml.chart_data(workbook), None) is not None:
            raise ObjectInside(part=name)
        for refusal in open_xml.faults(workbook, EVIDENCE):
            raise refusal


def _inspect_archive(file: BinaryIO, _ending: str) -> None:
    """Examine each file of an archive as if it had been handed in alone."""
    package = Package(file)
    for name in package.parts:
        base = name.rpartition("/")[2]
        ending = base.rpartition(".")[2].lower()
        head = package.read(name, at_most=programs.HEAD_BYTES)
        if is_marked_name(base.rpartition(".")[0] or base):
            raise SecrecyMarked(place="name")
        if programs.runs_by_name(base) or programs.is_program(head):
            raise ProgramInside(part=name)
        packed = programs.is_archive(head) and ALLOWED.get(ending, (b"",))[0] != _ZIP
        if programs.is_archive_by_name(base) or packed:
            raise ArchiveNested(part=name)
        if ending == "rtf" or head.startswith(b"{\\rt"):  # carries objects as text, which nothing here reads
            raise EndingNotAllowed(ending="rtf", allowed=", ".join(sorted(ALLOWED)))
        if ending in _DOCUMENTS and head:
            inspect_file(io.BytesIO(package.read(name)), ending=ending)
        elif ending in _TEXTS or head.startswith((b"%PDF-", _OLE2)):
            _inspect_by_content(package.read(name), head, ending)


def _inspect_by_content(content: bytes, head: bytes, ending: str) -> None:
    """Examine what is something else than its ending says, or a text."""
    if head.startswith(b"%PDF-"):
        inspect_pdf(io.BytesIO(content))
    elif head.startswith(_OLE2):
        inspect_ole2(io.BytesIO(content))
    else:
        for text in _readings(content):
            refuse_marked(text, place=ending)


def _inspect_text(file: BinaryIO, ending: str) -> None:
    content = file.read()
    for reading in _readings(content):
        refuse_marked(reading, place="text")
    text = decode_text(content)
    if text is None or "\0" in text:
        raise ContentUnlikeEnding(ending=ending)


def _readings(content: bytes) -> Iterator[str]:
    """Yield a text as it reads in each encoding that it may be in: only UTF-8 and marked UTF-16 tell themselves."""
    if content.startswith(_MARKS_OF_UTF16):
        yield content.decode("utf-16", "replace")
        return
    try:
        yield content.decode("utf-8-sig")
    except UnicodeDecodeError:
        for encoding in ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be"):
            if _SECRET.encode(encoding) in content:
                yield content.decode(encoding, "replace")


def decode_text(content: bytes) -> str | None:
    """Return a text in the encoding that it is written in; None where it is in none that is known."""
    wide = content.startswith(_MARKS_OF_UTF16)
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


_INSPECTORS: dict[str, Callable[[BinaryIO, str], None]] = {
    **dict.fromkeys(("docx", "xlsx", "pptx", "ofd"), inspect_package),
    **dict.fromkeys(("doc", "xls", "wps", "et"), lambda file, _ending: inspect_ole2(file)),
    "pdf": lambda file, _ending: inspect_pdf(file),
    "zip": _inspect_archive,
    "txt": _inspect_text,
}
