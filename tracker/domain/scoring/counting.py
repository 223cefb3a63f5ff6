"""Occurrences and checks, each counted once however often it was handed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from tracker.domain.scoring.inputs import Check, Inputs, Occurrence
from tracker.domain.scoring.scheme import Scheme

One = TypeVar("One", Occurrence, Check)


@dataclass(frozen=True, slots=True)
class Counted:
    """What happened and what was checked, by (object, kind), in the order of their references.

    The items of each are in printed order.
    """

    occurrences: Mapping[tuple[str, str], tuple[Occurrence, ...]]
    checks: Mapping[tuple[str, str], tuple[Check, ...]]


def counted(scheme: Scheme, inputs: Inputs) -> Counted:
    """Put together what names the same thing."""
    order = {item.code: at for at, (_, item) in enumerate(scheme.items())}
    return Counted(_together(inputs.occurrences, order), _together(inputs.checks, order))


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
