"""Metrics of an object: numbers, rates and growths, exact; rates and growths in percent."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tracker.domain.scoring.inputs import Inputs
from tracker.domain.scoring.results import Fact, Lacking, Step, StepKind, Used
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Figure, Metric, MetricKind, Scheme


@dataclass(frozen=True, slots=True)
class Measured:
    """What a metric is for an object; `value` None where its base is 0 or a figure is missing."""

    metric: str
    value: Fraction | None
    used: tuple[Used, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    working: tuple[Step, ...] = ()


def figure_value(scheme: Scheme, inputs: Inputs, figure: str, unit: str) -> Used | Lacking:
    """Return what was handed in of a figure for an object, or that nobody did."""
    found = _figure(scheme, figure)
    value = inputs.common.get(figure) if found.common else inputs.figures.get((figure, unit))
    of = "" if found.common else unit
    return Lacking(figure, of) if value is None else Used(figure, of, value)


def summed_value(scheme: Scheme, inputs: Inputs, figure: str, unit: str) -> tuple[Used | Lacking, ...]:
    """Return a figure of an object, a sum as its sum; or all that nobody handed in of what it is the sum of."""
    found = _figure(scheme, figure)
    told = tuple(figure_value(scheme, inputs, one, unit) for one in found.sum_of or (figure,))
    lacking = tuple(one for one in told if isinstance(one, Lacking))
    if lacking or not found.sum_of:
        return lacking or told
    return (Used(figure, unit, sum((one.value for one in told if isinstance(one, Used)), Decimal(0))),)


def measured(rules: Rules, inputs: Inputs, metric: str, unit: str) -> Measured:
    """Return a metric of an object; nothing is measured while it is open what it is divided by."""
    scheme = rules.scheme
    found = _metric(scheme, metric)
    base = rules.base(found)
    if base is None:
        return Measured(metric, None)
    told = [one for code in (found.figure, base) if code for one in summed_value(scheme, inputs, code, unit)]
    used = tuple(one for one in told if isinstance(one, Used))
    lacking = tuple(one for one in told if isinstance(one, Lacking))
    if lacking:
        return Measured(metric, None, used, lacking)
    if found.kind is MetricKind.VALUE:
        return Measured(metric, Fraction(used[0].value), used)
    return _of_base(found, used, is_sum=bool(_figure(scheme, base).sum_of))


def _of_base(metric: Metric, used: tuple[Used, ...], *, is_sum: bool) -> Measured:
    value, base = Fraction(used[0].value), Fraction(used[1].value)
    facts: dict[str, Fact] = {"metric": metric.code, "value": used[0].value, "base": used[1].value}
    if metric.asked or is_sum:
        facts["base_figure"] = used[1].figure  # the text does not say what it is: the working does
    if not base:
        return Measured(metric.code, None, used, working=(Step(StepKind.ZERO_BASE, facts),))
    is_rate = metric.kind is MetricKind.RATE
    percent = 100 * value / base if is_rate else 100 * (value / base - 1)
    kind = StepKind.RATE if is_rate else StepKind.GROWTH
    return Measured(metric.code, percent, used, working=(Step(kind, {**facts, "percent": percent}),))


def rounded(value: Fraction, places: int) -> Decimal:
    """Round a number half up, away from zero, to so many decimal places."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    size = Decimal(whole).scaleb(-places).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return -size if value < 0 else size


def has_base(scheme: Scheme, metric: str) -> bool:
    """Whether a metric is a rate or a growth."""
    return _metric(scheme, metric).kind is not MetricKind.VALUE


def figures_of(scheme: Scheme, metrics: tuple[str, ...]) -> Iterator[str]:
    """Go through the codes of the figures that metrics are made of, by whichever answer."""
    for code in metrics:
        metric = _metric(scheme, code)
        for figure in (metric.figure, *metric.every_base):
            yield from _figure(scheme, figure).sum_of or (figure,)


def _metric(scheme: Scheme, code: str) -> Metric:
    return next(one for one in scheme.metrics if one.code == code)


def _figure(scheme: Scheme, code: str) -> Figure:
    return next(one for one in scheme.figures if one.code == code)
