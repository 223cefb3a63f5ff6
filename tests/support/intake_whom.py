"""Compares whom demands bind, to whom reports go and how numbers count with the eight careful readings.

`python -m tests.support.intake_whom FILE` reads their raw text; demands are paired by rhythm, or by number and unit.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.support.intake_scoring import pair_items
from tracker.domain.readings.demands import Bound
from tracker.domain.readings.item import Item
from tracker.domain.readings.reading import Reading
from tracker.intake import read_documents

_SEEDS = Path(__file__).parents[2] / "seeds" / "documents"
Pair = tuple[str, Any, Any]  # Any: JSON


def compare(drafts: Iterable[Reading]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return of each fact how many were right, how many there are, and how many of these the words say."""
    right, whole, said = Counter[str](), Counter[str](), Counter[str]()
    by_number = {draft.number: draft for draft in drafts}
    for folder in sorted(_SEEDS.iterdir()):
        text = (folder / "text.txt").read_text(encoding="utf-8").rstrip("\n")
        document = json.loads((folder / "items.json").read_text(encoding="utf-8"))
        for wanted, found in pair_items({**document, "text": text}, by_number[document["number"]]):
            for name, truth, read in _facts(wanted, found) if found else ():
                whole[name] += 1
                right[name] += truth == read
                said[name] += truth not in {None, ("lead",)}
    return right, whole, said


def _facts(wanted: dict[str, Any], item: Item) -> Iterator[Pair]:
    rhythms = defaultdict(list)
    for cadence in item.cadences:
        rhythms[cadence.kind.value].append(cadence)
    for truth in wanted["cadence"]:
        if truth["basis"] == "stated" and rhythms[truth["kind"]]:
            cadence = rhythms[truth["kind"]].pop(0)
            to = cadence.addressee.printed if cadence.addressee else None
            yield "bound by a rhythm", _wanted(truth), _read(cadence.bound)
            yield "addressee", truth.get("addressee"), to
    day = wanted["deadline"] or {}
    if day.get("on") and item.deadline:
        yield "bound by a day", _wanted(day), _read(item.deadline.bound)
    numbers = defaultdict(list)
    for target in item.targets:
        numbers[target.op, target.value, target.unit].append(target)
    for truth in wanted["targets"]:
        if same := numbers[truth["op"], truth["value"], truth["unit"]]:
            target = same.pop(0)
            yield "bound by a number", _wanted(truth), _read(target.bound)
            yield "measure", truth.get("measure"), target.measure and target.measure.value
            yield "per", truth.get("per"), target.per


def _wanted(truth: dict[str, Any]) -> tuple[str, ...]:
    return (truth.get("bearer") or "lead", *truth.get("bearers", ()))


def _read(bound: Bound) -> tuple[str, ...]:
    return (bound.bearer.value, *(one.printed for one in bound.named))


def main() -> None:
    right, whole, said = compare(read_documents(Path(sys.argv[1]).read_text(encoding="utf-8")))
    for name, number in whole.items():
        print(f"{name:18} {right[name]} of {number} right; {said[name]} said by the words")


if __name__ == "__main__":
    main()
