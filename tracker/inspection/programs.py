"""Executables, scripts and archives by what they begin with."""

import re

_PROGRAMS = (
    b"MZ",  # Windows and DOS
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",  # Mach-O, 32 and 64 bits, both orders
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",  # Mach-O of several machines, Java classes
    b"dex\n",
    b"#!",
    b"\xef\xbb\xbf#!",
    b"L\0\0\0\x01\x14\x02\0",  # Windows' shortcuts
    b"ITSF",  # compiled help
    b"\0asm",
    b"!<arch>\n",
)
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"\x1f\x9d",
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"MSCF",
    b"\x60\xea",
    b"xar!",
    b"MSWIM\0\0\0",
)
_TAR = (257, b"ustar")
_LZH = re.compile(rb"..-l[hz][0-9ds]-", re.DOTALL)
_SCRIPT = re.compile(
    rb"\s{0,200}(?:<script|<hta:|<job\b|@echo\s{1,9}off|wscript\.|createobject\s{0,9}\(|"
    rb"windows registry editor|\[internetshortcut\])",
    re.IGNORECASE,
)
HEAD_BYTES = 512


def is_program(head: bytes) -> bool:
    """Say whether the first HEAD_BYTES of a file are a program's or a script's."""
    return head.startswith(_PROGRAMS) or _SCRIPT.match(head) is not None


def is_archive(head: bytes) -> bool:
    """Say whether the first HEAD_BYTES of a file are an archive's; Office Open XML and OFD are archives too."""
    at, mark = _TAR
    return head.startswith(_ARCHIVES) or head[at : at + len(mark)] == mark or _LZH.match(head) is not None
