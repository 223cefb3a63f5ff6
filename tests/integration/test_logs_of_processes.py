"""What each program writes into its log when it is started as it is in operation, not imported."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.support.commands import ROOT
from tests.support.databases import fresh_sqlite
from tests.support.keys import SECRET_KEY
from tests.support.site import Site
from tracker.gateways.embedded_redis import redis_command, wait_until_ready
from tracker.settings import load_settings
from tracker.store.database import Database
from workers.process_records import write_record

_WITHIN_S = 60
_Record = Mapping[str, Any]  # Any: what a record's fields hold


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """The small city on its day of issue: long ago, so that a pass finds much to do."""
    database = fresh_sqlite(tmp_path)
    Site(database, tmp_path)
    return database


class _Running:
    """A program in production, and the file into which its standard error goes."""

    def __init__(self, said: Path, process: subprocess.Popen[bytes]) -> None:
        self._said, self._process = said, process

    def ended(self) -> int:
        """Return the exit code; wait for the end."""
        return self._process.wait(_WITHIN_S)

    def records(self) -> list[_Record]:
        lines = self._said.read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def first(self, event: str) -> _Record:
        """Return the first record of an event; wait for it."""
        until = time.monotonic() + _WITHIN_S
        while time.monotonic() < until and self._process.poll() is None:
            found = [record for record in self.records() if record["event"] == event]
            if found:
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"no {event} within {_WITHIN_S} s: {self._said.read_text()}")


@contextmanager
def _running(folder: Path, database: Database, *command: str) -> Iterator[_Running]:
    environ = {
        "PATH": os.environ["PATH"],
        "TRACKER_MODE": "production",
        "TRACKER_ALLOW_ROOT": "1",
        "TRACKER_SECRET_KEY": SECRET_KEY,
        "TRACKER_DATA_DIR": str(folder / "var"),
        "TRACKER_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
    }
    said = folder / f"said by {command[1]}"
    with (
        said.open("wb") as out,
        subprocess.Popen([sys.executable, *command], env=environ, cwd=ROOT, stderr=out, stdout=out) as process,
    ):
        try:
            yield _Running(said, process)
        finally:
            process.terminate()
            assert process.wait(_WITHIN_S) == 0


def _of(module: str, level: str = "info") -> Mapping[str, str]:
    return {"logger": f"workers.{module}", "program": module, "level": level}


def test_the_scheduler_writes_its_anchors_its_passes_and_its_look_at_the_files(
    tmp_path: Path, database: Database
) -> None:
    evidence = tmp_path / "var" / "evidence" / "ab"
    evidence.mkdir(mode=0o700, parents=True)
    orphan = evidence / ("ab" + "0" * 62)
    orphan.write_bytes(b"x")
    os.utime(orphan, (0, 0))
    with _running(tmp_path, database, "-m", "workers.scheduler") as scheduler:
        anchor, passed = scheduler.first("anchor"), scheduler.first("pass")
        files = scheduler.first("files")
    for record in (anchor, passed, files):
        assert _of("scheduler").items() <= record.items()
    assert anchor["line"].startswith("tracker-anchor/1 ")
    assert passed["opened"] > 0
    assert files["orphans"] == 1


@pytest.mark.parametrize("program", ["scheduler", "relay"])
def test_a_program_without_its_database_says_so_and_goes_on(tmp_path: Path, database: Database, program: str) -> None:
    with database.engine.begin() as connection:
        for table in ("relay_cursor", "series"):
            connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_lost"))
    with _running(tmp_path, database, "-m", f"workers.{program}") as running:
        told = running.first("the database did not answer; trying again")
    assert _of(program, "error").items() <= told.items()
    assert "no such table" in told["exception"]


def test_the_relay_writes_what_it_does_where_redis_is_away(tmp_path: Path, database: Database) -> None:
    with _running(tmp_path, database, "-m", "workers.relay") as relay:
        delivery = relay.first("delivery")
    assert {"logger": "workers.dispatch", "program": "relay", "outcome": "done"}.items() <= delivery.items()


def test_a_worker_writes_what_it_does_for_whom_the_relay_rings(tmp_path: Path, database: Database) -> None:
    settings = load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(tmp_path / "var")})
    options = ("--processes", "1", "--threads", "1")
    with subprocess.Popen(redis_command(settings), stdout=subprocess.DEVNULL) as redis:
        try:
            wait_until_ready(settings.redis_url, timeout_s=10)
            with (
                _running(tmp_path, database, "-m", "workers.worker", *options) as worker,
                _running(tmp_path, database, "-m", "workers.relay"),
            ):
                delivery = worker.first("delivery")
        finally:
            redis.terminate()
    assert {"logger": "workers.dispatch", "program": "worker", "outcome": "done"}.items() <= delivery.items()


def test_stopping_what_a_crashed_run_left_says_nothing(tmp_path: Path, database: Database) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True) as left:
        try:
            write_record(tmp_path / "var", "web", pid=left.pid, command=["web"])
            with _running(tmp_path, database, "-m", "workers.stop") as stop:
                assert left.wait(_WITHIN_S) == -signal.SIGTERM
                assert stop.ended() == 0
        finally:
            left.kill()
    assert stop.records() == []
