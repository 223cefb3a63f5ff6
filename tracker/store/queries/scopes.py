"""The condition by which a scope selects rows: the one place where everything is selected for somebody."""

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Mapped

from tracker.domain.accounts import EveryUnit, Scope


def within(scope: Scope, unit_id: Mapped[int] | Mapped[int | None]) -> ColumnElement[bool]:
    """Select rows of the units of a scope: none where it has none."""
    return true() if isinstance(scope, EveryUnit) else unit_id.in_(list(scope))
