"""Old office files (.doc, .xls, .wps, .et): the directory of their compound file, and markings in their text.

Source: MS-CFB, 2.2 to 2.6; MS-OVBA, 2.2.1; MS-OFFCRYPTO, 2.3.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from tracker.inspection.markings import is_starred
from tracker.inspection.refusals import FileDamaged, FileEncrypted, MacrosInside, ObjectInside, SecrecyMarked

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what such a file begins with
_CHUNK_BYTES = 1024 * 1024
_ENTRY_BYTES = 128
_MOST_ENTRIES = 20_000
_END = 0xFFFFFFFA  # what is not below is no sector
_MACROS = frozenset(("vba", "_vba_project", "_vba_project_cur", "macros"))
_OBJECTS = frozenset(("\x01ole10native", "package"))
_LOCKED = frozenset(("encryptedpackage", "encryptioninfo", "encryptedsummary"))


def inspect_ole2(file: BinaryIO) -> None:
    """Raises FileDamaged, MacrosInside, ObjectInside, FileEncrypted, SecrecyMarked."""
    for name in _names(file):
        folded = name.casefold()
        if folded in _MACROS:
            raise MacrosInside(part=name)
        if folded in _OBJECTS:
            raise ObjectInside(part=name.strip("\x01"))
        if folded in _LOCKED:
            raise FileEncrypted()
    _look_for_markings(file)


def _names(file: BinaryIO) -> Iterator[str]:
    """Yield the names in the directory. Raises FileDamaged."""
    file.seek(0)
    header = file.read(512)
    try:
        shift, first = struct.unpack_from("<H", header, 30)[0], struct.unpack_from("<L", header, 48)[0]
    except struct.error as error:
        raise FileDamaged from error
    if shift not in (9, 12):
        raise FileDamaged()
    size = 1 << shift
    table = _Table(file, header, size)
    sector, passed = first, 0
    while sector < _END:
        block = _sector(file, sector, size)
        for at in range(0, size, _ENTRY_BYTES):
            length = struct.unpack_from("<H", block, at + 64)[0]
            if 2 <= length <= 64:
                yield block[at : at + length - 2].decode("utf-16-le", "replace")
        passed += size // _ENTRY_BYTES
        if passed > _MOST_ENTRIES:
            raise FileDamaged()
        sector = table.after(sector)


class _Table:
    """Which sector follows which; its own sectors are named in the header and, in large files, in a chain."""

    def __init__(self, file: BinaryIO, header: bytes, size: int) -> None:
        self._file, self._size = file, size
        self._sectors = [number for number in struct.unpack_from("<109L", header, 76) if number < _END]
        more, passed = struct.unpack_from("<L", header, 68)[0], 0
        each = size // 4
        while more < _END and passed < 1000:
            numbers = struct.unpack(f"<{each}L", _sector(file, more, size))
            self._sectors += [number for number in numbers[:-1] if number < _END]
            more, passed = numbers[-1], passed + 1

    def after(self, sector: int) -> int:
        """Raises FileDamaged."""
        each = self._size // 4
        if sector // each >= len(self._sectors):
            raise FileDamaged()
        block = _sector(self._file, self._sectors[sector // each], self._size)
        return int(struct.unpack_from("<L", block, 4 * (sector % each))[0])


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    block = file.read(size)
    if len(block) < size:
        raise FileDamaged()
    return block


def _look_for_markings(file: BinaryIO) -> None:
    """Look for a level with a star in text of two bytes a character, which begins at even places or odd ones."""
    for begin in (0, 1):
        file.seek(begin)
        kept = b""
        while chunk := file.read(_CHUNK_BYTES):
            if is_starred((kept + chunk).decode("utf-16-le", "replace")):
                raise SecrecyMarked(place="text")
            kept = chunk[-64:]
