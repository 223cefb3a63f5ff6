"""Editions 「版本」: what a new version of a document changes, item by item."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_SAME = 0.985
_RELATED = 0.5
_COMPARED_CHARACTERS = 600


class Change(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One pair, or one that stands alone; places count from 0. `likeness` is 0 to 1."""

    change: Change
    old: int | None
    new: int | None
    likeness: float = 0.0


def compare_editions(old: Sequence[str], new: Sequence[str]) -> list[ItemChange]:
    """Pair the items' words of two editions, the most alike first; the new edition's order, what is gone at the end."""
    scored = sorted(
        ((likeness, m, n) for m, a in enumerate(old) for n, b in enumerate(new) if (likeness := _likeness(a, b))),
        key=lambda entry: (-entry[0], abs(entry[1] - entry[2])),
    )
    pairs: dict[int, tuple[int, float]] = {}
    used: set[int] = set()
    for likeness, m, n in scored:
        if n not in pairs and m not in used:
            pairs[n] = (m, likeness)
            used.add(m)
    changes = []
    for n in range(len(new)):
        if n in pairs:
            m, likeness = pairs[n]
            changes.append(ItemChange(Change.SAME if likeness >= _SAME else Change.CHANGED, m, n, likeness))
        else:
            changes.append(ItemChange(Change.NEW, None, n))
    return changes + [ItemChange(Change.GONE, m, None) for m in range(len(old)) if m not in used]


def _likeness(one: str, other: str) -> float:
    """Return 0 where two texts have too little in common to be one item."""
    a, b = one.strip()[:_COMPARED_CHARACTERS], other.strip()[:_COMPARED_CHARACTERS]
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.real_quick_ratio() < _RELATED or matcher.quick_ratio() < _RELATED:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _RELATED else 0.0
