"""An archive comes from outside: whatever is wrong with it is said, and nothing of it is kept."""

import gzip
import hashlib
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.backups import Parts, attached, parts_in, rewritten, services_on, write_tar
from tests.support.databases import fresh_sqlite, open_database
from tests.support.once import made_once
from tests.support.site import Site
from tracker.backups import NewerBackup, back_up, restore, verify
from tracker.domain.errors import TrackerError
from tracker.gateways import backup_archive
from tracker.gateways.backup_archive import BackupDamaged, BackupPacked, parts_of
from tracker.gateways.evidence_files import LARGEST_FILE_BYTES
from tracker.services import Services
from tracker.store.dumps import NotForEveryDatabase, OtherTables, UnfitRows
from tracker.wording.refusals import ERROR_SENTENCES, sentence

FILE = "台账".encode()
SHA256 = hashlib.sha256(FILE).hexdigest()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a city with one file; no test changes it."""
    return made_once(tmp_path_factory, "a_backup", _make) / "a.tar"


def _make(folder: Path) -> None:
    site = Site(fresh_sqlite(folder), folder / "site")
    site.city.file(files=(attached(site.services, FILE),))
    back_up(site.services, folder / "a.tar")


@pytest.fixture
def empty(tmp_path: Path) -> Services:
    database = open_database(f"sqlite:///{tmp_path / 'tracker.db'}")
    database.create()
    return services_on(database, tmp_path / "var")


def _refused(services: Services, path: Path, kind: type[TrackerError]) -> str:
    """Expect the refusal of both commands that read an archive, and nothing behind it; return what was wrong."""
    with pytest.raises(kind) as refusal:
        restore(services, path)
    with pytest.raises(kind) as before:
        verify(path)
    assert str(before.value.facts) == str(refusal.value.facts)
    assert refusal.value.code in ERROR_SENTENCES
    with services.database.snapshot() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one() == 0
    assert [path for path in services.settings.data_dir.rglob("evidence/*/*") if path.is_file()] == []
    return str(refusal.value.facts.get("part"))


def test_whatever_byte_is_changed_is_noticed(archive: Path, empty: Services, tmp_path: Path) -> None:
    whole, changed = archive.read_bytes(), tmp_path / "changed.tar"
    with tarfile.open(archive) as opened:
        middles = [member.offset_data + member.size // 2 for member in opened if member.size]
        heads = [member.offset + 3 for member in opened]
    assert len(middles) > 40
    for at in (*middles, *heads):
        changed.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(BackupDamaged):
            verify(changed)
    _refused(empty, changed, BackupDamaged)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_a_file_that_was_cut_is_refused(archive: Path, empty: Services, tmp_path: Path, share: float) -> None:
    """Up to the zeros after the last part, of which a tar has any number."""
    cut = tmp_path / "cut.tar"
    with tarfile.open(archive) as opened:
        ends_at = opened.getmembers()[-1].offset_data + tarfile.BLOCKSIZE
    cut.write_bytes(archive.read_bytes()[: int(ends_at * share)])
    _refused(empty, cut, BackupDamaged)


def test_a_backup_that_was_packed_is_said_to_be_so(archive: Path, empty: Services, tmp_path: Path) -> None:
    packed = tmp_path / "a.tar.gz"
    packed.write_bytes(gzip.compress(archive.read_bytes()))
    _refused(empty, packed, BackupPacked)
    with pytest.raises(BackupPacked) as refusal:
        verify(packed)
    assert (
        sentence(refusal.value)
        == "这是gzip压缩过的文件，没有恢复任何内容。请先用 gunzip 还原出.tar文件，再运行本命令。"
    )


def test_something_else_is_no_backup(empty: Services, tmp_path: Path) -> None:
    other = tmp_path / "other.tar"
    for content in (b"%PDF-1.7" * 200, b"PK\x03\x04" * 500, b"\0" * 10240):
        other.write_bytes(content)
        _refused(empty, other, BackupDamaged)


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/passwd", "evidence/../../evil", f"evidence/{SHA256}/x", "database/../a.jsonl", "a\\b", "x"],
)
def test_a_part_with_any_other_name_is_refused_before_it_is_read(
    archive: Path, empty: Services, tmp_path: Path, name: str
) -> None:
    _refused(empty, write_tar(tmp_path / "evil.tar", {name: b"x", **parts_in(archive)}), BackupDamaged)
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_SPARSE],
)
def test_links_folders_devices_and_extended_heads_are_refused(empty: Services, tmp_path: Path, kind: bytes) -> None:
    _refused(empty, write_tar(tmp_path / "evil.tar", {f"evidence/{SHA256}": FILE}, kind=kind), BackupDamaged)


def test_a_part_that_says_it_is_endless_ends_with_the_file(empty: Services, tmp_path: Path) -> None:
    header = tarfile.TarInfo("database/event.jsonl")
    header.size = 1 << 60
    endless = tmp_path / "endless.tar"
    endless.write_bytes(header.tobuf(tarfile.GNU_FORMAT) + b"x" * 4096)
    _refused(empty, endless, BackupDamaged)


def test_a_line_and_a_manifest_have_a_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup_archive, "_LONGEST_LINE", 100)
    monkeypatch.setattr(backup_archive, "_LONGEST_MANIFEST", 100)
    long = write_tar(tmp_path / "long.tar", {"database/event.jsonl": b"x" * 101 + b"\n", "manifest.json": b"x" * 101})
    with long.open("rb") as opened:
        found = parts_of(opened)
        with pytest.raises(BackupDamaged):
            list(next(found).lines())
        with pytest.raises(BackupDamaged):
            next(found).content()


def _nothing(_changed: Any) -> None:  # Any: whatever the other half of a forgery changes
    pass


def _set(**facts: object) -> Callable[[dict[str, Any]], None]:  # Any: as JSON has it
    return lambda manifest: manifest.update(facts)


@pytest.mark.parametrize(
    "said",
    [
        _set(format="tracker.backup/2"),
        _set(tables={"event": 1}),
        _set(parts={}),
        _set(last_event="many"),
        lambda manifest: manifest.pop("revision"),
        lambda manifest: manifest["parts"].pop(f"evidence/{SHA256}"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(
    archive: Path, empty: Services, tmp_path: Path, said: Callable[[dict[str, Any]], None]
) -> None:
    copied = tmp_path / "a.tar"
    copied.write_bytes(archive.read_bytes())
    _refused(empty, rewritten(copied, _nothing, said=said), BackupDamaged)


def test_a_backup_of_a_newer_program_is_refused(archive: Path, empty: Services, tmp_path: Path) -> None:
    copied = tmp_path / "a.tar"
    copied.write_bytes(archive.read_bytes())
    _refused(empty, rewritten(copied, _nothing, said=_set(revision="9999")), NewerBackup)


def _lines(name: str, *changed: bytes) -> Callable[[Parts], None]:
    """Put other rows into a table, as many as there were."""

    def change(parts: Parts) -> None:
        first, *_rows = parts[f"database/{name}.jsonl"].splitlines()
        parts[f"database/{name}.jsonl"] = b"\n".join((first, *changed, b""))

    return change


def _row(name: str, **cells: bytes) -> Callable[[Parts], None]:
    """Put one row into a table, of the JSON of some of its columns; the others are empty."""

    def change(parts: Parts) -> None:
        first = parts[f"database/{name}.jsonl"].splitlines()[0]
        row = b",".join(cells.get(column, b"null") for column in json.loads(first))
        parts[f"database/{name}.jsonl"] = b"\n".join((first, b"[" + row + b"]", b""))

    return change


def _table(name: str, lines: list[bytes]) -> Callable[[Parts], None]:
    return lambda parts: parts.update({f"database/{name}.jsonl": b"\n".join([*lines, b""])})


_AT = b'"2022-10-01T00:00:00+00:00"'
_DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    ("change", "rows", "refusal"),
    [
        (lambda parts: parts.pop(f"evidence/{SHA256}"), {}, BackupDamaged),
        (lambda parts: parts.update({f"evidence/{SHA256}": b"other"}), {}, BackupDamaged),
        (_table("zz", [b'["x"]']), {"zz": 0}, OtherTables),
        (lambda parts: parts.pop("database/login.jsonl"), {"login": None}, OtherTables),
        (_table("login", [b'["id","x"]']), {"login": 0}, OtherTables),
        (_table("login", [b'["id","id"]']), {"login": 0}, OtherTables),
        (_row("chain_head", id=b"1", seq=b'"one"', hash=b'"x"'), {}, UnfitRows),
        (_row("chain_head", id=b"1", seq=b"1e999", hash=b'"x"'), {}, UnfitRows),
        (_lines("chain_head", b"[1,2]"), {}, UnfitRows),
        (_lines("chain_head", b"{}"), {}, UnfitRows),
        (_lines("chain_head", _DEEP), {}, UnfitRows),
        (_row("chain_head", id=b"9" * 30, seq=b"1", hash=b'"x"'), {}, UnfitRows),
        (_row("chain_head", id=b"1", seq=b"true", hash=b'"x"'), {}, UnfitRows),
        (_row("login", id=b"1", user_id=b"999", key_sha256=b"\"x\"", created_at=_AT, last_seen_at=_AT,
              by_provider=b"false"),
         {"login": 1}, BackupDamaged),
        (_lines("evidence", _DEEP), {}, BackupDamaged),
        (_lines("evidence", b"[1]"), {}, BackupDamaged),
    ],
)  # fmt: skip
def test_a_careful_forgery_of_the_rows_is_refused_and_nothing_of_it_is_kept(
    archive: Path,
    empty: Services,
    tmp_path: Path,
    change: Callable[[Parts], None],
    rows: dict[str, int | None],
    refusal: type[TrackerError],
) -> None:
    copied = tmp_path / "a.tar"
    copied.write_bytes(archive.read_bytes())

    def said(manifest: dict[str, Any]) -> None:  # Any: as JSON has it
        manifest["tables"].update(rows)
        manifest["tables"] = {name: count for name, count in manifest["tables"].items() if count is not None}

    _refused(empty, rewritten(copied, change, said=said), refusal)


def test_an_archive_is_a_plain_tar_that_says_of_itself_what_is_in_it(archive: Path) -> None:
    parts = parts_in(archive)
    manifest = json.loads(parts["manifest.json"])
    assert manifest["tables"]["event"] == manifest["last_event"] == parts["database/event.jsonl"].count(b"\n") - 1
    assert manifest["parts"][f"evidence/{SHA256}"] == {"sha256": SHA256, "size_bytes": len(FILE)}
    assert parts[f"evidence/{SHA256}"] == FILE
    secrets = [name for name in parts if "key" in name or b"kkkkkkkk" in parts[name]]
    assert secrets == []


def test_nothing_is_written_by_looking(archive: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    assert verify(archive).files == {SHA256}
    assert sorted(tmp_path.iterdir()) == before


_HEAD = {"id": b"1", "seq": b"1", "hash": b'"x"'}
_YEAR = {
    "year": b"2027",
    "source": b'"x"',
    "issued_on": b'"2026-11-01"',
    "imported_by": b'"x"',
    "days": b'"{}"',
    "imported_at": b'"2026-11-01T00:00:00+00:00"',
}


@pytest.mark.parametrize(
    ("table", "row", "column", "cell"),
    [
        ("chain_head", _HEAD, "seq", b"2147483648"),
        ("chain_head", _HEAD, "hash", b'"a\\u0000b"'),
        ("calendar_year", _YEAR, "days", b'"no JSON"'),
        ("calendar_year", _YEAR, "days", b'"[NaN]"'),
    ],
    ids=["a large number", "a text with NUL", "no JSON", "NaN"],
)
def test_what_only_one_database_takes_is_refused_by_who_verifies_and_kept_by_sqlite(
    archive: Path, empty: Services, tmp_path: Path, table: str, row: dict[str, bytes], column: str, cell: bytes
) -> None:
    (copied := tmp_path / "a.tar").write_bytes(archive.read_bytes())

    def told(manifest: dict[str, Any]) -> None:  # Any: as JSON has it
        manifest["tables"][table] = 1

    forged = rewritten(copied, _row(table, **{**row, column: cell}), said=told)
    with pytest.raises(NotForEveryDatabase) as refusal:
        verify(forged)
    assert refusal.value.facts == {"table": table, "column": column}
    assert restore(empty, forged).manifest.mode == "demo"


def test_a_file_larger_than_any_that_is_taken_in_is_refused_by_both(
    archive: Path, empty: Services, tmp_path: Path
) -> None:
    (copied := tmp_path / "a.tar").write_bytes(archive.read_bytes())
    large = bytes(LARGEST_FILE_BYTES + 1)
    name = f"evidence/{hashlib.sha256(large).hexdigest()}"
    forged = rewritten(copied, lambda parts: parts.update({name: large}), said=_nothing)
    assert _refused(empty, forged, BackupDamaged) == name
