"""All tables as lines of JSON and back: the same lines from SQLite and from PostgreSQL, and of any revision.

The first line of a table names its columns, in the order of their names; each other is a row, in the order of the key.
Tables are read from the database itself, so that what an older program left is dumped as it is; which of them are
ours, the migrations say (`schema.shape_at`).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    cast,
    insert,
    inspect,
    select,
)
from sqlalchemy import update as change
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import JSON, UserDefinedType

from tracker.domain.errors import BadInput, Rejected
from tracker.store import schema
from tracker.store.schema import Shape
from tracker.store.tables.search import MADE_ANEW
from tracker.store.troubles import trouble_of

_LEFT_OUT = MADE_ANEW | {"alembic_version"}
_PAGE = 500
_OF_FOUR_BYTES, _OF_EIGHT = range(-(2**31), 2**31), range(-(2**63), 2**63)

_Reader = Callable[[Any], object]  # Any: from JSON
_ReaderOf = Callable[[Column[Any]], _Reader]  # Any: of whatever type


class UnfitRows(BadInput):
    """Lines do not fit the table for which they are; facts: table."""

    code = "backup_unfit"


class OtherSchema(Rejected):
    """The database lacks what the migrations made; facts: revision, what."""

    code = "database_other_schema"


class UnreadableCells(Rejected):
    """SQLite keeps anything in any column, and this is nothing that we would write; facts: where."""

    code = "database_unreadable_cells"


class OtherTables(BadInput):
    """A backup has other tables or columns than its revision; facts: what."""

    code = "backup_other_tables"


class NotForEveryDatabase(BadInput):
    """A cell holds what SQLite takes and PostgreSQL does not; facts: table, column."""

    code = "backup_not_for_every_database"


class _Verbatim(UserDefinedType[str]):
    """JSON as the text that is stored: a null and the order of keys come back as they were."""

    cache_ok = True

    @property
    def python_type(self) -> type[str]:
        return str

    def get_col_spec(self, **_options: object) -> str:
        return "JSON"


def tables_of(connection: Connection) -> list[Table]:
    """Return the tables of our schema, each after those that it refers to, but for what follows from others.

    What another put beside them is not ours to keep: `foreign_in` names it. Raises OtherSchema.
    """
    ours, found = _ours(connection), MetaData()
    there = _there(connection)
    if lacking := _beyond(ours, there):
        raise OtherSchema(revision=schema.revision_of(connection), what=_listed(lacking))
    for name, columns in sorted(ours.items()):
        table = Table(name, found, autoload_with=connection, include_columns=columns, resolve_fks=False)
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = _Verbatim()
    return found.sorted_tables


def foreign_in(connection: Connection) -> list[str]:
    """Name the tables and views, and the columns of ours as table.column, that no migration made.

    In one line each, whatever another has put into a name.
    """
    found = [*_beyond(_there(connection), _ours(connection)), *sorted(inspect(connection).get_view_names())]
    return ["".join(sign if sign.isprintable() else "�" for sign in name) for name in found]


def check_tables(names: Iterable[str], tables: Iterable[Table]) -> None:
    """Refuse a backup of other tables than there are to be filled. Raises OtherTables."""
    _refuse_other(set(names), {table.name for table in tables})


def _refuse_other(named: set[str], known: set[str], *, of: str = "") -> None:
    said = [("多出", sorted(named - known)), ("缺少", sorted(known - named))]
    if named != known:
        raise OtherTables(what="，".join(f"{word}{_listed(names, of=of)}" for word, names in said if names))


def _listed(names: Iterable[str], *, of: str = "") -> str:
    return "、".join(of + name for name in names)


def _there(connection: Connection) -> Shape:
    return _dumped(schema.shape_of(connection))


def _ours(connection: Connection) -> Shape:
    """Return what the migrations made; where a newer program's did, which nobody here knows, all that is there."""
    revision = schema.revision_of(connection) or ""
    return _dumped(schema.shape_at(revision)) if schema.knows(revision) else _there(connection)


def _dumped(shape: Shape) -> Shape:
    return {name: columns for name, columns in shape.items() if name not in _LEFT_OUT}


def _beyond(these: Shape, those: Shape) -> list[str]:
    """Name what these have and those have not: tables, and columns of tables that both have as table.column."""
    both = sorted(these.keys() & those.keys())
    columns = [f"{name}.{column}" for name in both for column in sorted(these[name] - those[name])]
    return [*sorted(these.keys() - those.keys()), *columns]


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield a table as lines, each with its line feed. Raises UnreadableCells."""
    # By name: a table that grew by migrations has its columns in another order than one made at once.
    columns = sorted(table.columns, key=lambda column: column.name)
    yield _line([column.name for column in columns])
    collation = "C" if connection.dialect.name == "postgresql" else "BINARY"
    keys = (_by_bytes(column, collation) for column in table.primary_key.columns)
    statement = select(*map(_as_read, columns)).order_by(*keys).execution_options(yield_per=_PAGE)
    writers = [_WRITERS.get(column.type.python_type, _unchanged) for column in columns]
    row: Iterable[object] = ()
    try:
        for row in connection.execute(statement):
            yield _line([None if value is None else write(value) for write, value in zip(writers, row, strict=True)])
    except (TypeError, ValueError) as error:
        blobs = [column.name for column, value in zip(columns, row, strict=False) if isinstance(value, bytes)]
        raise UnreadableCells(where=".".join((table.name, *blobs[:1]))) from error


def load(connection: Connection, table: Table, lines: Iterable[bytes], *, for_every_database: bool = False) -> int:
    """Enter what `lines_of` gave into an empty table; return how many rows.

    `for_every_database` refuses what this database might take and another of ours does not.
    Raises UnfitRows, OtherTables, NotForEveryDatabase, DBAPIError where not the rows are at fault but the disk or the
    database is.
    """
    try:
        return _load(connection, table, iter(lines), _bounded if for_every_database else _as_it_comes)
    except (ValueError, TypeError, OverflowError, RecursionError, SQLAlchemyError) as error:
        if trouble_of(error) is not None:
            raise
        raise UnfitRows(table=table.name) from error


def _load(connection: Connection, table: Table, lines: Iterator[bytes], reader_of: _ReaderOf) -> int:
    names = json.loads(next(lines, b"[]"))
    _refuse_other(set(names), set(table.columns.keys()), of=f"{table.name}.")
    if len(names) != len(table.columns):
        raise ValueError("a column twice")
    readers = [reader_of(table.columns[name]) for name in names]
    own = [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    loaded, later = 0, []
    while page := list(islice(lines, _PAGE)):
        rows = [_row(names, readers, line) for line in page]
        for values in rows:
            if any(values[name] is not None for name in own):  # it may refer to a row that is yet to come
                later.append({f"set_{name}": value for name, value in values.items()})
                values.update(dict.fromkeys(own))
        connection.execute(insert(table), rows)
        loaded += len(rows)
    if later:
        statement = change(table).values({name: bindparam(f"set_{name}") for name in own})
        keys = [column == bindparam(f"set_{column.name}") for column in table.primary_key.columns]
        connection.execute(statement.where(*keys), later)
    return loaded


def _as_it_comes(column: Column[Any]) -> _Reader:  # Any: of whatever type
    return _READERS[column.type.python_type]


def _bounded(column: Column[Any]) -> _Reader:  # Any: of whatever type
    """Read no text with U+0000, no JSON that is none, and no number but of an INTEGER's four bytes.

    PostgreSQL keeps nothing else.
    """
    read = _as_it_comes(column)
    is_small = isinstance(column.type, Integer) and not isinstance(column.type, BigInteger)

    def read_bounded(value: object) -> object:
        found = read(value)
        too_large = is_small and found in _OF_EIGHT and found not in _OF_FOUR_BYTES  # what is larger, no database takes
        is_broken = isinstance(column.type, _Verbatim) and not _is_json(found)
        if too_large or is_broken or (isinstance(found, str) and "\0" in found):
            raise NotForEveryDatabase(table=column.table.name, column=column.name)
        return found

    return read_bounded


def _is_json(text: object) -> bool:
    try:
        json.loads(str(text), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse_constant(name: str) -> object:
    """NaN and Infinity are no JSON, though Python reads them."""
    raise ValueError(name)


def _row(names: list[str], readers: list[_Reader], line: bytes) -> dict[str, object]:
    values = json.loads(line)
    pairs = zip(names, readers, values, strict=True)
    return {name: None if value is None else read(value) for name, read, value in pairs}


def _line(values: list[object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _as_read(column: Column[Any]) -> ColumnElement[Any]:  # Any: of whatever type
    return cast(column, Text) if isinstance(column.type, _Verbatim) else column


def _by_bytes(column: Column[Any], collation: str) -> ColumnElement[Any]:  # Any: of whatever type
    """Order texts by their bytes, whatever language a PostgreSQL sorts in."""
    return column.collate(collation) if isinstance(column.type, String) else column


def _unchanged(value: object) -> object:
    return value


def _write_moment(at: datetime) -> str:
    """SQLite knows no zones: what it keeps is UTC."""
    return (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()


def _read_moment(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC)


def _exactly(*kinds: type) -> Callable[[Any], object]:  # Any: from JSON
    def read(value: object) -> object:
        if type(value) not in kinds:
            raise TypeError(f"{type(value).__name__} where {kinds[0].__name__} belongs")
        return value

    return read


_WRITERS: dict[type, Callable[[Any], object]] = {datetime: _write_moment, date: date.isoformat}  # Any: of that type
_READERS: dict[type, Callable[[Any], object]] = {  # Any: from JSON
    datetime: _read_moment,
    date: date.fromisoformat,
    bool: _exactly(bool),
    int: _exactly(int),
    float: _exactly(float, int),
    str: _exactly(str),
}
