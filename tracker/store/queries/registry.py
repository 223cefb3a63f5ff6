"""The registry of units as it is entered, for whoever resolves printed names."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.units import Alias, Group, Unit, UnitKind, UnitRegistry
from tracker.store.tables.units import UnitAliasRow, UnitRow


def unit_registry(session: Session, *, groups: Sequence[Group]) -> UnitRegistry:
    """Return every entered unit with its names; groups are the office's, given by the caller."""
    aliases: dict[int, list[Alias]] = {}
    for row in session.scalars(select(UnitAliasRow).order_by(col(UnitAliasRow.id))):
        alias = Alias(row.name, row.valid_from, row.valid_to, row.document, row.note)
        aliases.setdefault(row.unit_id, []).append(alias)
    rows = session.scalars(select(UnitRow)).all()
    codes = {row.id: row.code for row in rows}
    units = [
        Unit(
            row.code,
            row.full_name,
            row.short_name,
            UnitKind(row.kind),
            row.official_order,
            tuple(aliases.get(row.id or 0, ())),
            tasked=row.tasked,
            kept_by=codes.get(row.kept_by_unit_id),
        )
        for row in rows
    ]
    known = {unit.code for unit in units}
    return UnitRegistry(units, groups=[group for group in groups if known.issuperset(group.members)])
