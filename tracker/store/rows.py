"""Rows of a statement as frozen views: each field is filled by its name, never by the place of a column."""

from collections.abc import Callable
from dataclasses import Field, fields
from typing import Any, ClassVar, Protocol, TypeVar

from sqlalchemy import Result, Row


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]  # Any: of whatever type


View = TypeVar("View", bound=_Dataclass)
Partial = TypeVar("Partial")


class UnlikeColumns(TypeError):
    """A statement does not name its columns as a view names its fields."""


def as_views(kind: type[View], rows: Result[*tuple[Any, ...]]) -> list[View]:  # Any: the view types them
    """Return each row as a view; the statement has the view's fields as its columns, in the same order.

    The names are compared once for all rows, so that many cost no more than they would by place. Raises UnlikeColumns.
    """
    columns, names = tuple(rows.keys()), tuple(field.name for field in fields(kind))
    if columns != names:
        raise UnlikeColumns(f"{kind.__name__} has {names}, its statement {columns}")
    return [kind(*row) for row in rows]


def as_view(kind: Callable[..., Partial], row: Row[*tuple[Any, ...]], **more: object) -> Partial:
    """Return one row as a view, with what no column says; raises TypeError where a field lacks or is none."""
    return kind(**row._mapping, **more)
