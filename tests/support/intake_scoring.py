"""Compares drafts with a careful reading, field by field: `python -m tests.support.intake_scoring FOLDER…`."""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.domain.readings.item import Item
from tracker.domain.readings.reading import Reading
from tracker.intake import read_documents

FIELDS = ("items", "leads", "supports", "groups", "deadlines", "cadence", "targets")
_ENOUGH = 0.6
_BRACKETS = str.maketrans("（）［］", "()[]")


@dataclass
class Score:
    """Hits, misses and false finds of each field."""

    hits: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def f1(self, name: str) -> float:
        whole = 2 * self.hits[name] + self.missed[name] + self.wrong[name]
        return 2 * self.hits[name] / whole if whole else 1.0

    def count(self, name: str, truth: Iterable[Any], found: Iterable[Any], *, where: str) -> None:
        wanted, got = Counter(truth), Counter(found)
        self.hits[name] += (wanted & got).total()
        self.missed[name] += (wanted - got).total()
        self.wrong[name] += (got - wanted).total()
        if wanted != got:
            self.notes.append(
                f"{name:9} {where}: -{list((wanted - got).elements())} +{list((got - wanted).elements())}"
            )


def score_document(truth: dict[str, Any], draft: Reading, into: Score) -> None:
    """Match items by the overlap of their words, then compare the fields of each pair."""
    paired = pair_items(truth, draft)
    for item, found in paired:
        if found is None:
            into.missed["items"] += 1
            into.notes.append(f"items     missed {item['code']} {item['label']} {item['title']}")
            continue
        into.hits["items"] += 1
        _compare(item, found, into)
    used = [found for _, found in paired]
    for extra in draft.items:
        if not any(extra is found for found in used):
            into.wrong["items"] += 1
            into.notes.append(f"items     extra {draft.number} {extra.label} {extra.title}")


def pair_items(truth: dict[str, Any], draft: Reading) -> list[tuple[dict[str, Any], Item | None]]:
    """Return each item of a careful reading with the one of the draft that holds most of its words."""
    right = [(_squeezed(draft.text, *item.span), item) for item in draft.items]
    whole = re.sub(r"\s", "", draft.text)
    shift = 0
    paired: list[tuple[dict[str, Any], Item | None]] = []
    used: set[int] = set()
    for item in truth["items"]:
        start, end, words = _squeezed(truth["text"], *item["span"])
        shift = _found(whole, words, start + shift) - start
        place = (start + shift, end + shift, words)
        best = max(
            (n for n in range(len(right)) if n not in used),
            key=lambda n: _overlap(place, right[n][0]),
            default=None,
        )
        if best is None or _overlap(place, right[best][0]) < _ENOUGH:
            paired.append((item, None))
            continue
        used.add(best)
        paired.append((item, right[best][1]))
    return paired


def _compare(item: dict[str, Any], found: Item, into: Score) -> None:
    for name, (wanted, got) in both_values(item, found).items():
        if name in FIELDS:
            into.count(name, wanted, got, where=item["code"])


def both_values(item: dict[str, Any], found: Item) -> dict[str, tuple[list[Any], list[Any]]]:
    """Return of each field what a careful reading has and what was read."""
    on = (item["deadline"] or {}).get("on")
    return {
        "leads": ([*map(_name, item["leads"])], [*map(_name, found.leads)]),
        "supports": ([*map(_name, item["supports"])], [*map(_name, found.supports)]),
        "groups": ([*map(_name, item["groups"])], [*map(_name, found.groups)]),
        "cadence": (
            [c["kind"] for c in item["cadence"] if c["basis"] == "stated"],
            [c.kind.value for c in found.cadences],
        ),
        "deadlines": ([on] if on else [], [found.deadline.on.isoformat()] if found.deadline else []),
        "targets": (
            [(t["op"], t["value"], t["unit"]) for t in item["targets"]],
            [(t.op, t.value, t.unit) for t in found.targets],
        ),
        "evidence": (
            [e["what"] for e in item["evidence"] if e["basis"] == "stated"],
            [e.what for e in found.evidence],
        ),
    }


def _name(entry: Any) -> str:
    return str(entry["printed"] if isinstance(entry, dict) else entry.printed).translate(_BRACKETS)


def _squeezed(text: str, start: int, end: int) -> tuple[int, int, str]:
    before = len(re.sub(r"\s", "", text[:start]))
    words = re.sub(r"\s", "", text[start:end])
    return before, before + len(words), words


def _found(whole: str, words: str, expected: int) -> int:
    """Return where the words stand in a text that may differ before them; the expected place where they do not."""
    places = [found.start() for found in re.finditer(re.escape(words[:12]), whole)]
    return min(places, key=lambda place: abs(place - expected), default=expected)


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / max(one[1] - one[0], other[1] - other[0], 1)


def score_texts(pairs: Iterable[tuple[str, dict[str, Any]]]) -> Score:
    """Score raw texts against `tracker.items/1` objects; documents are paired by number, else by order."""
    score = Score()
    for document, draft in beside_drafts(pairs):
        score_document(document, draft, score)
    return score


def beside_drafts(pairs: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[tuple[dict[str, Any], Reading]]:
    """Yield each document of careful readings with the draft of its number, else of its place."""
    for raw, truth in pairs:
        drafts = list(read_documents(raw))
        for n, document in enumerate(truth["documents"]):
            same = [draft for draft in drafts if draft.number == (document["number"] or "")]
            yield document, same[0] if same else drafts[min(n, len(drafts) - 1)]


def texts_in(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return the texts of a folder, each with the careful reading beside it."""
    pairs = []
    for path in sorted(folder.glob("*.json")):
        data = path.with_suffix(".txt").read_bytes()
        try:
            raw = data.decode("utf-8")
        except UnicodeDecodeError:
            raw = data.decode("gb18030")
        pairs.append((raw, json.loads(path.read_text(encoding="utf-8"))))
    return pairs


def main() -> None:
    for folder in (name for name in sys.argv[1:] if name != "-v"):
        pairs = texts_in(Path(folder))
        begun = time.perf_counter()
        score = score_texts(pairs)
        spent = time.perf_counter() - begun
        if "-v" in sys.argv:
            print("\n".join(score.notes))
        print(folder, f"{sum(len(raw) for raw, _ in pairs)} characters in {spent * 1000:.0f} ms")
        print("  ".join(f"{name} {score.f1(name):.3f}" for name in FIELDS))


if __name__ == "__main__":
    main()
