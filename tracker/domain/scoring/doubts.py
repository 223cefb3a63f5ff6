"""What in the figures of a month looks wrong. Nothing here decides anything: people look at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from tracker.domain.scoring.inputs import Inputs
from tracker.domain.scoring.marks import ChecksMark
from tracker.domain.scoring.metrics import measured
from tracker.domain.scoring.questions import Point
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Figure, Measure, MetricKind, Scheme, Window

_WHOLE = 100  # percent
_TIMES = 10  # a digit too many


class DoubtKind(StrEnum):
    FALLING = "falling"  # a cumulative figure is below that of the month before
    FAR = "far"  # a figure is ten times that of the month before: may well be, and is only pointed at
    OVER_WHOLE = "over_whole"  # a rate above 100 %: may well be, and is only pointed at


@dataclass(frozen=True, slots=True)
class Doubt:
    """`code` is that of the figure, or of the metric where a rate is meant; `told` in percent there."""

    kind: DoubtKind
    object: str
    code: str
    told: Decimal | Fraction
    against: Decimal | None = None

    @property
    def only_pointed_at(self) -> bool:
        """Tell what is no fault by itself."""
        return self.kind is not DoubtKind.FALLING


@dataclass(frozen=True, slots=True)
class OverWhole:
    """A rate of more than 100 percent of an object: it is pointed at, and counts as it is, under each of `items`."""

    object: str
    metric: str
    percent: Fraction
    items: tuple[str, ...]


def doubts(rules: Rules, inputs: Inputs, *, before: Inputs | None) -> tuple[Doubt, ...]:
    """Return what looks wrong, in the scheme's order; `before` is the month before, None in January or without one."""
    against = _against(rules.scheme, inputs.figures, before.figures) if before else ()
    over = (Doubt(DoubtKind.OVER_WHOLE, one.object, one.metric, one.percent) for one in over_whole(rules, inputs))
    return (*against, *over)


def over_whole(rules: Rules, inputs: Inputs) -> tuple[OverWhole, ...]:
    """Return every rate above 100 percent that the month counts, by object and item, whether its marks are computed."""
    scheme, counted = rules.scheme, dict[str, list[str]]()
    rates = {one.code for one in scheme.metrics if one.kind is MetricKind.RATE}
    for item, mark in scheme.marks():
        for code in rules.metrics_of(mark) if inputs.month.number in mark.months else ():
            if code in rates and item.code not in counted.setdefault(code, []):
                counted[code].append(item.code)
    return tuple(
        OverWhole(one.unit, code, percent, tuple(items))
        for one in scheme.objects
        for code, items in counted.items()
        if (percent := measured(rules, inputs, code, one.unit).value) is not None and percent > _WHOLE
    )


def difference_base(rules: Rules) -> str | None:
    """Return what a difference found on site is a part of, `reported` or `found`, by which the marks go.

    None while that is open, or where annexes take different ones.
    """
    marks = [mark for _, mark in rules.scheme.marks() if isinstance(mark, ChecksMark)]
    found = [rules.chosen(Point.DIFFERENCE_BASE, mark.code) for mark in marks]
    bases = {one.choice if one else None for one in found}
    return bases.pop() if len(bases) == 1 else None


_Figures = Mapping[tuple[str, str], Decimal]


def _against(scheme: Scheme, now: _Figures, before: _Figures) -> Iterator[Doubt]:
    """Hold figures against those of the month before."""
    for figure in scheme.figures:
        for one in scheme.objects:
            told, earlier = now.get((figure.code, one.unit)), before.get((figure.code, one.unit))
            if told is None or earlier is None:
                continue
            if _grows(figure) and told < earlier:
                yield Doubt(DoubtKind.FALLING, one.unit, figure.code, told, earlier)
            elif told >= _TIMES * earlier > 0:
                yield Doubt(DoubtKind.FAR, one.unit, figure.code, told, earlier)


def _grows(figure: Figure) -> bool:
    """Whether a figure can only grow within a year: what was reached or invested since January."""
    reached = figure.window is Window.YEAR_TO_MONTH and figure.measure is not None
    return reached or (figure.window is Window.TO_MONTH_END and figure.measure is Measure.INVESTED)
