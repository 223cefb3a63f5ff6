"""What a reading demands of whom, reckoned from the reading alone: the tables must say the same."""

from collections.abc import Mapping

from tracker.domain.items import EVENT_BOUND, Basis, ItemKind
from tracker.domain.readings.demands import Addressee, Bound
from tracker.domain.readings.item import Item
from tracker.domain.series import Demand, DocumentFrame, ItemDemands, RhythmDemand, Shares, TargetDemand
from tracker.domain.units import UnknownUnit


def item_demands(item: Item, *, unit_ids: Mapping[str, int], frame: DocumentFrame, key: bool = False) -> ItemDemands:
    """Return what an item demands, its units as database ids; `key` marks it 「重点」.

    Printed leads come before assigned ones. Raises UnknownUnit where `unit_ids` lacks the code of a unit.
    """
    units = _Ids(unit_ids)
    deadline = item.deadline
    return ItemDemands(
        kind=item.kind,
        shares=_shares(item, units),
        rhythms=tuple(
            RhythmDemand(
                bearer=cadence.bound.bearer,
                named=units.named(cadence.bound),
                kind=cadence.kind,
                basis=cadence.basis,
                addressee=cadence.addressee.printed if cadence.addressee else None,
                addressee_unit=units.addressee(cadence.addressee),
            )
            for cadence in item.cadences
        ),
        targets=tuple(
            TargetDemand(bearer=target.bound.bearer, named=units.named(target.bound), measure=target.measure)
            for target in item.targets
        ),
        evidence=tuple(units.demand(requirement.bound) for requirement in item.evidence),
        deadline_on=deadline.on if deadline else None,
        deadline=units.demand(deadline.bound) if deadline else Demand(),
        waits=_waits(item, frame),
        key=key,
    )


class _Ids:
    """Finds the ids of units; an unknown one is named instead of left out."""

    def __init__(self, unit_ids: Mapping[str, int]) -> None:
        self._unit_ids = unit_ids

    def of(self, code: str) -> int:
        try:
            return self._unit_ids[code]
        except KeyError:
            raise UnknownUnit(code) from None

    def all(self, codes: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self.of(code) for code in codes))

    def named(self, bound: Bound) -> tuple[int, ...]:
        return self.all(tuple(code for body in bound.named for code in body.unit_codes))

    def demand(self, bound: Bound) -> Demand:
        return Demand(bearer=bound.bearer, named=self.named(bound))

    def addressee(self, addressee: Addressee | None) -> int | None:
        return self.of(addressee.unit_code) if addressee and addressee.unit_code else None


def _shares(item: Item, units: _Ids) -> Shares:
    leads = tuple(unit.code for unit in item.leads) or tuple(lead.code for lead in item.assigned_leads)
    return Shares(
        leads=units.all(leads),
        members=units.all(tuple(code for group in item.groups for code in group.member_codes)),
        supports=units.all(tuple(unit.code for unit in item.supports)),
    )


def _waits(item: Item, frame: DocumentFrame) -> bool:
    """Tell whether only an event starts an item.

    Outside plans with response levels a clock runs for each case (54号（十六）: one working day an application), so
    that its counts are reported in the default rhythm.
    """
    if item.kind is ItemKind.RESPONSE_STEP:
        return True
    stated = {cadence.kind for cadence in item.cadences if cadence.basis is Basis.STATED}
    return frame.responds and bool(stated) and stated <= EVENT_BOUND
