"""A complete file by its ending: what kind it must be, and everything in it that is refused."""

import importlib
import io
import re
from collections.abc import Callable
from typing import BinaryIO

from tracker.domain.errors import BadInput
from tracker.inspection import open_xml, programs
from tracker.inspection.comma_tables import fault_of_table
from tracker.inspection.leftovers import is_leftover
from tracker.inspection.markings import is_marked_name, is_starred
from tracker.inspection.ole2 import OLE2, inspect_ole2
from tracker.inspection.packages import Package, ending_of
from tracker.inspection.refusals import (
    ArchiveNested,
    ContentUnlikeEnding,
    EmptyFile,
    EndingNotAllowed,
    FieldFetches,
    MemberNotAllowed,
    ObjectInside,
    ProgramInside,
    SecrecyMarked,
)
from tracker.inspection.relationships import EVIDENCE
from tracker.inspection.texts import MARKS_OF_UTF16, readings, refuse_marked

_ZIP = b"PK\x03\x04"
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
    "doc": (OLE2, "application/msword"),
    "xls": (OLE2, "application/vnd.ms-excel"),
    "wps": (OLE2, "application/vnd.ms-works"),
    "et": (OLE2, "application/vnd.ms-excel"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "gif": (b"GIF8", "image/gif"),
    "bmp": (b"BM", "image/bmp"),
    "txt": (b"", "text/plain"),
    "csv": (b"", "text/csv"),
}
_ALLOWED_IN_ARCHIVES = ", ".join(sorted(ALLOWED.keys() - {"zip"}))
_NO_TEXTS = (b"%PDF-", b"{\\rt")  # RTF carries objects as text, which nothing here reads


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
        is_kind, macros = open_xml.OFD_ROOT in package.parts, False
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


def _inspect_archive(file: BinaryIO, ending: str) -> None:
    """Examine each file of an archive as if it had been handed in alone, and all that is said beside them."""
    package = Package(file)
    if open_xml.is_document(package):
        raise ContentUnlikeEnding(ending=ending)
    for raw in package.names:
        for reading in readings(raw):
            _refuse_marked_path(reading)
    for comment in package.comments:
        for reading in readings(comment):
            refuse_marked(reading, place="comment")
    for name in package.parts:
        _inspect_member(package, name)


def _refuse_marked_path(path: str) -> None:
    """Raises SecrecyMarked for a marking in the name of a file or of any folder above it."""
    for piece in re.split(r"[/\\]", path):
        if is_marked_name(piece) or is_marked_name(piece.rpartition(".")[0]):
            raise SecrecyMarked(place="name", in_member=path)


def _inspect_member(package: Package, name: str) -> None:
    """Raises MemberNotAllowed, ArchiveNested, and what `inspect_file` raises, with the name of the member."""
    ending = ending_of(name)
    head = package.read(name, at_most=programs.HEAD_BYTES)
    leftover = is_leftover(name, head, beside=package.paths)
    if ending == "zip" or (programs.is_archive(head) and ALLOWED.get(ending, (b"",))[0] != _ZIP):
        raise ArchiveNested(part=name)
    if ending not in ALLOWED and not leftover:
        raise MemberNotAllowed(part=name, allowed=_ALLOWED_IN_ARCHIVES)
    content = package.read(name)
    try:
        if leftover:
            _inspect_leftover(content)
        else:
            inspect_file(io.BytesIO(content), ending=ending)
    except BadInput as refusal:
        refusal.facts["in_member"] = name
        raise


def _inspect_leftover(content: bytes) -> None:
    """Raises SecrecyMarked, and what `inspect_ole2` raises."""
    if content.startswith(OLE2):
        inspect_ole2(io.BytesIO(content))
    elif any(is_starred(reading) for reading in readings(content)):
        raise SecrecyMarked(place="text")


def _inspect_text(file: BinaryIO, ending: str) -> None:
    content = file.read()
    for reading in readings(content):
        refuse_marked(reading, place="text")
    text = decode_text(content)
    if text is None or "\0" in text or content.startswith(_NO_TEXTS):
        raise ContentUnlikeEnding(ending=ending)
    if programs.is_program(content[: programs.HEAD_BYTES]):
        raise ProgramInside(part=ending)
    if ending == "csv" and (fault := fault_of_table(text)) is not None:
        raise FieldFetches(part=fault[0], field=fault[1])


def _inspect_pdf(file: BinaryIO, _ending: str) -> None:
    # Its library takes longer to load than any other file takes to inspect.
    importlib.import_module("tracker.inspection.pdf_objects").inspect_pdf(file)


def decode_text(content: bytes) -> str | None:
    """Return a text in the encoding that it is written in; None where it is in none that is known."""
    wide = content.startswith(MARKS_OF_UTF16)
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


_INSPECTORS: dict[str, Callable[[BinaryIO, str], None]] = {
    **dict.fromkeys(("docx", "xlsx", "pptx", "ofd"), inspect_package),
    **dict.fromkeys(("doc", "xls", "wps", "et"), lambda file, _ending: inspect_ole2(file)),
    "pdf": _inspect_pdf,
    "zip": _inspect_archive,
    **dict.fromkeys(("txt", "csv"), _inspect_text),
}
