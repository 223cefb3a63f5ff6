"""The file of a SQLite database: nobody makes one by the way, and nothing is kept in one that was moved away."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.exc import OperationalError

from tracker.domain.errors import Rejected


class LogLeftBehind(Rejected):
    """The file is away and its write-ahead log is not, which a new file would destroy; facts: file."""

    code = "database_log_left_behind"


class SqliteFile:
    """The file as a process opened it first, held against what its name names now.

    SQLite would write on into a file that was moved or replaced, and nobody would find again what it accepted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._opened: tuple[int, int] | None = None

    def create(self) -> None:
        """Make an empty file unless there is one. Raises OSError, LogLeftBehind."""
        if self.path.exists():
            return
        log = self.path.with_name(f"{self.path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise LogLeftBehind(file=self.path)
        self.path.touch(mode=0o600)

    def open(self, *, patience_s: float) -> sqlite3.Connection:
        """Open the file that is there. Raises sqlite3.OperationalError where there is none, or another than before.

        A connection to another would outlive it in the pool, and later write into the log of the right one.
        """
        address = f"file:{quote(str(self.path))}?mode=rw"
        named = self._named()
        if self._opened not in (None, named):
            raise self._moved()
        connection = sqlite3.connect(address, uri=True, check_same_thread=False, timeout=patience_s)
        if self._named() != named:
            connection.close()
            raise self._moved()
        self._opened = named
        return connection

    def check(self) -> None:
        """Refuse to go on with a file that was moved or replaced. Raises OperationalError."""
        if self._opened is not None and self._named() != self._opened:
            raise OperationalError(None, None, self._moved())

    def _moved(self) -> sqlite3.OperationalError:
        return sqlite3.OperationalError(f"{self.path} is not the file that was opened")

    def forget(self) -> None:
        """Take what is there next for the file: all connections are closed."""
        self._opened = None

    def _named(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
