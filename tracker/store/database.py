"""Engine and transactions for SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event, inspect, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from tracker.domain.errors import Stale
from tracker.store import event_log, reckoning, search_index
from tracker.store.sqlite_file import SqliteFile, connection_of
from tracker.store.tables.columns import Versioned

_READING = "tracker_reading"
_COUNTED = "tracker_counted"
_BUSY_TIMEOUT_MS = 10_000
_CONNECT_WITHIN_S = 5


class WritingSession(Session):
    """A session in which whatever is locked is read: nothing is decided by what it knew before it had the lock."""


@event.listens_for(WritingSession, "do_orm_execute")
def _read_what_is_locked(executed: ORMExecuteState) -> None:
    if isinstance(executed.statement, Select) and executed.statement._for_update_arg is not None:
        executed.update_execution_options(populate_existing=True)


@event.listens_for(WritingSession, "before_flush")
def _count_versions(session: WritingSession, _context: object, _instances: object) -> None:
    """Raise the version of each changed row, once a transaction however often it is flushed."""
    counted: dict[int, object] = session.info.setdefault(_COUNTED, {})  # held, so that no other row gets their ids
    counted.update((id(row), row) for row in session.new)
    for row in session.dirty:
        if isinstance(row, Versioned) and id(row) not in counted and session.is_modified(row):
            row.version += not inspect(row).attrs.version.history.has_changes()  # by itself, where an act `touched` it
            counted[id(row)] = row


class Database:
    """One engine; every write goes through `transaction`, every page through `reading`.

    On SQLite a write transaction begins with BEGIN IMMEDIATE: a deferred one that reads first loses updates or
    fails with "database is locked" at once, whatever the busy timeout. The threads of one process queue for it
    here: SQLite itself has them ask each 0.1 s, and under a burst one may never ask at the right moment.

    A file that is not there is made by `create` only; one that was moved or replaced since anybody opened it, or whose
    log was, is as a database that is away (OperationalError), until it is back in place or all processes have ended.
    """

    def __init__(self, url: str) -> None:
        self._file = _file(url)
        self.engine = _engine(url, self._file)
        self._turn: AbstractContextManager[object] = RLock() if self._file is not None else nullcontext()
        self._reading_engine = self.engine.execution_options(**{_READING: True})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a session, reckon and index anew what it touched, append its events, commit; roll back on an error.

        Raises Stale where a row was changed by another since it was read.
        """
        with self._turn, WritingSession(self.engine, expire_on_commit=False) as session:
            try:
                yield session
                reckoning.reckon(session)
                search_index.follow(session)
                event_log.write(session)
                self.check_file(session.connection())  # which may have gone since the transaction began
                session.commit()
            except StaleDataError:
                raise Stale() from None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that never writes; what it adds is rolled back."""
        with Session(self._reading_engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a connection that sees one moment, that of its first statement, whatever others commit meanwhile."""
        engine = self._reading_engine  # on SQLite a plain BEGIN, which the write-ahead log lets see one moment
        if engine.dialect.name == "postgresql":
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with engine.connect() as connection:
            yield connection

    def dispose(self) -> None:
        """Close all connections; a forked process calls this before its first query."""
        self.engine.dispose()

    def create(self) -> None:
        """Make the file of a SQLite database that has none yet. Raises OSError, LogLeftBehind."""
        if self._file is not None:
            self._file.create()

    @property
    def missing_file(self) -> Path | None:
        """The file that is not there; None where it is, and where the database is a server."""
        return self._file.path if self._file is not None and not self._file.path.exists() else None

    def check_file(self, connection: Connection) -> None:
        """Refuse to commit into a file or a log that was moved or replaced. Raises OperationalError."""
        if self._file is not None:
            connection_of(connection).check()

    def ask(self) -> None:
        """Ask the database for a trivial answer; raises what the driver raises when it is away."""
        with self._reading_engine.connect() as connection:
            connection.execute(text("SELECT 1")).scalar_one()


def _file(url: str) -> SqliteFile | None:
    named = make_url(url)
    return SqliteFile(Path(named.database or "")) if named.get_backend_name() == "sqlite" else None


def _engine(url: str, file: SqliteFile | None) -> Engine:
    # What is bound to a statement is what people wrote: no error repeats it.
    if file is None:
        patient = {} if "connect_timeout" in make_url(url).query else {"connect_timeout": _CONNECT_WITHIN_S}
        return create_engine(url, pool_pre_ping=True, hide_parameters=True, connect_args=patient)
    opened = partial(file.open, patience_s=_BUSY_TIMEOUT_MS / 1000)
    engine = create_engine(url, creator=opened, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", lambda context: name_in(context, file.path))
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # Any: the driver's connection has no common type
    cursor = connection.cursor()
    for pragma in ("synchronous=FULL", f"busy_timeout={_BUSY_TIMEOUT_MS}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def name_in(context: ExceptionContext, path: Path) -> None:
    """Let an error say of which file it is: SQLite does not, and whoever reads it has to look there."""
    context.original_exception.database = path  # type: ignore[attr-defined] # read by the commands


def _begin_sqlite(connection: Connection) -> None:
    connection_of(connection).check()
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
