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
_DEEPEST = 100  # folders within folders
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_UNICODE_PATH, _UNICODE_COMMENT = 0x7075, 0x6375  # extra fields; Source: APPNOTE.TXT, 4.6.8 and 4.6.9
_UNICODE_HEAD_BYTES = 5
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
    """A harmless archive, opened; `parts` are its files in the order of the directory, folders left out.

    `paths` are those of its files and of all folders, without a slash at the end.
    `names` are all names as they were written, those of folders and those that stand beside a name, and `comments` what
    is said of entries and of the archive: in whatever encoding.
    """

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
        self.paths = frozenset(path for entry in entries for path in _path_and_parents(written_name(entry)))
        self.names = tuple(name for entry in entries for name in _names(entry))
        said = (each for entry in entries for each in (entry.comment, *_beside(entry, _UNICODE_COMMENT)))
        self.comments = tuple(comment for comment in (self._archive.comment, *said) if comment)

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
    """Return the name as it was written: Chinese programs write GBK, whose second bytes include the backslash.

    Finder and zip write UTF-8 without saying so.
    """
    return _decoded(_written_bytes(entry))


def _path_and_parents(name: str) -> Iterator[str]:
    path = name.rstrip("/")
    while path:
        yield path
        path = path.rpartition("/")[0]


def _decoded(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.decode("gb18030", "replace")


def _written_bytes(entry: zipfile.ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8_NAME else "cp437", "replace")


def _names(entry: zipfile.ZipInfo) -> tuple[bytes, ...]:
    """Return the name of an entry and the one beside it, which some programs unpack it by."""
    return _written_bytes(entry), *_beside(entry, _UNICODE_PATH)


def _beside(entry: zipfile.ZipInfo, kind: int) -> Iterator[bytes]:
    """Yield what extra fields of a kind say in UTF-8."""
    extra = entry.extra
    while len(extra) >= 4:
        found, length = struct.unpack_from("<HH", extra)
        if found == kind:
            yield extra[4 + _UNICODE_HEAD_BYTES : 4 + length]
        extra = extra[4 + length :]


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
        names = [_decoded(each) for each in _names(entry)]
        link = stat.S_ISLNK(entry.external_attr >> 16)
        if link or any(map(_is_unsafe, names)) or len({_tail(each) for each in names}) > 1 or name.casefold() in seen:
            raise ArchiveNameUnsafe(part=name)
        seen.add(name.casefold())


def _is_unsafe(name: str) -> bool:
    pieces = re.split(r"[/\\]", name)
    outside = not name or name.startswith("/") or ".." in pieces or re.match(r"[A-Za-z]:", name) is not None
    return outside or "\\" in name or "\0" in name or len(pieces) > _DEEPEST


def _tail(name: str) -> str:
    """Return what says of which kind an entry is: the ending of a file, a slash for a folder."""
    return "/" if name.endswith("/") else ending_of(name)


def ending_of(name: str) -> str:
    """Return the ending of a name in lower case, blanks around it and all; nothing where there is none."""
    return name.rpartition("/")[2].rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""


def _too_large() -> ArchiveTooLarge:
    return ArchiveTooLarge(max_entries=MAX_ENTRIES, max_mb=MAX_TOTAL_BYTES // 2**20)
