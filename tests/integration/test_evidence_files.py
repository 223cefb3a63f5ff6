"""The evidence store and the inspection of what is handed in."""

import hashlib
import io
import os
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import docx
import pytest

from tests.support.hostile_files import OLE2, ole2, plain_pdf
from tracker.domain.errors import BadInput
from tracker.gateways import upload_inspection as uploads
from tracker.gateways.evidence_files import EvidenceAltered, EvidenceFiles, EvidenceMissing, FileTooLarge
from tracker.inspection import refusals
from tracker.inspection.files import inspect_file

CONTENT = "台账".encode() * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
MIB = 1024 * 1024


@pytest.fixture
def files(tmp_path: Path) -> EvidenceFiles:
    return EvidenceFiles(tmp_path / "evidence")


def _everything(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "evidence").rglob("*") if path.is_file())


def test_a_file_that_is_only_looked_at_is_not_kept(files: EvidenceFiles, tmp_path: Path) -> None:
    seen: list[bytes] = []
    files.look_at(io.BytesIO(CONTENT), max_bytes=MIB, inspect=lambda path: seen.append(path.read_bytes()))
    assert seen == [CONTENT]
    with pytest.raises(FileTooLarge):
        files.look_at(io.BytesIO(CONTENT), max_bytes=100, inspect=lambda path: seen.append(b""))
    assert seen == [CONTENT]
    assert _everything(tmp_path) == []


def test_a_file_is_kept_under_its_hash_and_read_back(files: EvidenceFiles, tmp_path: Path) -> None:
    stored = files.store(io.BytesIO(CONTENT), max_bytes=MIB)
    assert (stored.sha256, stored.size_bytes) == (SHA256, len(CONTENT))
    assert stored.path == tmp_path / "evidence" / SHA256[:2] / SHA256
    assert stat.S_IMODE(stored.path.stat().st_mode) == 0o400
    with files.open(SHA256) as file:
        assert file.read() == CONTENT
    files.verify(SHA256)


def test_the_same_content_is_kept_once(files: EvidenceFiles, tmp_path: Path) -> None:
    assert files.store(io.BytesIO(CONTENT), max_bytes=MIB) == files.store(io.BytesIO(CONTENT), max_bytes=MIB)
    assert _everything(tmp_path) == [SHA256]


def test_the_limit_is_inclusive_and_one_byte_more_leaves_nothing_behind(files: EvidenceFiles, tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge):
        files.store(io.BytesIO(CONTENT), max_bytes=len(CONTENT) - 1)
    assert _everything(tmp_path) == []
    files.store(io.BytesIO(CONTENT), max_bytes=len(CONTENT))
    assert _everything(tmp_path) == [SHA256]


def test_a_refused_file_never_enters_the_store(files: EvidenceFiles, tmp_path: Path) -> None:
    with pytest.raises(refusals.ContentUnlikeEnding):
        files.store(io.BytesIO(CONTENT), max_bytes=MIB, inspect=lambda path: uploads.inspect_upload(path, "台账.pdf"))
    assert _everything(tmp_path) == []


def test_a_stream_that_breaks_leaves_nothing_behind(files: EvidenceFiles, tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.store(Broken(), max_bytes=MIB)
    assert _everything(tmp_path) == []


def test_a_changed_byte_is_found(files: EvidenceFiles) -> None:
    path = files.store(io.BytesIO(CONTENT), max_bytes=MIB).path
    path.chmod(0o600)
    path.write_bytes(CONTENT[:-1] + b"x")
    with pytest.raises(EvidenceAltered):
        files.verify(SHA256)


@pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", SHA256.upper(), SHA256 + "\n"])
def test_what_is_not_kept_is_missing(files: EvidenceFiles, name: str) -> None:
    files.store(io.BytesIO(CONTENT), max_bytes=MIB)
    with pytest.raises(EvidenceMissing):
        files.open(name)
    with pytest.raises(EvidenceMissing):
        files.verify(name)


def test_only_old_remains_of_interrupted_uploads_are_dropped(files: EvidenceFiles, tmp_path: Path) -> None:
    files.store(io.BytesIO(CONTENT), max_bytes=MIB)
    now = datetime(2022, 10, 10, tzinfo=UTC)
    for name, age in (("old", timedelta(days=2)), ("new", timedelta(minutes=1))):
        path = tmp_path / "evidence" / "incoming" / name
        path.write_bytes(b"part")
        os.utime(path, ((now - age).timestamp(),) * 2)
    assert files.drop_unfinished(before=now - timedelta(days=1)) == 1
    assert _everything(tmp_path) == sorted([SHA256, "new"])


def _zip(*parts: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return buffer.getvalue()


def _open_xml(kind: str, *more: tuple[str, bytes]) -> bytes:
    types = f'<Types><Override ContentType="application/{kind}.main+xml"/></Types>'.encode()
    return _zip(("[Content_Types].xml", types), *more)


def _word(*runs: str) -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for run in runs:
        paragraph.add_run(run).bold = len(run) % 2 == 0
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POWERPOINT = "vnd.openxmlformats-officedocument.presentationml.presentation"


def _inspect(content: bytes, name: str) -> str:
    """Inspect without the process that has limits, which `test_inspection_limits` is about."""
    return inspect_file(io.BytesIO(content), ending=Path(uploads.clean_name(name)).suffix[1:].lower())


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("方案.pdf", plain_pdf(), "application/pdf"),
        ("方案.DOCX", _word("工作方案"), "application/" + WORD),
        ("台账.xlsx", _open_xml(EXCEL), "application/" + EXCEL),
        ("汇报.pptx", _open_xml(POWERPOINT), "application/" + POWERPOINT),
        ("通报.ofd", _zip(("OFD.xml", b"<ofd/>")), "application/ofd"),
        ("照片.zip", _zip(("照片/1.jpg", b"\xff\xd8\xff")), "application/zip"),
        ("旧稿.doc", ole2(), "application/msword"),
        ("旧稿.wps", ole2(), "application/vnd.ms-works"),
        ("旧表.et", ole2(), "application/vnd.ms-excel"),
        ("现场.JPG", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("截图.png", b"\x89PNG\r\n\x1a\n....", "image/png"),
        ("说明.txt", "国家秘密不得上传".encode(), "text/plain"),
        ("说明.txt", "中文".encode("gb18030"), "text/plain"),
        ("说明.txt", "中文".encode("utf-16"), "text/plain"),
    ],
)
def test_what_is_allowed_passes_with_its_media_type(name: str, content: bytes, media_type: str) -> None:
    assert _inspect(content, name) == media_type


def _encrypted() -> bytes:
    content = bytearray(_zip(("a.txt", b"secret")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _link() -> bytes:
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def _twice() -> bytes:
    return _zip(("a.txt", b"1"), ("b.txt", b"2")).replace(b"b.txt", b"a.txt")


def _two_hundred_megabytes() -> bytes:
    """Say in the central directory that a small file is huge, as a bomb would."""
    content = bytearray(_zip(("a.txt", b"x"), compression=zipfile.ZIP_STORED))
    at = content.index(b"PK\x01\x02")
    content[at + 20 : at + 28] = (200 * MIB + 1).to_bytes(4, "little") * 2
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "make", "refusal"),
    [
        ("空.pdf", lambda: b"", refusals.EmptyFile),
        ("程序.exe", lambda: b"MZ", refusals.EndingNotAllowed),
        ("宏.docm", lambda: _open_xml(WORD), refusals.EndingNotAllowed),
        ("程序.pdf", lambda: b"MZ\x90\0", refusals.ContentUnlikeEnding),
        ("网页.jpg", lambda: b"<html>", refusals.ContentUnlikeEnding),
        ("表格.docx", lambda: _open_xml(EXCEL), refusals.ContentUnlikeEnding),
        ("压缩.docx", lambda: _zip(("a.txt", b"1")), refusals.ContentUnlikeEnding),
        ("压缩.ofd", lambda: _zip(("a.txt", b"1")), refusals.ContentUnlikeEnding),
        ("二进制.txt", lambda: b"a\0b", refusals.ContentUnlikeEnding),
        ("乱码.txt", lambda: b"\xff\xff\xff", refusals.ContentUnlikeEnding),
        ("宏.docx", lambda: _open_xml(WORD, ("word/vbaProject.bin", b"x")), refusals.MacrosInside),
        ("宏.docx", lambda: _open_xml("vnd.ms-word.document.macroEnabled"), refusals.MacrosInside),
        ("宏.doc", lambda: ole2({"_VBA_PROJECT": b""}), refusals.MacrosInside),
        ("宏.xls", lambda: ole2({"Workbook": b"", "_VBA_PROJECT_CUR": b""}), refusals.MacrosInside),
        ("对象.doc", lambda: ole2({"WordDocument": b"", "\x01Ole10Native": b""}), refusals.ObjectInside),
        ("加密.doc", lambda: ole2({"EncryptedPackage": b""}), refusals.FileEncrypted),
        ("断头.doc", lambda: OLE2 + b"\0" * 504, refusals.FileDamaged),
        ("机密.doc", lambda: ole2(text="机密★1年"), refusals.SecrecyMarked),
        ("损坏.zip", lambda: _zip(("a.txt", b"1"))[:-10], refusals.ArchiveDamaged),
        ("密码.zip", _encrypted, refusals.ArchiveEncrypted),
        ("多.zip", lambda: _zip(*((f"{n}.txt", b"") for n in range(2001))), refusals.ArchiveTooLarge),
        ("大.zip", _two_hundred_megabytes, refusals.ArchiveTooLarge),
        ("炸弹.zip", lambda: _zip(("a.txt", b"\0" * MIB)), refusals.ArchiveTooLarge),
        ("炸弹.docx", lambda: _open_xml(WORD, ("word/document.xml", b" " * MIB)), refusals.ArchiveTooLarge),
        ("越界.zip", lambda: _zip(("../a.txt", b"1")), refusals.ArchiveNameUnsafe),
        ("越界.zip", lambda: _zip(("/a.txt", b"1")), refusals.ArchiveNameUnsafe),
        ("越界.zip", lambda: _zip(("a\\..\\b.txt", b"1")), refusals.ArchiveNameUnsafe),
        ("越界.zip", lambda: _zip(("C:a.txt", b"1")), refusals.ArchiveNameUnsafe),
        ("重名.zip", _twice, refusals.ArchiveNameUnsafe),
        ("链接.zip", _link, refusals.ArchiveNameUnsafe),
        ("套.zip", lambda: _zip(("内.ZIP", b"1")), refusals.ArchiveNested),
        ("说明.txt", lambda: "秘密 ★1年".encode(), refusals.SecrecyMarked),
        ("说明.txt", lambda: "绝密★".encode("gb18030"), refusals.SecrecyMarked),
        ("说明.txt", lambda: "机密★".encode("utf-16"), refusals.SecrecyMarked),
        ("通知.docx", lambda: _word("秘", "密", "★", "10年"), refusals.SecrecyMarked),
        ("断头.pdf", lambda: b"%PDF-1.7", refusals.FileDamaged),
        ("...pdf", lambda: b"%PDF-1.7", uploads.BadFileName),
        ("pdf", lambda: b"%PDF-1.7", uploads.BadFileName),
    ],
)
def test_what_is_not_allowed_is_refused(name: str, make: Callable[[], bytes], refusal: type[BadInput]) -> None:
    with pytest.raises(refusal):
        _inspect(make(), name)


def test_a_chinese_name_written_in_gbk_is_no_path() -> None:
    gbk = "誠.txt".encode("gbk")
    assert b"\\" in gbk
    content = _zip(("aa.txt", b"1")).replace(b"aa.txt", gbk)
    assert _inspect(content, "照片.zip") == "application/zip"


@pytest.mark.parametrize("name", ["机密★一年.pdf", "【秘密】方案.pdf", "机密-方案.pdf", "绝密.pdf"])
def test_a_marking_in_the_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "arriving").write_bytes(plain_pdf())
    with pytest.raises(refusals.SecrecyMarked):
        uploads.inspect_upload(tmp_path / "arriving", name)


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("C:\\用户\\方案.pdf", "方案.pdf"),
        ("../../方案.pdf", "方案.pdf"),
        ("方\r\n案\u202efdp.pdf", "方案fdp.pdf"),
        (" 方案 .pdf", "方案.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        (".方案.pdf", "方案.pdf"),
        ("长" * 200 + ".docx", "长" * 145 + ".docx"),
    ],
)
def test_names_are_cleaned(given: str, cleaned: str) -> None:
    assert uploads.clean_name(given) == cleaned


@pytest.mark.parametrize("ending", ["x" * 149, "x" * 300])
def test_even_an_absurd_ending_leaves_a_name_of_bounded_length(ending: str) -> None:
    assert len(uploads.clean_name("方案." + ending)) <= 150
