"""What has failed below us, read from the errors of databases and of the system."""

import errno
import sqlite3
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree


class Trouble(StrEnum):
    """`AT_ONCE`: another transaction has stopped this one. `SCHEMA`: the program is newer than the database."""

    AT_ONCE = "at_once"
    BUSY = "busy"
    DATABASE = "database"
    SCHEMA = "schema"
    DISK_FULL = "disk_full"
    DISK = "disk"


_DISK = {
    errno.ENOSPC: Trouble.DISK_FULL,
    errno.EDQUOT: Trouble.DISK_FULL,
    errno.EROFS: Trouble.DISK,
    errno.EACCES: Trouble.DISK,
    errno.EPERM: Trouble.DISK,
    errno.EIO: Trouble.DISK,
    errno.EMFILE: Trouble.BUSY,
    errno.ENFILE: Trouble.BUSY,
    errno.ENOMEM: Trouble.BUSY,
}
# serialization_failure, deadlock_detected; disk_full; undefined_table, undefined_column; read_only_sql_transaction;
# lock_not_available, too_many_connections. Source: PostgreSQL, appendix A.
_OF_POSTGRES = {
    "40001": Trouble.AT_ONCE,
    "40P01": Trouble.AT_ONCE,
    "53100": Trouble.DISK_FULL,
    "42P01": Trouble.SCHEMA,
    "42703": Trouble.SCHEMA,
    "25006": Trouble.DATABASE,
    "55P03": Trouble.BUSY,
    "53300": Trouble.BUSY,
}
# The lowest byte names the family, e.g. SQLITE_BUSY_SNAPSHOT. SQLITE_CANTOPEN is a folder that is away or shut.
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_FULL: Trouble.DISK_FULL,
    sqlite3.SQLITE_READONLY: Trouble.DISK,
    sqlite3.SQLITE_IOERR: Trouble.DISK,
    sqlite3.SQLITE_CANTOPEN: Trouble.DATABASE,
    sqlite3.SQLITE_CORRUPT: Trouble.DATABASE,
    sqlite3.SQLITE_NOTADB: Trouble.DATABASE,
}
_NO_SUCH = ("no such table", "no such column")


def trouble_of(error: Exception) -> Trouble | None:
    """Return what has failed; None for an error that is a fault of the program."""
    if isinstance(error, DBAPIError):
        return _of_database(error)
    if isinstance(error, NoConnectionFree):
        return Trouble.BUSY
    return _DISK.get(error.errno or 0) if isinstance(error, OSError) else None


def _of_database(error: DBAPIError) -> Trouble | None:
    orig = error.orig
    if isinstance(orig, sqlite3.Error):
        if str(orig).startswith(_NO_SUCH):
            return Trouble.SCHEMA
        found = _OF_SQLITE.get(getattr(orig, "sqlite_errorcode", 0) & 0xFF)
    else:
        found = _OF_POSTGRES.get(getattr(orig, "sqlstate", None) or "")
    return found or (Trouble.DATABASE if isinstance(error, OperationalError) or error.connection_invalidated else None)
