"""What a process refuses to start with, and what it shuts to others: keys, files, root."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.commands import ROOT
from tests.support.keys import SECRET_KEY
from tracker.random_keys import is_weak
from tracker.settings import Settings, SettingsError, load_settings, refuse_root

_OLD, _OLDER = "e0a5c2e18c2f7d3bb6c1790d94ff3a65", "Drmhze6EPcv0fN_81Bj-nA8sd2K1mZq7"
_HEX_KEY = "9d1f6f0e0b6f4b2a8a0e9b7c5d3f1a2e4c6b8d0f1e3a5c7b9d2f4e6a8c0b1d3f"


def _load(folder: Path, **variables: str) -> Settings:
    return load_settings({"TRACKER_DATA_DIR": str(folder), "TRACKER_SECRET_KEY": SECRET_KEY, **variables})


@pytest.mark.parametrize(
    "key",
    [
        "a" * 32,
        "changeme" * 4,
        "please-change-me-before-production-x9",
        "0123456789abcdef" * 2,
        "abcdefghijklmnopqrstuvwxyz012345",
        "supersecretkeyforthetracker2022!",
        "this is an example of a long key",
        "aabbaabbababbaabbaabababbabaabab",
    ],
)
def test_a_key_that_can_be_guessed_is_refused_and_not_repeated(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError, match=r"^TRACKER_SECRET_KEY: .*is not random") as refusal:
        _load(tmp_path, TRACKER_SECRET_KEY=key)
    assert key not in str(refusal.value)


def test_random_keys_of_any_usual_spelling_are_taken() -> None:
    # openssl rand -hex 16, -hex 32, -base64 32; secrets.token_urlsafe()
    for key in (
        "e0a5c2e18c2f7d3bb6c1790d94ff3a65",
        "9d1f6f0e0b6f4b2a8a0e9b7c5d3f1a2e4c6b8d0f1e3a5c7b9d2f4e6a8c0b1d3f",
        "kq0Zf1yq1s8n7n3Vb2Jm5e0bq1m1yWcT8bqkQ4mZ0cU=",
        "Drmhze6EPcv0fN_81Bj-nA8sd2K1mZq7",
    ):
        assert not is_weak(key)


def test_keys_of_before_are_kept_for_what_they_signed(tmp_path: Path) -> None:
    settings = _load(tmp_path, TRACKER_SECRET_KEY_FALLBACKS=f"{_OLD}, {_OLDER}")
    assert settings.secret_key_fallbacks == [_OLD, _OLDER]
    assert _OLD not in repr(settings)
    with pytest.raises(SettingsError, match="TRACKER_SECRET_KEY_FALLBACKS") as refusal:
        _load(tmp_path, TRACKER_SECRET_KEY_FALLBACKS=f"{_OLD} changeme")
    assert "changeme" not in str(refusal.value)


def test_an_open_data_directory_is_shut_with_what_lies_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    (folder / "evidence").mkdir(parents=True)
    (folder / "tracker.db").touch()
    _load(folder)  # which marks it as ours
    (folder / "elsewhere").symlink_to(tmp_path)
    for path, mode in ((folder, 0o755), (folder / "evidence", 0o755), (folder / "tracker.db", 0o644)):
        path.chmod(mode)
    tmp_path.chmod(0o755)
    _load(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "evidence").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "tracker.db").stat().st_mode) == 0o600
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755, "what a link leads to is somebody else's"


def test_a_directory_of_everybody_is_refused_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(SettingsError, match="TRACKER_DATA_DIR"):
        _load(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


# What lies in folders of other people: a name with a slash at its end is a folder.
_OTHERS = {
    "services": ("postgresql/", "redis/"),
    "a case": ("evidence/", "photos/", "letter.docx"),
    "evidence of another kind": ("evidence/photo.jpg",),
    "a source tree": ("mode", "main.c"),
    "a file called mode": ("mode",),
    "another's Redis": ("redis/dump.rdb",),
    "a home directory": (".bashrc", ".ssh/id"),
    "a repository": (".git/HEAD",),
    "another's database": ("tracker.db", "notes.txt"),
    "keys of others": ("secret.key", "anchor.key", "mode"),
    "a mark that is none": ("tracker-data", "x.csv"),
}


def _laid_out(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        path = folder / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_text("somebody else's")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)


def _modes(folder: Path) -> dict[str, int]:
    return {str(path): stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}


@pytest.mark.parametrize("making", [True, False])
@pytest.mark.parametrize("names", _OTHERS.values(), ids=_OTHERS)
def test_a_folder_with_other_peoples_things_is_refused_as_it_is(
    tmp_path: Path, names: Sequence[str], making: bool
) -> None:
    _laid_out(tmp_path, names)
    before = _modes(tmp_path)
    with pytest.raises(SettingsError, match=r"TRACKER_DATA_DIR: .* holds what is not this program's"):
        load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path)}, making=making)
    assert _modes(tmp_path) == before


def _made_by_an_earlier_program(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "tracker.db")) as file:
        for table in ("alembic_version", "event", "chain_head"):
            file.execute(f"CREATE TABLE {table} (x)")


@pytest.mark.parametrize(
    "made",
    [
        lambda folder: (folder / "lost+found").mkdir(),
        lambda folder: (folder / "anchor.key").write_text(_HEX_KEY),
        lambda folder: [(folder / "secret.key").write_text(_HEX_KEY), (folder / "mode").write_text("demo")],
        lambda folder: [(folder / name).mkdir(parents=True) for name in ("evidence/0a", "evidence/incoming", "run")],
        lambda folder: (folder / "redis" / "appendonlydir").mkdir(parents=True),
        _made_by_an_earlier_program,
    ],
    ids=["volume", "production", "demonstration", "on PostgreSQL", "Redis", "database"],
)
def test_a_folder_of_an_earlier_program_is_taken_and_marked(tmp_path: Path, made: Callable[[Path], object]) -> None:
    made(tmp_path)
    named = {"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path)}
    load_settings(named, making=False)
    load_settings(named)
    (tmp_path / "notes of the office.txt").touch()
    (tmp_path / "evidence").mkdir(exist_ok=True)
    load_settings(named)
    assert "task tracker" in (tmp_path / "tracker-data").read_text()


def _foreign_database(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "tracker.db")) as file, file:
        file.execute("CREATE TABLE torrents (id INTEGER)")


@pytest.mark.parametrize("making", [True, False])
@pytest.mark.parametrize(
    "laid_out",
    [
        _foreign_database,
        lambda folder: (folder / "tracker.db").write_text("no database"),
        lambda folder: [(folder / "evidence/ab").mkdir(parents=True), (folder / "evidence/ab/photo.jpg").touch()],
        lambda folder: [(folder / "tracker-data").touch(), (folder / "letter.docx").touch()],
    ],
    ids=["a database", "no database", "files of others", "an empty mark"],
)
def test_a_name_of_ours_is_no_proof_where_what_it_holds_is_not(
    tmp_path: Path, laid_out: Callable[[Path], object], making: bool
) -> None:
    laid_out(tmp_path)
    before = _modes(tmp_path)
    with pytest.raises(SettingsError, match=r"TRACKER_DATA_DIR: .* holds what is not this program's"):
        load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path)}, making=making)
    assert _modes(tmp_path) == before


_OURS, _NOT_OURS = ("alembic_version", "event", "chain_head"), ("torrents", "peers")


def _left_in_log(folder: Path, tables: Iterable[str], *, merged: Iterable[str] = ()) -> None:
    """Lay out a database as a program that was killed leaves it: `merged` in the file, the others in its log."""
    there = folder / "of a program"
    there.mkdir()
    with closing(sqlite3.connect(there / "tracker.db", isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA wal_autocheckpoint=0")
        for table in merged:
            file.execute(f"CREATE TABLE {table} (x)")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for table in tables:
            file.execute(f"CREATE TABLE {table} (x)")
        for found in there.iterdir():
            shutil.copyfile(found, folder / found.name)
    shutil.rmtree(there)


def _left_without_index(folder: Path) -> None:
    _left_in_log(folder, _NOT_OURS)
    (folder / "tracker.db-shm").unlink()


def _left_without_file(folder: Path) -> None:
    _left_in_log(folder, _OURS)
    (folder / "tracker.db").unlink()


def _left_beside_nothing(folder: Path) -> None:
    _left_in_log(folder, _NOT_OURS)
    os.truncate(folder / "tracker.db", 0)


def _contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {path.name: (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) for path in folder.iterdir()}


@pytest.mark.parametrize("making", [True, False])
@pytest.mark.parametrize(
    "laid_out",
    [
        lambda folder: _left_in_log(folder, _NOT_OURS),
        lambda folder: _left_in_log(folder, _NOT_OURS[1:], merged=_NOT_OURS[:1]),
        _left_without_index,
        _left_without_file,
        _left_beside_nothing,
    ],
    ids=["in its log", "in both", "without an index", "a log alone", "beside a file of no length"],
)
def test_a_database_whose_log_was_not_merged_is_judged_by_both_and_left_as_it_is(
    tmp_path: Path, laid_out: Callable[[Path], object], making: bool
) -> None:
    laid_out(tmp_path)
    for path in (tmp_path, *tmp_path.iterdir()):
        path.chmod(0o755)
    before = _contents(tmp_path)
    with pytest.raises(SettingsError, match=r"TRACKER_DATA_DIR: .* holds what is not this program's"):
        load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path)}, making=making)
    assert (_contents(tmp_path), stat.S_IMODE(tmp_path.stat().st_mode)) == (before, 0o755)


@pytest.mark.parametrize("merged", [(), _OURS], ids=["in its log", "in the file"])
def test_a_database_of_ours_that_was_killed_with_its_log_is_taken(tmp_path: Path, merged: Sequence[str]) -> None:
    _left_in_log(tmp_path, ("later",) if merged else _OURS, merged=merged)
    before = {name: content for name, (_mode, content) in _contents(tmp_path).items()}
    named = {"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path)}
    load_settings(named, making=False)
    assert {name: content for name, (_mode, content) in _contents(tmp_path).items()} == before
    load_settings(named)
    assert (tmp_path / "tracker-data").exists()


def test_who_only_reads_changes_no_mode(tmp_path: Path) -> None:
    (tmp_path / "tracker.db").touch()
    (tmp_path / "tracker.db").chmod(0o644)
    tmp_path.chmod(0o755)
    load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path)}, making=False)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "tracker.db").stat().st_mode) == 0o644


def test_a_proxy_that_is_no_address_is_refused(tmp_path: Path) -> None:
    assert _load(tmp_path, TRACKER_TRUSTED_PROXIES="10.0.0.0/24 unix").proxies == ("10.0.0.0/24", "unix")
    with pytest.raises(SettingsError, match="TRACKER_TRUSTED_PROXIES"):
        _load(tmp_path, TRACKER_TRUSTED_PROXIES="nginx")


@pytest.mark.skipif(os.geteuid() != 0, reason="asks what root may")
def test_root_serves_no_production_unless_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="root"):
        refuse_root(_load(tmp_path))
    refuse_root(_load(tmp_path, TRACKER_ALLOW_ROOT="1"))
    refuse_root(_load(tmp_path, TRACKER_MODE="demo"))


@pytest.mark.parametrize("program", ["-m workers.relay", "-m workers.scheduler", "-m workers.worker", "-c import_wsgi"])
def test_every_program_that_serves_refuses_with_one_line(tmp_path: Path, program: str) -> None:
    option, _, what = program.partition(" ")
    environ = {"PATH": os.environ["PATH"], "TRACKER_MODE": "production", "TRACKER_DATA_DIR": str(tmp_path)}
    for refused in ({"TRACKER_SECRET_KEY": "a" * 32}, {"TRACKER_SECRET_KEY": SECRET_KEY} if os.geteuid() == 0 else {}):
        ended = subprocess.run(
            [sys.executable, option, what.replace("_", " ")],
            cwd=ROOT,
            env={**environ, **refused},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert ended.returncode == 1
        assert ended.stderr.startswith("TRACKER_")
        assert "有误，系统不能启动。" in ended.stderr
        assert ended.stderr.count("\n") == 1
