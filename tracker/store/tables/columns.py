"""Columns that every table shapes alike."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, Index, literal_column, text
from sqlalchemy.orm import Mapped, declared_attr
from sqlmodel import SQLModel


class Versioned(SQLModel):
    """A row that people change: each transaction that does raises `version` by one (`store/database.py`), and none
    changes a row that has another than it read.
    """

    version: int = 1

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, object]:  # noqa: N805 - a class attribute, as the mapper reads it
        """Let the database compare the version in each UPDATE; the session counts, not the mapper."""
        return {"version_id_col": cls.__table__.c.version, "version_id_generator": False}  # type: ignore[attr-defined]


def touched(row: Versioned) -> None:
    """Count a change of a row though only others of its matter change: of two such acts at once one is refused."""
    row.version += 1


def states(column: str, values: type[StrEnum], *, table: str) -> CheckConstraint:
    """Allow in a text column only the codes of an enumeration."""
    codes = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} IN ({codes})", name=f"{table}_{column}")


def is_one_of(column: Mapped[str] | Mapped[str | None], *codes: str) -> ColumnElement[bool]:
    """Compare a column with codes that stand in the statement itself.

    The planner of SQLite takes a partial index only where a query repeats its condition word for word, and that of
    PostgreSQL only while it plans with the values known; neither sees through a parameter.
    """
    written: list[ColumnElement[str]] = [literal_column(f"'{code}'") for code in codes]
    return column == written[0] if len(written) == 1 else column.in_(written)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Index only the rows that `where` selects, on SQLite and PostgreSQL alike."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
