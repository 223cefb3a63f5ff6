"""Columns that every table shapes alike."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text


def states(column: str, values: type[StrEnum], *, table: str) -> CheckConstraint:
    """Allow in a text column only the codes of an enumeration."""
    codes = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({codes})", name=f"{table}_{column}")


def partial_index(name: str, *columns: str, where: str) -> Index:
    """Index only the rows that `where` selects, on SQLite and PostgreSQL alike."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
