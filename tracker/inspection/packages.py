"""Zip archives, Office Open XML and OFD by their central directory, before anything is unpacked."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from tracker.inspection.refusals import ArchiveDamaged, ArchiveEncrypted, ArchiveNameUnsafe, ArchiveTooLarge

MAX_ENTRIES = 2_000
MAX_TOTAL_BYTES = 200 * 1024 * 1024
MAX_RATIO = 100
# Entries this small may be packed as tightly as they like; together they stay below MAX_TOTAL_BYTES all the same.
_RATIO_COUNTS_FROM_BYTES = 64 * 1024
_MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
_LONGEST_END_RECORD_BYTES = 22 + 65_535
_FIRST_CHUNK_BYTES = 256 * 1024
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    UnicodeDecodeError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


class Package:
    """A harmless archive, opened; `parts` are its files in the order of the directory, folders left out."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises ArchiveDamaged, ArchiveTooLarge, ArchiveEncrypted, ArchiveNameUnsafe."""
        if _directory_bytes(file) > _MAX_DIRECTORY_BYTES:
            raise _too_large()
        try:
            self._archive = zipfile.ZipFile(file)
            entries = self._archive.infolist()
        except _BROKEN as error:
            raise ArchiveDamaged from error
        _check_size(entries)
        _check_names(entries)
        self.parts = {written_name(entry): entry for entry in entries if not entry.is_dir()}

    def read(self, name: str, *, at_most: int | None = None) -> bytes:
        """Return a part, or its beginning. Raises ArchiveDamaged."""
        try:
            with self._archive.open(self.parts[name]) as part:
                return part.read(at_most) if at_most is not None else part.read()
        except _BROKEN as error:
            raise ArchiveDamaged from error

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part in pieces that double: expat reads what is not complete yet anew with each piece.

        Raises ArchiveDamaged.
        """
        size = _FIRST_CHUNK_BYTES
        try:
            with self._archive.open(self.parts[name]) as part:
                while chunk := part.read(size):
                    yield chunk
                    size *= 2
        except _BROKEN as error:
            raise ArchiveDamaged from error


def written_name(entry: zipfile.ZipInfo) -> str:
    """Return the name as it was written: Chinese programs write GBK, whose second bytes include the backslash."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.orig_filename
    return entry.orig_filename.encode("cp437", "replace").decode("gb18030", "replace")


def _directory_bytes(file: BinaryIO) -> int:
    """Read the central directory's length from the end record, so that a huge one is never parsed."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_END_RECORD_BYTES))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise ArchiveDamaged
    return int(struct.unpack_from("<L", tail, at + 12)[0])


def _check_size(entries: Sequence[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    bomb = any(
        entry.file_size > _RATIO_COUNTS_FROM_BYTES and entry.file_size > MAX_RATIO * entry.compress_size
        for entry in entries
    )
    if len(entries) > MAX_ENTRIES or total > MAX_TOTAL_BYTES or bomb:
        raise _too_large()


def _check_names(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Names that differ in the case of letters only are one file where the archive is unpacked on Windows."""
    seen: set[str] = set()
    for entry in entries:
        name = written_name(entry)
        if entry.flag_bits & _ENCRYPTED:
            raise ArchiveEncrypted(part=name)
        pieces = re.split(r"[/\\]", name)
        outside = not name or name.startswith("/") or ".." in pieces or re.match(r"[A-Za-z]:", name)
        link = stat.S_ISLNK(entry.external_attr >> 16)
        if outside or link or "\\" in name or "\0" in name or name.casefold() in seen:
            raise ArchiveNameUnsafe(part=name)
        seen.add(name.casefold())


def _too_large() -> ArchiveTooLarge:
    return ArchiveTooLarge(max_entries=MAX_ENTRIES, max_mb=MAX_TOTAL_BYTES // 2**20)
