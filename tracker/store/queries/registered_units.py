"""The list of units as the office keeps it: names, class, keeper and successor of each."""

from dataclasses import dataclass

from sqlalchemy import label, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.store.rows import as_views
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class RegisteredUnit:
    """A unit; `kept_by` acts for a leading group, `merged_into` is where it went up."""

    full_name: str
    short_name: str
    kind: str
    kept_by: str | None
    merged_into: str | None


def registered_units(session: Session) -> list[RegisteredUnit]:
    """Return every unit in official order, those that are gone too."""
    keeper, successor = aliased(UnitRow), aliased(UnitRow)
    wanted = (
        select(
            *(col(getattr(UnitRow, name)) for name in ("full_name", "short_name", "kind")),
            label("kept_by", col(keeper.short_name)),
            label("merged_into", col(successor.short_name)),
        )
        .outerjoin(keeper, col(keeper.id) == col(UnitRow.kept_by_unit_id))
        .outerjoin(successor, col(successor.id) == col(UnitRow.merged_into_unit_id))
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    return as_views(RegisteredUnit, session.execute(wanted))
