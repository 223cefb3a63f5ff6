"""A city is made by the use cases once a test process; the tests that begin with it again get its rows copied in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlmodel import SQLModel

from tracker.store.database import Database

_Rows = Mapping[str, Sequence[Mapping[str, Any]]]  # Any: what the columns hold

_REMEMBERED: dict[tuple[object, ...], _Rows] = {}
_SEQUENCES = text(
    "SELECT c.relname AS sequence, t.relname AS owner, a.attname AS counted FROM pg_class c"
    " JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass"
    " JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
    " WHERE c.relkind = 'S'"
)


def remembered(database: Database, make: Callable[[Database], None], *key: object) -> None:
    """Make a city in an empty database, or copy the rows of the one that the same key made before.

    The key names everything that `make` depends on; what has no value of its own is given as its text.
    """
    if key not in _REMEMBERED:
        make(database)
        _REMEMBERED[key] = _rows(database)
    else:
        _copy(_REMEMBERED[key], database)


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
            if table.name in ("chain_head", "relay_cursor"):  # an empty database has these rows
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
