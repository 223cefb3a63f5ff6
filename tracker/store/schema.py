"""The schema and its migrations, driven by Alembic."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect
from sqlmodel import SQLModel

from tracker.store import tables
from tracker.store.database import Database, name_in
from tracker.store.sqlite_file import temporary_folder

_MIGRATIONS = Path(__file__).parent / "migrations"
assert tables.__all__

Shape = Mapping[str, frozenset[str]]  # tables with the names of their columns


class DanglingReferences(RuntimeError):
    """A migration left rows that point to nothing; the message names the tables. Nothing of it was kept."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database) -> None:
    """Bring the schema to the newest revision. Idempotent: a second run changes nothing.

    Raises DanglingReferences, and keeps nothing then; LogLeftBehind.
    """
    upgrade_to(database, "head")


def upgrade_to(database: Database, revision: str) -> None:
    """Bring the schema forward to a revision, in one transaction. Raises as `upgrade` does."""
    with migrating(database, revision):
        pass


@contextmanager
def migrating(database: Database, revision: str) -> Iterator[Connection]:
    """Bring the schema forward and hand on its transaction: what is written there is kept with it or not at all.

    Makes the file of a SQLite database that is not there. Raises as `upgrade` does, at the end, and as
    `Database.create` does, at first.
    """
    database.create()
    with database.engine.connect() as connection, _free_to_rebuild(connection), connection.begin():
        command.upgrade(_config(connection), revision)
        yield connection
        _refuse_dangling(connection)
        database.check_file(connection)


@contextmanager
def _free_to_rebuild(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off for the connection: it alters a table by dropping it and making it anew.

    The pragma does nothing inside a transaction, so it goes past SQLAlchemy, which would begin one.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


@contextmanager
def scratch(revision: str) -> Iterator[Connection]:
    """Hand on a private and empty SQLite database of a revision, which is gone afterwards.

    What of it does not fit into the memory is a file without a name, where SQLite keeps such files (`TMPDIR`).
    Raises DanglingReferences, at the end.
    """
    with _unnamed_databases().connect() as connection:
        command.upgrade(_config(connection), revision)
        yield connection
        _refuse_dangling(connection)


@cache
def _unnamed_databases() -> Engine:
    """Return an engine each of whose connections has a database of its own."""
    engine = create_engine("sqlite://", creator=partial(sqlite3.connect, ""), poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "handle_error", lambda context: name_in(context, temporary_folder()))
    return engine


@cache
def shape_at(revision: str) -> Shape:
    """Return the tables of a revision that this program knows: what is ours in a database."""
    with scratch(revision) as connection:
        return shape_of(connection)


def shape_of(connection: Connection) -> Shape:
    """Return the tables of a database, whoever made them."""
    found = inspect(connection)
    names = found.get_table_names()
    return {name: frozenset(column["name"] for column in found.get_columns(name)) for name in names}


def _refuse_dangling(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        dangling = {str(table) for table, *_where in connection.exec_driver_sql("PRAGMA foreign_key_check")}
        if dangling:
            raise DanglingReferences(", ".join(sorted(dangling)))


def write_revision(database: Database, *, message: str, revision: str) -> None:
    """Write a new revision file from the difference between the tables in code and the database."""
    with database.engine.begin() as connection:
        command.revision(_config(connection), message=message, rev_id=revision, autogenerate=True)


@cache
def newest_revision() -> str:
    """Return the revision to which this program migrates."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def knows(revision: str) -> bool:
    """Say whether this program has the migration of that name."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def revision_of(connection: Connection) -> str | None:
    """Return at which revision the database stands; None where it has no schema."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    """Say whether the database stands at the newest revision; waits for nobody who writes."""
    return revision(database) == newest_revision()


def revision(database: Database) -> str | None:
    """Return the revision at which the database stands; None where nothing has been migrated."""
    with database.reading() as session:
        return revision_of(session.connection())


def differences(database: Database) -> list[object]:
    """Return what the tables in code have that the migrations did not create, and the reverse."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))
