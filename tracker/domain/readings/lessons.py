"""What a correction teaches 「沿用更正」: how an issuer's documents call units and label who acts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tracker.domain.errors import BadInput
from tracker.domain.readings.item import Item, PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.domain.units import UnitRegistry


class LessonUnclear(BadInput):
    """A correction is to be taught that does not say which name stands for which unit."""

    code = "lesson_unclear"


class LabelRole(StrEnum):
    """Of whom a label speaks: who leads, who is responsible without a lead being named, who supports."""

    LEAD = "lead"
    DUTY = "duty"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Taught:
    """What was taught of one issuer: the codes of units by printed names, the roles of labels."""

    units: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, LabelRole] = field(default_factory=dict)


# By issuer, as documents print it.
Lessons = Mapping[str, Taught]
NOTHING = Taught()


def names_replaced(before: Item, after: Item) -> tuple[tuple[str, str], ...]:
    """Return the names of units that a correction put others in the place of, each with the name it put there.

    Raises LessonUnclear where a field lost more or fewer names than it got, and where no name was replaced.
    """
    pairs = [*_replaced(before, after, before.leads, after.leads)]
    pairs += _replaced(before, after, before.supports, after.supports)
    if not pairs:
        raise LessonUnclear()
    return tuple(dict.fromkeys(pairs))


def _replaced(
    before: Item, after: Item, old: Iterable[PrintedUnit], new: Iterable[PrintedUnit]
) -> Iterator[tuple[str, str]]:
    """Yield what stood in a field and what stands there now; a name that moved to the other field was not replaced."""
    stood = {name.printed for name in (*before.leads, *before.supports)}
    stands = {name.printed for name in (*after.leads, *after.supports)}
    gone = [name.printed for name in old if name.printed not in stands]
    came = [name.printed for name in new if name.printed not in stood]
    if gone and came and len(gone) != len(came):
        raise LessonUnclear()
    yield from zip(gone, came, strict=False)


def with_units(item: Item, units: Mapping[str, str]) -> Item:
    """Return an item whose printed names have the units that they were taught to stand for."""

    def known(name: PrintedUnit) -> PrintedUnit:
        code = units.get(name.printed)
        return replace(name, unit_code=code) if code is not None and name.unit_code is None else name

    leads, supports = tuple(map(known, item.leads)), tuple(map(known, item.supports))
    if (leads, supports) == (item.leads, item.supports):
        return item
    doubts = tuple(doubt for doubt in item.doubts if doubt.words not in units)
    return replace(item, leads=leads, supports=supports, doubts=doubts)


def taught_units(draft: Reading, registry: UnitRegistry) -> dict[str, str]:
    """Return by the printed names of a draft the codes of units that only lessons say, in reading order."""
    names = (name for item in draft.items for name in (*item.leads, *item.supports))
    codes = {unit.code for unit in registry.units}
    return {
        name.printed: name.unit_code
        for name in names
        if name.unit_code in codes and name.unit_code is not None and registry.resolve(name.printed) is None
    }


def names_with_units(draft: Reading) -> frozenset[str]:
    """Return the printed names of a new draft that stand for the units that were taught."""
    names = (name for item in draft.items for name in (*item.leads, *item.supports))
    return frozenset(name.printed for name in names if name.unit_code is not None)


def responsible_as(item: Item, read: Item) -> Item:
    """Return an item of whom nobody was found responsible with those that another reading of its words found."""
    groups = tuple(dict.fromkeys((*read.groups, *(group for group in item.groups if group.inherited_from is not None))))
    return replace(
        item,
        leads=read.leads,
        lead_basis=read.lead_basis,
        supports=read.supports,
        groups=groups,
        responsibility_span=item.responsibility_span or read.responsibility_span,
    )
