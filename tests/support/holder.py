"""A process that has a SQLite database open as the site has: commits each word of its input, says what became of it."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.support.commands import ROOT
from tracker.store.database import Database
from tracker.store.sqlite_file import SqliteFile
from tracker.store.sqlite_hold import ON_FILE, index_of, log_of


class Holder:
    """The process, seen from the test."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def commit(self, name: str) -> str:
        """Have it name a unit so; "done", or why it refused."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """Let it end as a process that is stopped."""
        if self._process.poll() is None:
            self._process.communicate(timeout=30)


@contextmanager
def held(file: Path, *, by: str = "database") -> Iterator[Holder]:
    """Run the process; `by="stranger"`: it opens the file as `sqlite3` does, without a word to others.

    `by="leaver"`: it has nothing to say, and keeps all out for so many seconds as it is told while it leaves.
    """
    command = [sys.executable, "-m", "tests.support.holder", str(file), by]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        holder = Holder(process)
        try:
            yield holder
        finally:
            holder.end()


_RENAME = "UPDATE unit SET full_name = :name WHERE id = 1"


def _leave(file: Path, for_s: float) -> None:
    """Do what SQLite does for the last to close, at the pace of a slow disk: lock, merge, remove the log."""
    connection = SqliteFile(file).open(patience_s=5)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    with file.open("rb+", buffering=0) as opened:
        fcntl.lockf(opened, fcntl.LOCK_EX, ON_FILE[1], ON_FILE[0])
        print("leaving", flush=True)
        time.sleep(for_s)
        for gone in (log_of(file), index_of(file)):
            gone.rename(gone.with_name(f"{gone.name}-gone"))  # a file system may give a new log an old one's number
        os._exit(0)  # what it holds goes with it; to close the connection would remove the log of whoever comes


def _main(file: str, by: str) -> None:
    if by == "leaver":
        _leave(Path(file), float(sys.stdin.readline()))
        return
    database = Database(f"sqlite:///{file}")
    if by == "stranger":
        import sqlite3  # noqa: PLC0415

        connection = sqlite3.connect(file, isolation_level=None)
    for line in sys.stdin:
        try:
            if by == "stranger":
                connection.execute(_RENAME, {"name": line.strip()})
            else:
                with database.transaction() as session:
                    session.execute(text(_RENAME), {"name": line.strip()})
        except OperationalError as error:
            print(error.orig, flush=True)
        else:
            print("done", flush=True)


if __name__ == "__main__":
    _main(*sys.argv[1:])
