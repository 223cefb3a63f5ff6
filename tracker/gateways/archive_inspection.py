"""Looks into zip archives, Office Open XML and OFD by their central directory, before anything is unpacked."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tracker.domain.errors import BadInput

MAX_ENTRIES = 2_000
MAX_TOTAL_BYTES = 200 * 1024 * 1024
MAX_RATIO = 100
# Entries this small may be packed as tightly as they like; together they stay below MAX_TOTAL_BYTES all the same.
_RATIO_COUNTS_FROM_BYTES = 64 * 1024
_MAX_TEXT_PART_BYTES = 32 * 1024 * 1024
_MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
_LONGEST_END_RECORD_BYTES = 22 + 65_535
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_NESTED = (".zip", ".rar", ".7z", ".tar", ".gz", ".bz2", ".xz")
_MAIN_PART = {
    "docx": b"wordprocessingml.document.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
    "pptx": b"presentationml.presentation.main+xml",
}
_CONTENT_TYPES = "[Content_Types].xml"


class ArchiveDamaged(BadInput):
    code = "archive_damaged"


class ArchiveTooLarge(BadInput):
    """Unpacked it would be out of proportion; facts: max_entries, max_mb."""

    code = "archive_too_large"


class ArchiveEncrypted(BadInput):
    """What cannot be read cannot be examined; facts: part."""

    code = "archive_encrypted"


class ArchiveNameUnsafe(BadInput):
    """An entry wants to lie outside the archive's folder, twice, or as a link; facts: part."""

    code = "archive_name_unsafe"


class ArchiveNested(BadInput):
    """An archive lies within the archive; facts: part."""

    code = "archive_nested"


class MacrosInside(BadInput):
    """The document carries a program; facts: part."""

    code = "macros_inside"


def inspect_archive(path: Path) -> list[zipfile.ZipInfo]:
    """Return the entries of a harmless archive.

    Raises ArchiveDamaged, ArchiveTooLarge, ArchiveEncrypted, ArchiveNameUnsafe, ArchiveNested, MacrosInside.
    """
    if _directory_bytes(path) > _MAX_DIRECTORY_BYTES:
        raise ArchiveTooLarge(max_entries=MAX_ENTRIES, max_mb=MAX_TOTAL_BYTES // 2**20)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, OSError) as error:
        raise ArchiveDamaged from error
    _check_size(parts)
    seen: set[str] = set()
    for part in parts:
        _check_part(part, seen)
    return parts


def is_kind(path: Path, ending: str, parts: Sequence[zipfile.ZipInfo]) -> bool:
    """Say whether an examined archive is the kind of document its ending names. Raises MacrosInside, ArchiveDamaged."""
    names = {part.filename for part in parts}
    if _CONTENT_TYPES in names:
        types = _read(path, _CONTENT_TYPES)
        if b"macroenabled" in types.lower():
            raise MacrosInside(part=_CONTENT_TYPES)
        if ending in _MAIN_PART:
            return _MAIN_PART[ending] in types
    if ending == "ofd":
        return "OFD.xml" in names
    return ending == "zip"


def read_text_parts(path: Path, parts: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    """Read the XML of a Word document's text, headers, footers and notes. Raises ArchiveTooLarge, ArchiveDamaged."""
    for part in parts:
        if re.fullmatch(r"word/[^/]+\.xml", part.filename):
            if part.file_size > _MAX_TEXT_PART_BYTES:
                raise ArchiveTooLarge(max_entries=MAX_ENTRIES, max_mb=_MAX_TEXT_PART_BYTES // 2**20)
            content = _read(path, part.filename)
            wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
            yield content.decode("utf-16" if wide else "utf-8", "replace")


def _directory_bytes(path: Path) -> int:
    """Read the central directory's length from the end record, so that a huge one is never parsed."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _LONGEST_END_RECORD_BYTES))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise ArchiveDamaged
    return int(struct.unpack_from("<L", tail, at + 12)[0])


def _check_size(parts: Sequence[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    bomb = any(
        part.file_size > _RATIO_COUNTS_FROM_BYTES and part.file_size > MAX_RATIO * part.compress_size for part in parts
    )
    if len(parts) > MAX_ENTRIES or total > MAX_TOTAL_BYTES or bomb:
        raise ArchiveTooLarge(max_entries=MAX_ENTRIES, max_mb=MAX_TOTAL_BYTES // 2**20)


def _check_part(part: zipfile.ZipInfo, seen: set[str]) -> None:
    name = _name(part)
    if part.flag_bits & _ENCRYPTED:
        raise ArchiveEncrypted(part=name)
    pieces = re.split(r"[/\\]", name)
    outside = not name or name.startswith("/") or ".." in pieces or re.match(r"[A-Za-z]:", name)
    link = stat.S_ISLNK(part.external_attr >> 16)
    if outside or link or "\\" in name or "\0" in name or name in seen:
        raise ArchiveNameUnsafe(part=name)
    seen.add(name)
    if name.lower().endswith(_NESTED):
        raise ArchiveNested(part=name)
    if pieces[-1].lower().startswith("vbaproject"):
        raise MacrosInside(part=name)


def _name(part: zipfile.ZipInfo) -> str:
    """Return the name as it was written: Chinese programs write GBK, whose second bytes include the backslash."""
    if part.flag_bits & _UTF8_NAME:
        return part.orig_filename
    return part.orig_filename.encode("cp437", "replace").decode("gb18030", "replace")


def _read(path: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise ArchiveDamaged from error
