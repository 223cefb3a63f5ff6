"""Rows as they are stored, read so that a value that cannot be read hides no other.

Who owns the database can write into a column what its type does not read: a day that is none, JSON that is none.
"""

from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from tracker.store.troubles import trouble_of


class Unread(Enum):
    """Stands in the place of a value that cannot be read."""

    UNREADABLE = "unreadable"


UNREADABLE = Unread.UNREADABLE
Stored = Mapping[str, Any]  # Any: what columns hold


def stored_rows(session: Session, table: Table, columns: Collection[str], *where: ColumnElement[bool]) -> list[Stored]:
    """Return columns of rows by their names, those of the key among them, in the order of the key.

    A value that cannot be read is UNREADABLE. Raises DBAPIError where the database does not answer.
    """
    keys = [column.name for column in table.primary_key.columns]
    names = [*keys, *(name for name in columns if name not in keys)]
    try:
        return _rows(session, table, names, *where)
    except Exception as error:  # types raise whatever they like
        raise_of_the_database(error)
    return [
        row for key in _rows(session, table, keys, *where) for row in _singly(session, table, names, _is(table, key))
    ]


def _rows(session: Session, table: Table, names: Collection[str], *where: ColumnElement[bool]) -> list[Stored]:
    wanted = select(*(table.c[name] for name in names)).where(*where).order_by(*table.primary_key.columns)
    return [dict(row) for row in session.execute(wanted).mappings()]


def _singly(session: Session, table: Table, names: Collection[str], where: ColumnElement[bool]) -> Iterator[Stored]:
    """Yield the row of a key, column by column where it cannot be read at once; none where it is gone."""
    try:
        yield from _rows(session, table, names, where)
    except Exception as error:
        raise_of_the_database(error)
        yield {name: _value(session, table, name, where) for name in names}


def _value(session: Session, table: Table, name: str, where: ColumnElement[bool]) -> object:
    try:
        return session.execute(select(table.c[name]).where(where)).scalar()
    except Exception as error:
        raise_of_the_database(error)
        return UNREADABLE


def _is(table: Table, key: Stored) -> ColumnElement[bool]:
    first, *others = table.primary_key.columns
    found: ColumnElement[bool] = first == key[first.name]
    for column in others:
        found &= column == key[column.name]
    return found


def raise_of_the_database(error: Exception) -> None:
    """Raise again what says that the database does not answer, and not that a value cannot be read."""
    # Of bytes in a text that are none of UTF-8 SQLite says what it says of a file that is away.
    if isinstance(error, DBAPIError) and trouble_of(error) is not None and "decode" not in str(error.orig):
        raise error
