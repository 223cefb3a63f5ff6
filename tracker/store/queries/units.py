"""For whom a person acts, and which unit stands today for one that documents name."""

from collections.abc import Collection

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from tracker.store.tables.units import UnitRow


def present_ids(session: Session) -> dict[str, int]:
    """Return the id of each unit by its code; of one that went up in another, the id of whoever has its work now.

    A document that names the old unit after the merger binds the successor; the printed name is kept beside it.
    """
    rows = session.execute(select(col(UnitRow.id), col(UnitRow.code), col(UnitRow.merged_into_unit_id))).all()
    successors = {id_: into for id_, _code, into in rows if into is not None}
    found = {}
    for id_, code, _into in rows:
        present = id_
        while present in successors:
            present = successors[present]
        found[code] = present
    return found


def unit_names(session: Session, unit_ids: Collection[int]) -> dict[int, str]:
    """Return the present short names of units by their ids, in official order."""
    named = select(col(UnitRow.id), col(UnitRow.short_name)).where(col(UnitRow.id).in_(unit_ids))
    ordered = named.order_by(col(UnitRow.official_order), col(UnitRow.id))
    return {id_: name for id_, name in session.execute(ordered) if id_ is not None}


_KEPT = select(col(UnitRow.id)).where(col(UnitRow.kept_by_unit_id) == bindparam("keeper_id"))


def units_acted_for(session: Session, unit_id: int | None) -> frozenset[int]:
    """Return the unit's own id and those of the groups it keeps 「办公室设在…」; empty for a person without a unit.

    Keeping goes one step: a group that another group's office is kept by is not acted for.
    """
    if unit_id is None:
        return frozenset()
    kept = session.scalars(_KEPT, {"keeper_id": unit_id})
    return frozenset({unit_id, *(row for row in kept if row is not None)})


def units_read_for(session: Session, unit_id: int | None) -> frozenset[int]:
    """Return the units acted for and all that went up in them, at any number of steps: their papers stay readable."""
    found = set(units_acted_for(session, unit_id))
    merged = select(col(UnitRow.id), col(UnitRow.merged_into_unit_id)).where(
        col(UnitRow.merged_into_unit_id).is_not(None)
    )
    gone = session.execute(merged).all() if found else []
    while more := {id_ for id_, into in gone if into in found and id_ not in found}:
        found |= more
    return frozenset(found)
