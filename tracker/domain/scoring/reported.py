"""What a month's inputs say of one item of the scheme's document: what is handed in there is not written twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tracker.domain.scoring.entries import Entry, InputKind, suppliers
from tracker.domain.scoring.metrics import figures_of
from tracker.domain.scoring.months import SHOWN_TO_OBJECTS, MonthState
from tracker.domain.scoring.needs import metrics_in
from tracker.domain.scoring.scheme import Figure, Scheme, clause_label

_PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure as a month has it. `objects`: of how many bodies a supplier handed it in, 0 where it is the unit's own.

    `value` is the unit's own, or the sum over those bodies; None of rates, which do not add up.
    """

    figure: Figure
    value: Decimal | None
    objects: int = 0


def reported(
    scheme: Scheme, entries: Iterable[Entry], *, label: str, unit: str, state: MonthState
) -> tuple[Reported, ...]:
    """Return what a month has of the figures of the item with a printed label, in printed order.

    Of an evaluated body its own, once all check them; of a supplier what it is printed to hand in. Empty where the
    scheme has no such item or nothing was handed in.
    """
    by_figure: dict[str, dict[str, Decimal]] = {}
    for one in entries:
        if one.kind is InputKind.FIGURE and one.value is not None:
            by_figure.setdefault(one.code, {})[one.object] = one.value
    wanted = set(_figures(scheme, label)) & by_figure.keys()
    figures = [one for one in scheme.figures if one.code in wanted and not one.common]
    if any(one.unit == unit for one in scheme.objects):
        if state not in SHOWN_TO_OBJECTS:  # others may still correct what it would tell as its own
            return ()
        return tuple(Reported(one, by_figure[one.code][unit]) for one in figures if unit in by_figure[one.code])
    printed = suppliers(scheme)
    return tuple(_summed(one, by_figure[one.code]) for one in figures if unit in printed[InputKind.FIGURE, one.code])


def _summed(figure: Figure, values: dict[str, Decimal]) -> Reported:
    total = None if figure.unit == _PERCENT else sum(values.values(), Decimal(0))
    return Reported(figure, total, len(values))


def _figures(scheme: Scheme, label: str) -> Iterator[str]:
    """Go through the figures of the item that the document prints under a label, its annex before it."""
    for annex, item in scheme.items():
        if label == clause_label(annex.label, item.label):
            for mark in item.marks:
                yield from figures_of(scheme, metrics_in(mark))
