"""Rules that measure an object by itself: targets, and the gap to a schedule."""

from decimal import Decimal
from fractions import Fraction
from math import floor

from tracker.domain.scoring.marks import GapMark, TargetMark
from tracker.domain.scoring.metrics import Measured, figure_value
from tracker.domain.scoring.questions import Point
from tracker.domain.scoring.results import Fact, Lacking, MarkResult, Step, StepKind, Used
from tracker.domain.scoring.work import Results, Work, computed, lacking, no_base

_MONTHS = 12


def by_target(work: Work, mark: TargetMark) -> Results:
    """Give the full marks at the target, less for each missing one, nothing for none at all."""
    kinds = {one.unit: one.kind for one in work.rules.scheme.objects}
    found: Results = {}
    for unit, told in work.measure(mark.metric).items():
        if told.value is None:
            found[unit] = lacking(mark, told.lacking, told)
            continue
        target = dict(mark.targets)[kinds[unit]]
        value = told.used[0].value
        missing = max(Decimal(0), target - value)
        marks = max(Decimal(0), mark.full - mark.per_missing * missing) if value else Decimal(0)
        facts: dict[str, Fact] = {"value": value, "target": target, "missing": missing, "marks": marks}
        found[unit] = computed(mark, marks, [Step(StepKind.TARGET, facts)], told)
    return found


def by_gap(work: Work, mark: GapMark) -> Results:
    """Give the full marks at the schedule, less for each whole percentage point below it."""
    return {unit: _gap(work, mark, unit, told) for unit, told in work.measure(mark.metric).items()}


def _gap(work: Work, mark: GapMark, unit: str, told: Measured) -> MarkResult:
    expected = _schedule(work, mark, unit)
    missing = [*told.lacking, *([expected] if isinstance(expected, Lacking) else [])]
    if missing or isinstance(expected, Lacking):
        return lacking(mark, missing, told)
    if isinstance(expected, Used):
        told = Measured(told.metric, told.value, (*told.used, expected), working=told.working)
    schedule = Fraction(expected.value) if isinstance(expected, Used) else expected
    steps = [Step(StepKind.SCHEDULE, {"percent": schedule})]
    value = told.value
    if value is None:
        choice = work.choice(Point.ZERO_BASE, mark).choice
        if choice != "zero":
            marks = mark.full if choice == "full" else Decimal(0)
            return computed(mark, marks, [*steps, no_base(choice)], told)
        value = Fraction(0)
    gap = max(Fraction(0), schedule - value)
    marks = mark.full - mark.per_point * floor(gap)
    facts: dict[str, Fact] = {
        "gap": gap,
        "whole": floor(gap),
        "per_point": mark.per_point,
        "full": mark.full,
        "marks": marks,
    }
    steps.append(Step(StepKind.GAP, facts))
    if marks < 0 and work.choice(Point.FLOOR, mark).choice == "mark":
        marks = Decimal(0)
        steps.append(Step(StepKind.FLOORED, {"floor": marks}))
    return computed(mark, marks, steps, told)


def _schedule(work: Work, mark: GapMark, unit: str) -> Fraction | Used | Lacking:
    choice = work.choice(Point.SCHEDULE, mark).choice
    if choice == "twelfths":
        return Fraction(100 * work.inputs.month.number, _MONTHS)
    return figure_value(work.rules.scheme, work.inputs, dict(mark.schedule_figures)[choice], unit)
