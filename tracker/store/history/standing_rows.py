"""Rows as they stood at a moment, for whoever reads rows: values that no session knows and nothing is written from."""

from functools import cache
from typing import TypeVar

from sqlalchemy.orm.attributes import manager_of_class
from sqlmodel import SQLModel

Row = TypeVar("Row", bound=SQLModel)


def stood(table: type[Row], **values: object) -> Row:
    """Return a row with these values and the table's defaults, filled at once as one that is loaded.

    A paper counts some thousands of them, and the table's own constructor takes most of its time. Raises TypeError
    where the table has no such column.
    """
    defaults = _defaults(table)
    if not values.keys() <= table.model_fields.keys():
        raise TypeError(f"{table.__name__} has no {sorted(values.keys() - table.model_fields.keys())}")
    row: Row = manager_of_class(table).new_instance()
    row.__dict__.update(defaults)
    row.__dict__.update(values)
    return row


@cache
def _defaults(table: type[SQLModel]) -> dict[str, object]:
    fields = table.model_fields.items()
    return {name: field.get_default(call_default_factory=True) for name, field in fields if not field.is_required()}
