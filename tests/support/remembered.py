"""A city is made by the use cases once a test process; the tests that begin with it again get its rows copied in."""

import atexit
import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, insert, select, text
from sqlmodel import SQLModel

from tracker.store.database import Database

Made = TypeVar("Made")
_Rows = Mapping[str, Sequence[Mapping[str, Any]]]  # Any: what the columns hold


@dataclass(slots=True)
class _Kept:
    """What making a city returned, its rows, the files beside it, and its SQLite file once there is one."""

    made: object
    rows: _Rows
    files: Path | None
    sqlite: Path | None = None


_REMEMBERED: dict[tuple[object, ...], _Kept] = {}
# An empty database has a row in each of these.
_IN_EMPTY_ONES = ("chain_head", "relay_cursor")
_SEQUENCES = text(
    "SELECT c.relname AS sequence, t.relname AS owner, a.attname AS counted FROM pg_class c"
    " JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass"
    " JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
    " WHERE c.relkind = 'S'"
)


def remembered(database: Database, make: Callable[[Database], Made], *key: object, files: Path | None = None) -> Made:
    """Make a city in an empty database, or copy the rows of the one that the same key made before.

    The key names everything that `make` depends on; what has no value of its own is given as its text. What `make`
    returned is handed on, so it must be a value that no test changes. With `files` the folder of that name is kept and
    copied too.
    """
    kept = _REMEMBERED.get(key)
    if kept is None:
        made = make(database)
        _REMEMBERED[key] = _Kept(made, _rows(database), _copy_of(files))
        return made
    if database.engine.dialect.name == "sqlite" and _is_empty(database):
        _put_file(kept, database)
    else:
        _copy(kept.rows, database)
    if kept.files is not None and files is not None:
        shutil.copytree(kept.files, files, dirs_exist_ok=True)
    return cast("Made", kept.made)


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tracker-remembered-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _copy_of(files: Path | None) -> Path | None:
    if files is None or not files.exists():
        return None
    return shutil.copytree(files, _folder() / f"files-{len(_REMEMBERED)}")


def _is_empty(database: Database) -> bool:
    """Say whether a test entered nothing before; what it did stays beside the city's rows."""
    with database.engine.connect() as connection:
        return not connection.exec_driver_sql(_anything()).scalar()


@functools.cache
def _anything() -> str:
    names = [name for name in SQLModel.metadata.tables if name not in _IN_EMPTY_ONES]
    return "SELECT " + " OR ".join(f"EXISTS (SELECT 1 FROM {name})" for name in names)


def _put_file(kept: _Kept, database: Database) -> None:
    """Put a copy of the city's file in place of an empty one; the first time its rows are written into that."""
    mine = Path(str(database.engine.url.database))
    if kept.sqlite is None:
        _copy(kept.rows, database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.dispose()
        descriptor, name = tempfile.mkstemp(suffix=".db", dir=_folder())
        os.close(descriptor)
        kept.sqlite = Path(shutil.copyfile(mine, name))
        return
    database.dispose()
    for ending in ("-wal", "-shm"):
        mine.with_name(mine.name + ending).unlink(missing_ok=True)
    shutil.copyfile(kept.sqlite, mine)


def _rows(database: Database) -> _Rows:
    with database.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in SQLModel.metadata.sorted_tables
        }


def _copy(kept: _Rows, database: Database) -> None:
    with database.engine.begin() as connection:
        # Rows come as the database gave them, so that one may come before another of its table to which it points.
        wait = "SET LOCAL session_replication_role = replica"
        connection.execute(text(wait if connection.dialect.name == "postgresql" else "PRAGMA defer_foreign_keys = ON"))
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name in _IN_EMPTY_ONES:
                connection.execute(table.delete())
        for table in SQLModel.metadata.sorted_tables:
            if kept[table.name]:
                connection.execute(insert(table), list(kept[table.name]))
        if connection.dialect.name == "postgresql":
            _count_on(connection)


def _count_on(connection: Connection) -> None:
    for sequence, owner, counted in connection.execute(_SEQUENCES).all():
        connection.execute(
            text(f"SELECT setval('{sequence}', coalesce(max({counted}), 1), max({counted}) IS NOT NULL) FROM {owner}")
        )
