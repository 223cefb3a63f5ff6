"""Writes many rows fast: the driver's executemany on SQLite, COPY on PostgreSQL, values shaped by the tables' types."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, text
from sqlmodel import SQLModel

from tracker.store.database import Database

_KEPT = 50_000


class BulkWriter:
    """Keeps rows by table and writes them in order of the tables' dependencies; all rows of a table name the same."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)  # Any: a row's values have no common type
        self._kept = 0
        self._last: dict[str, int] = defaultdict(int)

    def begin_after(self, last: Mapping[str, int]) -> None:
        """Number the rows of tables after those that they have."""
        self._last.update(last)

    def add(self, table: str, **values: Any) -> int:  # Any: as above
        """Keep one row; return its id, the next of its table."""
        self._last[table] += 1
        self._rows[table].append({"id": self._last[table]} | values)
        self._kept += 1
        return self._last[table]

    def add_as_is(self, table: str, row: Mapping[str, Any]) -> None:  # Any: as above
        """Keep a row of a table without an id of its own."""
        self._rows[table].append(row)
        self._kept += 1

    def write_if_many(self) -> None:
        """Write what was kept, where it is much; only whole documents may be kept then, since rows point to rows."""
        if self._kept > _KEPT:
            self.write()

    def write(self) -> None:
        """Write everything that was kept."""
        with self._database.engine.begin() as connection:
            for table in SQLModel.metadata.sorted_tables:
                if rows := self._rows.pop(table.name, None):
                    _insert(connection, table, rows)
        self._kept = 0

    def finish(self) -> None:
        """Write the rest, let new rows be numbered after these, and tidy PostgreSQL up as its autovacuum would."""
        self.write()
        if self._database.engine.dialect.name != "postgresql":
            return
        with self._database.engine.begin() as connection:
            for table in self._last:
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
                )
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _insert(connection: Connection, table: Table, rows: list[Mapping[str, Any]]) -> None:
    constants = {
        column.name: column.default.arg  # type: ignore[attr-defined] # a scalar default has one
        for column in table.columns
        if column.default is not None and column.default.is_scalar and column.name not in rows[0]
    }
    names = [*rows[0], *constants]
    fixed = tuple(constants.values())
    tuples = ((*row.values(), *fixed) for row in rows)
    driver = connection.connection.driver_connection
    assert driver is not None
    if connection.dialect.name == "postgresql":
        with driver.cursor().copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for values in tuples:
                copy.write_row(values)
        return
    shapes = [_shape(connection, table, name) for name in names]
    shaped = (
        [shape(value) if shape else value for shape, value in zip(shapes, values, strict=True)] for values in tuples
    )
    marks = ", ".join("?" * len(names))
    driver.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", shaped)


def _shape(connection: Connection, table: Table, name: str) -> Callable[[Any], Any] | None:  # Any: SQLAlchemy's own
    return table.columns[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
