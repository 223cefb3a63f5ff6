"""The file of a SQLite database and its log: moved, replaced, removed under processes that have it open, and copied."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.support.commands import invoke_flask
from tests.support.databases import fresh_sqlite
from tests.support.holder import held
from tests.support.office import open_city
from tracker.bootstrap import build_services
from tracker.cli.commands import register_commands
from tracker.settings import load_settings
from tracker.store.database import Database
from tracker.store.sqlite_file import FileReplaced, LogReplaced, NotThisDatabase

_COMMANDS = (("doctor",), ("audit", "verify"), ("users", "list"), ("backup", "b.tar"), ("db", "upgrade"))
_NAME = "刚刚改的名"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    open_city(fresh_sqlite(tmp_path)).database.dispose()
    shutil.copyfile(tmp_path / "tracker.db", tmp_path / "another.db")
    return tmp_path / "tracker.db"


def _name(file: Path) -> str:
    database = Database(f"sqlite:///{file}")
    try:
        with database.reading() as session:
            return str(session.execute(text("SELECT full_name FROM unit WHERE id = 1")).scalar_one())
    finally:
        database.dispose()


def _why_not(file: Path) -> type[Exception]:
    with pytest.raises(OperationalError) as refused:
        _name(file)
    assert isinstance(refused.value.orig, NotThisDatabase)
    return type(refused.value.orig.refusal)


def _replace(file: Path) -> None:
    file.rename(file.with_name("moved.db"))
    shutil.copyfile(file.with_name("another.db"), file)


def _put_back(file: Path) -> None:
    file.with_name("moved.db").replace(file)


def _beside(file: Path) -> dict[str, bytes]:
    return {found.name: found.read_bytes() for found in file.parent.glob("tracker.db*")}


def test_no_command_merges_the_log_of_one_file_into_another(file: Path) -> None:
    with held(file) as holder:
        assert holder.commit(_NAME) == "done"
        _replace(file)
        before = _beside(file)
        for command in _COMMANDS:
            refused = invoke_flask(file.parent, *command)
            assert (command, refused.exit_code) == (command, 1)
            assert "不是正在使用的那一个" in refused.output
            assert _beside(file) == before, command
        assert "database_file_replaced" in holder.commit("丢失")
        _put_back(file)
        assert _name(file) == _NAME
        assert holder.commit("又改") == "done", "without a restart"
    assert _name(file) == "又改"


def test_neither_does_one_while_a_stranger_has_the_file_open(file: Path) -> None:
    with held(file, by="stranger") as holder:
        assert holder.commit(_NAME) == "done"
        file.with_name("tracker.db-held").unlink()  # an earlier program has none
        _replace(file)
        assert _why_not(file) is FileReplaced
        _put_back(file)
        assert _name(file) == _NAME


@pytest.mark.parametrize("endings", [("-wal", "-shm"), ("-wal",), ("-shm",)])
@pytest.mark.parametrize("copied", [False, True])
def test_no_two_processes_write_into_two_logs(file: Path, endings: tuple[str, ...], copied: bool) -> None:
    with held(file) as holder:
        assert holder.commit(_NAME) == "done"
        for ending in endings:
            log = file.with_name(f"{file.name}{ending}")
            content = log.read_bytes()
            log.unlink()
            if copied:
                log.write_bytes(content)
        assert "database_log_replaced" in holder.commit("丢失")
        assert _why_not(file) is LogReplaced
    assert _name(file) == _NAME, "who ended as he should has merged what he had answered"


@pytest.mark.parametrize("begun", [False, True], ids=["no other log", "an empty one of a stranger"])
def test_what_was_answered_outlives_its_log_and_its_process(file: Path, begun: bool) -> None:
    with held(file) as holder:
        assert holder.commit(_NAME) == "done"
        for ending in ("-wal", "-shm"):
            file.with_name(f"{file.name}{ending}").unlink()
        if begun:
            file.with_name(f"{file.name}-wal").touch()
        assert "database_log_replaced" in holder.commit("丢失")
        holder.kill()
    assert _name(file) == _NAME


def test_the_log_of_a_process_that_died_waits_for_its_file(file: Path) -> None:
    with held(file) as holder:
        assert holder.commit(_NAME) == "done"
        holder.kill()
    _replace(file)
    assert _why_not(file) is FileReplaced
    _put_back(file)
    assert _name(file) == _NAME


def _left_by_the_dead(file: Path) -> None:
    with held(file) as holder:
        holder.commit(_NAME)
        holder.kill()


def _left_by_none(file: Path) -> None:
    with held(file) as holder:
        holder.commit(_NAME)


@pytest.mark.parametrize("leave", [_left_by_the_dead, _left_by_none])
def test_a_copy_of_the_folder_is_opened_as_what_it_is(file: Path, leave: Callable[[Path], None]) -> None:
    leave(file)
    copy = file.parent / "copy"
    copy.mkdir()
    for found in file.parent.glob("tracker.db*"):
        shutil.copyfile(found, copy / found.name)
    assert _name(copy / file.name) == _NAME


def test_a_file_put_in_place_where_nobody_is_and_no_log_lies_is_the_database(file: Path) -> None:
    _left_by_none(file)
    _replace(file)
    assert _name(file) != _NAME


def test_a_link_to_a_file_elsewhere_is_opened_as_the_file(file: Path) -> None:
    elsewhere = file.parent / "elsewhere"
    elsewhere.mkdir()
    file.rename(elsewhere / file.name)
    file.symlink_to(elsewhere / file.name)
    with held(file) as holder:
        assert holder.commit(_NAME) == "done"
        assert _name(file) == _NAME


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
def test_what_root_does_first_shuts_the_owner_of_the_database_not_out(file: Path) -> None:
    os.chown(file, 65534, 65534)
    assert _name(file)
    assert file.with_name(f"{file.name}-held").stat().st_uid == 65534


def test_who_comes_while_the_last_one_leaves_is_let_in(file: Path) -> None:
    """The last to close takes the log away; whoever looked just before finds another."""
    with ThreadPoolExecutor(4) as many:
        assert len(set(many.map(_name, [file] * 200))) == 1


def test_however_long_the_last_one_takes_to_leave(file: Path) -> None:
    """Who waited for its merging longer than a log may be away has not yet looked a second time."""
    with held(file, by="leaver") as leaver:
        assert leaver.commit("1.5") == "leaving"
        assert _name(file)


def _commands(group: click.Group, *before: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, *before, name)
        else:
            yield (*before, name), command


def _given(command: click.Command, folder: Path) -> Iterator[str]:
    """Give a command what it must have, so that it comes to ask the database."""
    (folder / "given.txt").write_text("x", encoding="utf-8")
    for wanted in command.params:
        if not wanted.required:
            continue
        if isinstance(wanted, click.Option):
            yield wanted.opts[0]
        kind = wanted.type
        days = {"on": "2022-11-02", "to": "2022-11-02T09:00", "as_of": "2022-11-02T09:00", "role": "system_admin"}
        is_file = isinstance(kind, click.Path)
        exists = is_file and getattr(kind, "exists", False)
        yield str(folder / ("given.txt" if exists else "new")) if is_file else days.get(wanted.name or "", "x")


def test_every_command_says_in_one_line_that_the_file_is_away(tmp_path: Path) -> None:
    services = build_services(load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path / "var")}))
    app = Flask("tracker")
    register_commands(app, services)
    asked = 0
    for name, command in _commands(app.cli):
        if name[0] in ("run", "shell", "routes") or name == ("db", "upgrade"):  # Flask's own; which makes the file
            continue
        told = app.test_cli_runner().invoke(args=[*name, *_given(command, tmp_path)])
        assert told.exception is None or isinstance(told.exception, SystemExit), (name, told.exception)
        asked += "没有数据库文件" in told.output
        assert "unable to open" not in told.output, name
        assert not (tmp_path / "var" / "tracker.db").exists(), name
    assert asked > 10
