"""For whom a person acts: their own unit and the leading groups whose offices it keeps."""

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.store.tables.units import UnitRow


def units_acted_for(session: Session, unit_id: int | None) -> frozenset[int]:
    """Return the unit's own id and those of the groups it keeps 「办公室设在…」; empty for a person without a unit.

    Keeping goes one step: a group that another group's office is kept by is not acted for.
    """
    if unit_id is None:
        return frozenset()
    kept = session.execute(select(col(UnitRow.id)).where(col(UnitRow.kept_by_unit_id) == unit_id)).scalars()
    return frozenset({unit_id, *(row for row in kept if row is not None)})
