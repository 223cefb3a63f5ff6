"""What a database needs to be filled from a dump, and what may not go on in it as if nothing had happened."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select, text, update

from tracker.domain.errors import Rejected
from tracker.store import event_log
from tracker.store.queries.evidence import FILE_COLUMNS
from tracker.store.tables.events import IS_OPEN_REMINDER, ReminderState

_FILLED_BY_MIGRATIONS = ("chain_head", "relay_cursor")
_UNKNOWN = "数据由备份恢复，此前是否已经发出不明"


class Occupied(Rejected):
    """Only an empty database and an empty folder are filled; facts: what."""

    code = "restore_occupied"


def chain_head(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the last event."""
    seq, last = connection.execute(text("SELECT seq, hash FROM chain_head")).one()
    return int(seq), str(last)


def named_files(connection: Connection, tables: Iterable[Table]) -> set[str]:
    """Return the digests of the files that any row names, of the columns that this revision has."""
    known = {table.name: table for table in tables}
    columns = [
        known[table].columns[name] for table, name in FILE_COLUMNS if table in known and name in known[table].columns
    ]
    found = {digest for column in columns for digest in connection.scalars(select(column).distinct())}
    return {str(digest) for digest in found if digest}


def refuse_occupied(connection: Connection, tables: Iterable[Table]) -> None:
    """Raise Occupied where there is anything that no migration entered."""
    for table in tables:
        if table.name in _FILLED_BY_MIGRATIONS:
            continue
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise Occupied(what=f"数据库的表{table.name}")
    if chain_head(connection) != (0, event_log.GENESIS):
        raise Occupied(what="数据库的事件链")


def make_room(connection: Connection, tables: Iterable[Table]) -> None:
    """Remove what migrations entered."""
    for table in tables:
        if table.name in _FILLED_BY_MIGRATIONS:
            connection.execute(delete(table))


def set_sequences(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL count on after the rows that came with their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            which = {"table": table.name, "column": column.name}
            found = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), which).scalar_one()
            last = connection.execute(select(func.max(column))).scalar_one() if found else None
            if last is not None:
                connection.execute(text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": found, "last": last})


def end_what_was_open(connection: Connection, tables: Iterable[Table], *, now: datetime) -> None:
    """End the log-in sessions, and hold the mails that were about to leave: they may have left since.

    `now` is the host's time.
    """
    known = {table.name: table for table in tables}
    login, reminder = known["login"], known["reminder"]
    connection.execute(update(login).where(login.c.revoked_at.is_(None)).values(revoked_at=now))
    open_mails = reminder.c.channel == "mail", text(IS_OPEN_REMINDER)
    connection.execute(update(reminder).where(*open_mails).values(state=ReminderState.HELD.value, last_error=_UNKNOWN))
