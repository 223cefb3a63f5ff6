"""Executables, scripts and archives by what they begin with and by how their names end."""

import re

# Ends a name on some system and lets a double click run it. Sources: Windows' PATHEXT; Outlook's blocked attachments.
_RUNS_WORDS = """
    ade adp apk app appimage appref-ms appx bash bat cab cer chm class cmd cnt com command cpl csh deb
    desktop dll dmg docm dotm elf exe fish fxp gadget hlp hta hpj htaccess htc inf ins iqy isp iso img jar jnlp
    js jse ksh lnk mad maf mda mdb mde msc msh msh1 msh2 mshxml msi msix msp mst msu ocx osd pcd php pif pl
    potm ppam ppsm pptm prf prg ps1 ps1xml ps2 psc1 psd1 psm1 py pyc pyw pyz rb reg rpm run scf scr
    scriptlet sct search-ms settingcontent-ms sh shb shs slk so sys theme url vb vbe vbp vbs vhd vhdx vxd
    webpnp website wsb wsc wsf wsh xla xlam xll xlm xlsb xlsm xltm xnk zsh
"""
_RUNS = frozenset(_RUNS_WORDS.split())
_ARCHIVE_WORDS = "zip rar 7z tar gz tgz bz2 tbz xz txz zst lz4 lzh lha arj ace cpio wim zipx"
_ARCHIVE_ENDINGS = frozenset(_ARCHIVE_WORDS.split())
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


def runs_by_name(name: str) -> bool:
    """Say whether a name ends as a program's; spaces and points after the ending do not hide it."""
    return _ending(name) in _RUNS


def is_archive_by_name(name: str) -> bool:
    return _ending(name) in _ARCHIVE_ENDINGS


def is_program(head: bytes) -> bool:
    """Say whether the first HEAD_BYTES of a file are a program's or a script's."""
    return head.startswith(_PROGRAMS) or _SCRIPT.match(head) is not None


def is_archive(head: bytes) -> bool:
    """Say whether the first HEAD_BYTES of a file are an archive's; Office Open XML and OFD are archives too."""
    at, mark = _TAR
    return head.startswith(_ARCHIVES) or head[at : at + len(mark)] == mark or _LZH.match(head) is not None


def _ending(name: str) -> str:
    return re.split(r"[/\\]", name)[-1].rstrip(" .\t\u3000").rpartition(".")[2].lower()
