"""The file of a SQLite database and its log: nobody makes one by the way, and neither is used with another's."""

import os
import sqlite3
import time
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from sqlalchemy.exc import DBAPIError, OperationalError

from tracker.domain.errors import Rejected
from tracker.store.sqlite_hold import Hold, Names, log_of, where_strangers_are

_POLL_S = 0.02
# The last to leave takes the log away; who comes at that moment tries again for so long.
_LOG_MAY_CHANGE_FOR_S = 1.0
# A probe of locks closes a file, and with it would go the locks that another thread's connection just took on it.
_OPENING = Lock()


class LogLeftBehind(Rejected):
    """The file is away and its write-ahead log is not, which a new file would destroy; facts: file."""

    code = "database_log_left_behind"


class FileAway(Rejected):
    """There is no file; facts: file."""

    code = "database_file_away"


class FileReplaced(Rejected):
    """Processes have another file open than lies there, or lay there when its log was written; facts: file."""

    code = "database_file_replaced"


class LogReplaced(Rejected):
    """The log that processes have open no longer lies beside the file; facts: file."""

    code = "database_log_replaced"


class NotThisDatabase(sqlite3.OperationalError):
    """What lies in the database's place is not what it was: nothing was opened or written. `refusal` says which."""

    def __init__(self, refusal: Rejected) -> None:
        super().__init__(f"{refusal.code}: {refusal.facts['file']}")
        self.refusal = refusal


def refusal_in(error: Exception) -> Rejected | None:
    """Return why a database was not opened; None where the error says something else."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return said.refusal if isinstance(said, NotThisDatabase) else None


class HeldConnection(sqlite3.Connection):
    """A connection to a file and a log that nobody has replaced, held against others as long as it is open."""

    names: Names
    _file: Path
    _hold: Hold | None = None

    @classmethod
    def of(cls, file: Path, hold: Hold, *, patience_s: float) -> "HeldConnection":
        """Open the file. Raises sqlite3.Error; NotThisDatabase where something of it goes meanwhile."""
        address = f"file:{quote(str(file))}?mode=rw"
        made = sqlite3.connect(
            address, uri=True, check_same_thread=False, timeout=patience_s, isolation_level=None, factory=cls
        )
        try:
            made.execute("PRAGMA journal_mode=WAL").close()
            made.execute("PRAGMA schema_version").close()  # whoever reads has opened the log
            made.names = Names.found(file)
        except FileNotFoundError:
            made.close()
            raise NotThisDatabase(LogReplaced(file=file)) from None
        except BaseException:
            made.close()
            raise
        made._file, made._hold = file, hold
        return made

    def check(self) -> None:
        """Refuse to go on where the file or its log was moved or replaced. Raises sqlalchemy's OperationalError."""
        if (refusal := _differs(self._file, self.names)) is not None:
            if isinstance(refusal, LogReplaced):
                self._merge_own_log()
            raise OperationalError(None, None, NotThisDatabase(refusal))

    def _merge_own_log(self) -> None:
        """Write what was committed into the file while its log is only open, and lies nowhere any more.

        With the last process it would be gone. Where a log lies, this one or one that a stranger began, it is left.
        """
        log = log_of(self._file)
        try:
            if not log.exists() or (not log.stat().st_size and Names.of_one(log) != self.names.log):
                self.execute("PRAGMA wal_checkpoint(PASSIVE)").close()
        except (OSError, sqlite3.Error):
            return  # within a transaction, or while another process does it: the next one to begin does

    def close(self) -> None:
        super().close()
        if self._hold is not None:
            self._hold.release()
            self._hold = None

    def __del__(self) -> None:
        if self._hold is not None:  # nobody closed it: what it holds goes with it
            self.close()


class SqliteFile:
    """The file of a database, opened only as what all processes have open.

    SQLite would write on into a file that was moved or replaced, merge the log of one file into another, and let two
    processes write into two logs of one file; nobody would find again what it accepted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()  # a link's log lies beside what it leads to

    def create(self) -> None:
        """Make an empty file unless there is one. Raises OSError, LogLeftBehind."""
        if self.path.exists():
            return
        log = log_of(self.path)
        if log.exists() and log.stat().st_size:
            raise LogLeftBehind(file=self.path)
        self.path.touch(mode=0o600)

    def open(self, *, patience_s: float) -> HeldConnection:
        """Open the file that is there. Raises sqlite3.Error; NotThisDatabase where it or its log is another's."""
        began = time.monotonic()
        log_went: float | None = None  # first seen; a try may have waited long for who merges it as the last to leave
        while True:
            try:
                with _OPENING:
                    return self._opened(patience_s=patience_s)
            except NotThisDatabase as error:
                if not isinstance(error.refusal, LogReplaced):
                    raise
                log_went = log_went or time.monotonic()
                last: sqlite3.Error = error
                until = log_went + _LOG_MAY_CHANGE_FOR_S
            except BlockingIOError:
                last, until = sqlite3.OperationalError("database is locked"), began + patience_s
            except OSError as error:
                raise sqlite3.OperationalError(f"{error.filename or self.path}: {error.strerror}") from error
            if time.monotonic() >= until:
                raise last
            time.sleep(_POLL_S)

    def _opened(self, *, patience_s: float) -> HeldConnection:
        """Open the file once. Raises as `open` does, OSError, BlockingIOError where another opens it just now."""
        if not self.path.exists():
            raise NotThisDatabase(FileAway(file=self.path))
        hold = Hold(self.path)
        try:
            alone = hold.alone()
            if alone:
                self._refuse_log_of_another(hold)
            else:
                hold.share()
                self._refuse_other_than(hold.read())
            connection = HeldConnection.of(self.path, hold, patience_s=patience_s)
        except BaseException:
            hold.release()
            raise
        try:
            if alone:
                hold.write(connection.names)
                hold.share(waiting=True)
            else:
                self._refuse_other_than(hold.read())
        except BaseException:
            connection.close()
            raise
        return connection

    def _refuse_log_of_another(self, hold: Hold) -> None:
        """Refuse a log that was written for another file than lies there now, or that strangers write elsewhere."""
        before = hold.read()
        log = log_of(self.path)
        if before is not None and log.exists() and log.stat().st_size and before.file != Names.of_one(self.path):
            raise NotThisDatabase(FileReplaced(file=self.path))
        on_file, in_log = where_strangers_are(self.path)
        if on_file != in_log:
            raise NotThisDatabase(FileReplaced(file=self.path) if in_log else LogReplaced(file=self.path))

    def _refuse_other_than(self, held: Names | None) -> None:
        refusal = _differs(self.path, held) if held is not None else LogReplaced(file=self.path)
        if refusal is not None:
            raise NotThisDatabase(refusal)


def _differs(path: Path, names: Names) -> Rejected | None:
    """Say what of a database is not what it was; None where all is."""
    try:
        if Names.of_one(path) != names.file:
            return FileReplaced(file=path)
    except OSError:
        return FileAway(file=path)
    try:
        return None if Names.found(path) == names else LogReplaced(file=path)
    except OSError:
        return LogReplaced(file=path)


def temporary_folder() -> Path:
    """Return where SQLite keeps what has no name and does not fit into the memory (os_unix.c, unixTempFileDir)."""
    asked = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp")
    usable = (Path(one) for one in asked if one and os.path.isdir(one) and os.access(one, os.W_OK | os.X_OK))
    return next(usable, Path())


def connection_of(held: Any) -> HeldConnection:  # Any: the driver's connection has no common type
    """Return the driver's own connection below one of SQLAlchemy's."""
    driver = held.connection.driver_connection
    assert isinstance(driver, HeldConnection)
    return driver
