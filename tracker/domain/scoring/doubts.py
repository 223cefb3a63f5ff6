"""What in the figures of a month looks wrong. Nothing here decides anything: people look at it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from tracker.domain.scoring.inputs import Inputs
from tracker.domain.scoring.metrics import measured
from tracker.domain.scoring.scheme import Figure, Measure, MetricKind, Scheme, Window

_WHOLE = 100  # percent


class DoubtKind(StrEnum):
    FALLING = "falling"  # a cumulative figure is below that of the month before
    OVER_WHOLE = "over_whole"  # a rate above 100 %: may well be, and is only pointed at


@dataclass(frozen=True, slots=True)
class Doubt:
    """`code` is that of the figure, or of the metric where a rate is meant; `told` in percent there."""

    kind: DoubtKind
    object: str
    code: str
    told: Decimal | Fraction
    against: Decimal | None = None


def doubts(scheme: Scheme, inputs: Inputs, *, before: Inputs | None) -> tuple[Doubt, ...]:
    """Return what looks wrong, in the scheme's order; `before` is the month before, None in January or without one."""
    falling = _falling(scheme, inputs.figures, before.figures) if before else ()
    return (*falling, *_over_whole(scheme, inputs))


_Figures = Mapping[tuple[str, str], Decimal]


def _falling(scheme: Scheme, now: _Figures, before: _Figures) -> Iterator[Doubt]:
    for figure in scheme.figures:
        for one in scheme.objects if _grows(figure) else ():
            told, earlier = now.get((figure.code, one.unit)), before.get((figure.code, one.unit))
            if told is not None and earlier is not None and told < earlier:
                yield Doubt(DoubtKind.FALLING, one.unit, figure.code, told, earlier)


def _grows(figure: Figure) -> bool:
    """Whether a figure can only grow within a year: what was reached or invested since January."""
    reached = figure.window is Window.YEAR_TO_MONTH and figure.measure is not None
    return reached or (figure.window is Window.TO_MONTH_END and figure.measure is Measure.INVESTED)


def _over_whole(scheme: Scheme, inputs: Inputs) -> Iterator[Doubt]:
    for metric in scheme.metrics:
        for one in scheme.objects if metric.kind is MetricKind.RATE else ():
            rate = measured(scheme, inputs, metric.code, one.unit).value
            if rate is not None and rate > _WHOLE:
                yield Doubt(DoubtKind.OVER_WHOLE, one.unit, metric.code, rate)
