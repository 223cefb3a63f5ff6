"""Names as printed → units of the registry."""

from dataclasses import replace

from tracker.domain.readings.item import Item, PrintedGroup, PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.domain.units import UnitRegistry


def resolve(draft: Reading, registry: UnitRegistry) -> Reading:
    """Give every printed name its unit and every group its members; a name that nobody knows stays without."""
    names = _Names(draft, registry)
    return replace(draft, items=tuple(names.resolved(item) for item in draft.items))


class _Names:
    """Looks names up as the document's number and day have them, else as they are at any time."""

    def __init__(self, draft: Reading, registry: UnitRegistry) -> None:
        self._draft, self._registry = draft, registry
        self._units = {unit.code: unit for unit in registry.units}
        self._listed = {
            one.printed: one.member_codes for item in draft.items for one in item.groups if one.member_codes
        }

    def resolved(self, item: Item) -> Item:
        note = item.responsibility_span
        return replace(
            item,
            responsibility=item.responsibility or (self._draft.text[slice(*note)] if note else None),
            leads=tuple(map(self._unit, item.leads)),
            supports=tuple(map(self._unit, item.supports)),
            groups=tuple(map(self._group, item.groups)),
            assigned_leads=tuple(replace(lead, unit_code=self._code(lead.printed)) for lead in item.assigned_leads),
        )

    def _unit(self, name: PrintedUnit) -> PrintedUnit:
        """Give a name its unit: the registry's, else that which the name was taught to stand for in such documents."""
        taught = name.unit_code if name.unit_code in self._units else None
        return replace(name, unit_code=self._code(name.printed) or taught)

    def _group(self, name: PrintedGroup) -> PrintedGroup:
        """Give a collective the members that the registry lists, else those that the office listed here."""
        group = self._registry.group(name.printed)
        members = self._registry.members(group) if group else ()
        if not members:
            listed = self._listed.get(name.printed, ())
            members = self._registry.in_official_order(self._units[code] for code in listed if code in self._units)
        return replace(name, member_codes=tuple(member.code for member in members))

    def _code(self, printed: str) -> str | None:
        draft, registry = self._draft, self._registry
        unit = registry.resolve(printed, on=draft.issued_on, document=draft.number) or registry.resolve(printed)
        return unit.code if unit else None
