"""For whom a person acts, and which unit stands today for one that documents name."""

from collections.abc import Collection, Iterable

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from tracker.store.tables.units import UnitAliasRow, UnitRow


def present_ids(session: Session) -> dict[str, int]:
    """Return the id of each unit by its code; of one that went up in another, the id of whoever has its work now.

    A document that names the old unit after the merger binds the successor; the printed name is kept beside it.
    """
    rows = session.execute(select(col(UnitRow.code), col(UnitRow.id))).all()
    present = _present(session)
    return {code: present.get(id_, id_) for code, id_ in rows}


def _present(session: Session) -> dict[int, int]:
    """Return of each unit that went up in another, by its id, the id of whoever has its work now."""
    merged = select(col(UnitRow.id), col(UnitRow.merged_into_unit_id)).where(
        col(UnitRow.merged_into_unit_id).is_not(None)
    )
    successors = dict(session.execute(merged).all())
    found = {}
    for id_, into in successors.items():
        while into in successors:
            into = successors[into]
        found[id_] = into
    return found


def names_by_code(session: Session) -> dict[str, str]:
    """Return the present short names of units by their codes."""
    return dict(session.execute(select(col(UnitRow.code), col(UnitRow.short_name))).all())


def units_named(session: Session, names: Collection[str]) -> tuple[int, ...]:
    """Return who stands today for the units of these full or short names, in official order, each once.

    A name may be one that the unit bore before; a name that nobody ever bore counts nobody.
    """
    return present_units(session, bearers_of(session, names))


def bearers_of(session: Session, names: Collection[str]) -> frozenset[int]:
    """Return the units that bear or bore these full or short names, also such as went up in others since."""
    former = select(col(UnitAliasRow.name), col(UnitAliasRow.unit_id)).where(
        col(UnitAliasRow.name).in_(names), col(UnitAliasRow.document).is_(None)
    )
    known = dict(session.execute(former).all())
    for name in (col(UnitRow.short_name), col(UnitRow.full_name)):
        known |= dict(session.execute(select(name, col(UnitRow.id)).where(name.in_(names))).all())
    return frozenset(known.values())


def present_units(session: Session, unit_ids: Iterable[int]) -> tuple[int, ...]:
    """Return who has the work of units today, in official order, each once."""
    present = _present(session)
    return tuple(unit_names(session, {present.get(id_, id_) for id_ in unit_ids}))


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
