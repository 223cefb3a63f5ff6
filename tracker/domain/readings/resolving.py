"""Names as printed → units of the registry."""

from dataclasses import replace

from tracker.domain.readings.demands import Addressee, Bound, NamedBearer
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
            cadences=tuple(
                replace(cadence, bound=self._bound(cadence.bound, item), addressee=self._addressee(cadence.addressee))
                for cadence in item.cadences
            ),
            deadline=item.deadline and replace(item.deadline, bound=self._bound(item.deadline.bound, item)),
            targets=tuple(replace(target, bound=self._bound(target.bound, item)) for target in item.targets),
            evidence=tuple(replace(one, bound=self._bound(one.bound, item)) for one in item.evidence),
        )

    def _bound(self, bound: Bound, item: Item) -> Bound:
        """Give each body that a demand names itself its units; of one that nobody knows the lead stands in."""
        return replace(bound, named=tuple(replace(name, unit_codes=self._codes(name, item)) for name in bound.named))

    def _codes(self, name: NamedBearer, item: Item) -> tuple[str, ...]:
        """Return the unit of a name or the members of a collective, else what the item has for the same words."""
        unit = self._code(name.printed)
        if unit is not None:
            return (unit,)
        members = self._group(PrintedGroup(name.printed)).member_codes
        printed = next((one.unit_code for one in (*item.leads, *item.supports) if one.printed == name.printed), None)
        return members or ((printed,) if printed in self._units else name.unit_codes)

    def _addressee(self, addressee: Addressee | None) -> Addressee | None:
        return addressee and replace(addressee, unit_code=self._code(addressee.printed) or addressee.unit_code)

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
