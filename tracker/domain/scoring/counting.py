"""Occurrences and checks, each counted once however often it was handed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from tracker.domain.scoring.inputs import Check, Inputs, Occurrence
from tracker.domain.scoring.scheme import Scheme

One = TypeVar("One", Occurrence, Check)


@dataclass(frozen=True, slots=True)
class Counted:
    """What happened and what was checked, by (object, kind), in the order of their references.

    The items of each are in printed order. `contradicting` are the (object, kind, reference) that were handed in more
    than once with different numbers, which no rule reckons with.
    """

    occurrences: Mapping[tuple[str, str], tuple[Occurrence, ...]]
    checks: Mapping[tuple[str, str], tuple[Check, ...]]
    contradicting: frozenset[tuple[str, str, str]] = frozenset()


def counted(scheme: Scheme, inputs: Inputs) -> Counted:
    """Put together what names the same thing."""
    order = {item.code: at for at, (_, item) in enumerate(scheme.items())}
    return Counted(_together(inputs.occurrences, order), _together(inputs.checks, order), contradicting(inputs))


def contradicting(inputs: Inputs) -> frozenset[tuple[str, str, str]]:
    """Return the (object, kind, reference) of what has different numbers: a thing has one set, under all its items."""
    numbers: dict[tuple[str, str, str], set[tuple[Decimal | None, ...]]] = {}
    for case in inputs.occurrences:
        numbers.setdefault((case.object, case.kind, case.reference), set()).add((case.marks,))
    for check in inputs.checks:
        numbers.setdefault((check.object, check.kind, check.reference), set()).add((check.reported, check.found))
    return frozenset(key for key, found in numbers.items() if len(found) > 1)


def counts_for(one: One, item: str, *, twice: str) -> bool:
    """Whether a thing counts for an item: for each that it stands under, or only for the `first`."""
    return item in one.items and (twice == "each" or one.items[0] == item)


def _together(things: Iterable[One], order: Mapping[str, int]) -> dict[tuple[str, str], tuple[One, ...]]:
    same: dict[tuple[str, str, str], list[One]] = {}
    for one in things:
        same.setdefault((one.object, one.kind, one.reference), []).append(one)
    found: dict[tuple[str, str], list[One]] = {}
    for (unit, kind, _), told in sorted(same.items(), key=lambda pair: pair[0]):
        items = {item for one in told for item in one.items}
        merged = replace(told[-1], items=tuple(sorted(items, key=order.__getitem__)))
        found.setdefault((unit, kind), []).append(merged)
    return {key: tuple(ones) for key, ones in found.items()}
