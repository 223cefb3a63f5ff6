"""The collectives of a draft: who their members are, and where nobody listed them, who may be chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.readings.reading import Reading
from tracker.domain.readings.resolving import resolve
from tracker.domain.unit_classes import Tasking, class_of
from tracker.domain.units import Unit, UnitRegistry


@dataclass(frozen=True, slots=True)
class DraftGroup:
    """A collective as printed, the labels of the items that name it, its members' names; `listed` in this draft."""

    name: str
    labels: tuple[str, ...]
    members: tuple[str, ...]
    listed: bool


@dataclass(frozen=True, slots=True)
class UnitsOfKind:
    """Units that may be members, of one class, in official order: code and name."""

    kind: str
    units: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A collective of the registry whose members are known; `members` says them."""

    code: str
    name: str
    members: str


def draft_groups(draft: Reading, registry: UnitRegistry) -> tuple[DraftGroup, ...]:
    """Return the collectives that need members or were given them here, the open ones first."""
    labels: dict[str, list[str]] = {}
    codes: dict[str, tuple[str, ...]] = {}
    for item in resolve(draft, registry).items:
        for group in item.groups:
            labels.setdefault(group.printed, []).append(item.label)
            codes[group.printed] = group.member_codes
    found = [
        DraftGroup(name, tuple(labels[name]), tuple(registry.unit(code).short_name for code in members), bool(members))
        for name, members in codes.items()
        if not ((known := registry.group(name)) and known.members)
    ]
    return tuple(sorted(found, key=lambda group: group.listed))


def units_by_kind(registry: UnitRegistry) -> tuple[UnitsOfKind, ...]:
    """Return the units that may be members of a collective: all that the office may task or ask."""
    kinds: dict[str, list[Unit]] = {}
    for unit in registry.units:
        if class_of(unit.kind, tasked=unit.tasked).may_task is not Tasking.NEVER:
            kinds.setdefault(unit.kind.value, []).append(unit)
    return tuple(
        UnitsOfKind(kind, tuple((unit.code, unit.short_name) for unit in units)) for kind, units in kinds.items()
    )


def known_groups(registry: UnitRegistry) -> tuple[KnownGroup, ...]:
    """Return the collectives of the registry that have members."""
    return tuple(
        KnownGroup(group.code, group.printed[0], _names(registry.members(group)))
        for group in registry.groups
        if group.members
    )


def _names(units: Iterable[Unit]) -> str:
    return "、".join(unit.short_name for unit in units)
