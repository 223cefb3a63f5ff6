"""What lies in an archive is judged by its content, not by its name."""

import gzip
import io
import tarfile

import pytest

from tests.support.hostile_files import packed, paragraph, pdf_text, plain_pdf, word
from tracker.domain.errors import BadInput
from tracker.inspection import refusals
from tracker.inspection.files import inspect_file


def _tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return made.getvalue()


_PROGRAMS = (
    *("exe", "dll", "msi", "bat", "cmd", "js", "vbs", "ps1", "lnk", "scr", "jar", "hta", "sh", "EXE"),
    *("url", "reg", "com", "pif", "wsf"),
)
_INNER = packed(("a.txt", b"1"))
_REFUSED: dict[str, tuple[str, bytes, type[BadInput]]] = (
    {
        "a zip renamed": ("数据.dat", _INNER, refusals.ArchiveNested),
        "a zip as a picture": ("照片.jpg", _INNER, refusals.ArchiveNested),
        "a zip as a document": ("方案.docx", _INNER, refusals.ContentUnlikeEnding),
        "an empty zip renamed": ("空.dat", packed(), refusals.ArchiveNested),
        "gzip": ("数据.bin1", gzip.compress(b"1"), refusals.ArchiveNested),
        "tar": ("数据.dat", _tar(), refusals.ArchiveNested),
        "rar": ("数据.dat", b"Rar!\x1a\x07\x01\0", refusals.ArchiveNested),
        "7z": ("数据.dat", b"7z\xbc\xaf\x27\x1c", refusals.ArchiveNested),
        "xz": ("数据.dat", b"\xfd7zXZ\0", refusals.ArchiveNested),
        "a program renamed": ("照片.dat", b"MZ\x90\0", refusals.ProgramInside),
        "ELF": ("说明", b"\x7fELF\x02", refusals.ProgramInside),
        "Mach-O": ("说明", b"\xcf\xfa\xed\xfe\x07", refusals.ProgramInside),
        "a script of a shell": ("说明.txt", b"#!/bin/sh\n", refusals.ProgramInside),
        "a shortcut": ("说明.dat", b"L\0\0\0\x01\x14\x02\0\0", refusals.ProgramInside),
        "a page that is a script": ("说明.txt", b"\n <SCRIPT>x</SCRIPT>", refusals.ProgramInside),
        "a document with macros": ("宏.docm", b"x", refusals.ProgramInside),
        "an RTF text": ("说明.doc", b"{\\rtf1\\object}", refusals.EndingNotAllowed),
        "a marking in the name": ("附件/机密★1年.jpg", b"\xff\xd8\xff", refusals.SecrecyMarked),
        "a marking in UTF-8": ("说明.csv", "编号\n密级：机密\n".encode(), refusals.SecrecyMarked),
        "a marking in GB18030": ("说明.txt", "秘密★".encode("gb18030"), refusals.SecrecyMarked),
        "a marking in Big5": ("說明.txt", "關於方案\n機密★".encode("big5"), refusals.SecrecyMarked),
        "a marking in UTF-16 without a mark": ("说明.csv", "编号,秘密★1年".encode("utf-16-le"), refusals.SecrecyMarked),
        "a marking in Word": ("方案.docx", word(paragraph("机密")), refusals.SecrecyMarked),
        "a marking in PDF": ("方案.pdf", pdf_text("机密★1年", "方案"), refusals.SecrecyMarked),
        "a PDF that acts": ("方案.pdf", plain_pdf(catalog=b"/OpenAction<</S/JavaScript/JS(x)>>"), refusals.PdfActive),
        "a PDF that acts, renamed": ("方案.dat", plain_pdf(catalog=b"/AA<</O 3 0 R>>"), refusals.PdfActive),
        "a picture that is none": ("照片.png", b"<svg/>", refusals.ContentUnlikeEnding),
        "names that differ in case only": ("A.TXT", b"1", refusals.ArchiveNameUnsafe),
    }
    | {f"a program .{ending}": (f"文件夹/安装.{ending}", b"x", refusals.ProgramInside) for ending in _PROGRAMS}
    | {f"a program '{name}'": (name, b"x", refusals.ProgramInside) for name in ("a.exe ", "a.exe.", "a.pdf.js")}
)


@pytest.mark.parametrize("name", _REFUSED)
def test_what_an_archive_must_not_hold_is_refused(name: str) -> None:
    entry, content, refusal = _REFUSED[name]
    with pytest.raises(refusal):
        inspect_file(io.BytesIO(packed(("a.txt", b"1"), (entry, content))), ending="zip")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5hkscs"])
@pytest.mark.parametrize("words", ["關於印發方案的通知 機密★", "關於印發方案的通知\n機密\n特急"])
def test_a_text_is_looked_through_in_every_encoding_it_may_be_in(encoding: str, words: str) -> None:
    with pytest.raises(refusals.SecrecyMarked):
        inspect_file(io.BytesIO(words.encode(encoding)), ending="txt")
    plain = words.replace("機密", "機要").encode(encoding)
    assert inspect_file(io.BytesIO(plain), ending="txt") == "text/plain"


def test_an_archive_of_what_may_be_handed_in_passes() -> None:
    good = packed(
        ("材料/", b""),
        ("材料/方案.docx", word(paragraph("工作方案"))),
        ("材料/方案.pdf", plain_pdf()),
        ("材料/现场.jpg", b"\xff\xd8\xff"),
        ("材料/录像.mp4", b"\0\0\0\x18ftypmp42"),
        ("材料/台账.csv", "序号,事项\n1,保守国家秘密\n".encode("gb18030")),
    )
    assert inspect_file(io.BytesIO(good), ending="zip") == "application/zip"
