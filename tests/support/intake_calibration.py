"""How well the intake knows when it is unsure: `python -m tests.support.intake_calibration FOLDER…`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.intake_scoring import beside_drafts, both_values, pair_items, texts_in
from tracker.domain.readings.item import TRUSTED

_NAMES = {"leads": "lead", "deadlines": "deadline"}
_STEPS = (0.5, TRUSTED, 0.93, 1.01)


@dataclass
class Calibration:
    """The share shown for each field, with whether the field was right."""

    shown: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def flagged(self) -> float:
        """The share of all fields that a person is asked to look at."""
        return _share([share < TRUSTED for share, _ in self.shown])

    @property
    def wrong_flagged(self) -> float:
        """The share of the wrong fields among which a person is asked to look."""
        return _share([share < TRUSTED for share, right in self.shown if not right])

    def buckets(self) -> Iterator[tuple[float, float, int]]:
        """Yield mean share shown, share right and number of fields of each step of shares."""
        below = 0.0
        for step in _STEPS:
            inside = [(share, right) for share, right in self.shown if below <= share < step]
            below = step
            if inside:
                yield _share([share for share, _ in inside]), _share([right for _, right in inside]), len(inside)


def calibrate(folder: Path) -> Calibration:
    """Compare the shares shown with careful readings, for every field of every item that was found."""
    found = Calibration()
    for document, draft in beside_drafts(texts_in(folder)):
        for wanted, item in pair_items(document, draft):
            if item is None:
                continue
            shares = {sure.field.value: sure.share for sure in item.confidence}
            for name, (right, read) in both_values(wanted, item).items():
                found.shown.append((shares[_NAMES.get(name, name)], sorted(right) == sorted(read)))
    return found


def lines_of(folder: Path) -> Iterator[str]:
    """Yield the calibration of a folder in words."""
    found = calibrate(folder)
    wrong = sum(not right for _, right in found.shown)
    yield f"{folder.name}: {len(found.shown)} fields, {wrong} wrong; flagged {found.flagged:.3f}"
    yield f"  of the wrong ones flagged {found.wrong_flagged:.3f}"
    for shown, right, number in found.buckets():
        yield f"  shown {shown:.3f} right {right:.3f} ({number} fields)"


def _share(values: list[bool] | list[float]) -> float:
    return sum(values) / len(values) if values else 1.0


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print("\n".join(lines_of(Path(name))))
