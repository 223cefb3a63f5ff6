"""What other programs made of a file: told by how it begins, and nothing is undone."""

from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Packing:
    """How a file begins, what was done to it, as people say it, and the program that undoes it."""

    magic: bytes
    how: str
    tool: str


_PACKINGS = (
    Packing(b"\x1f\x8b", "gzip压缩", "gunzip"),
    Packing(b"BZh", "bzip2压缩", "bunzip2"),
    Packing(b"\xfd7zXZ\x00", "xz压缩", "unxz"),
    Packing(b"\x28\xb5\x2f\xfd", "zstd压缩", "unzstd"),
    Packing(b"PK\x03\x04", "zip压缩", "unzip"),
    Packing(b"age-encryption.org/", "age加密", "age --decrypt"),
)


def packing_of(file: BinaryIO) -> Packing | None:
    """Return what was done to a file that is read from its beginning, and go back there; None for a plain one."""
    begins = file.read(max(len(packing.magic) for packing in _PACKINGS))
    file.seek(0)
    return next((packing for packing in _PACKINGS if begins.startswith(packing.magic)), None)
