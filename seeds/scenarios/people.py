"""Who acts for the units of a scenario; without an account, so that what people do stays known from what was played."""

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role
from tracker.domain.units import UnitKind
from tracker.store.tables.units import UnitRow


def acting_unit(session: Session, unit: UnitRow) -> UnitRow | None:
    """Return the unit whose people act for a unit: a leading group's keeper; nobody where no unit keeps it."""
    if unit.kind != UnitKind.LEADING_GROUP.value:
        return unit
    return session.get(UnitRow, unit.kept_by_unit_id) if unit.kept_by_unit_id is not None else None


def liaison(unit: UnitRow) -> Actor:
    return Actor(None, "联络员", Role.LIAISON, unit.id, unit.short_name)


def head(unit: UnitRow) -> Actor:
    return Actor(None, "负责人", Role.UNIT_HEAD, unit.id, unit.short_name)
