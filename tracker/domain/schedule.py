"""Where a value stands against its target's schedule 「序时」, by how the target is measured.

All days are calendar days in Asia/Shanghai, inclusive. A value is held against what was expected on its own day, not
on the day somebody looks: figures come later than the fact they are about. A total in a form is of no day after the
year of the form's period.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import isclose

from tracker.domain.cadences import Span
from tracker.domain.counting import day_of_total, window_of
from tracker.domain.items import CadenceKind, Measure

_AT_LEAST = frozenset({">", ">=", "="})
_AT_MOST = frozenset({"<", "<="})
_LIMITS = frozenset({Measure.CEILING, Measure.GRANT})


class InvalidTarget(ValueError):
    """A target contradicts itself: an unknown comparison, or points that do not rise to its day."""


class StandingKind(StrEnum):
    """`excess` is over what may be reached at most; `unknown` where nothing can be compared."""

    ON = "on"
    BEHIND = "behind"
    EXCESS = "excess"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Point:
    """A value and its day: what the office expects by then, or where a target starts from."""

    day: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledTarget:
    """A number somebody must reach, or stay under, and by when.

    `reach_on` is its day, None where it has none; `op` one of > >= = <= <. `points` are what the office set instead of
    the straight line: each holds from its day until the next. `rhythm` says in which windows a `per_period` target is
    counted.
    Raises InvalidTarget.
    """

    measure: Measure
    op: str
    value: float
    reach_on: date | None = None
    baseline: Point | None = None
    points: Sequence[Point] = ()
    rhythm: CadenceKind | None = None

    def __post_init__(self) -> None:
        if self.op not in _AT_LEAST | _AT_MOST:
            raise InvalidTarget(f"no such comparison: {self.op}")
        days = [point.day for point in self.points]
        if not all(a < b for a, b in pairwise(days)):
            raise InvalidTarget("the days of the points must rise")
        if days and self.reach_on is not None and days[-1] > self.reach_on:
            raise InvalidTarget("a point lies behind the day of the target")
        if self.baseline is not None and self.reach_on is not None and self.baseline.day >= self.reach_on:
            raise InvalidTarget("the baseline does not lie before the day of the target")

    @property
    def is_limit(self) -> bool:
        """Whether the number may only be exceeded: a ceiling, a grant, a total that is to stay below something."""
        below = self.op in _AT_MOST
        return self.measure in _LIMITS or (below and self.measure in (Measure.CUMULATIVE, Measure.PER_PERIOD))

    @property
    def takes_points(self) -> bool:
        """Whether points can say what is expected on the way: a limit has no way, a count is that of its window."""
        return not self.is_limit and self.measure is not Measure.PER_PERIOD

    @property
    def falls(self) -> bool:
        """Whether the number is to come down to the target, not up to it."""
        return self.op in _AT_MOST

    def under(self, points: Sequence[Point]) -> "ScheduledTarget":
        """Return the target under what the office set, as far as it holds.

        Its measure and its day may have changed since: a limit has no points, and on its day it is the target itself
        that is expected.
        """
        return replace(self, points=tuple(point for point in points if self.takes_points and self._precedes(point)))

    def _precedes(self, point: Point) -> bool:
        if self.reach_on is None or point.day < self.reach_on:
            return True
        return point.day == self.reach_on and point.value == self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a page needs to say how a value stands.

    `expected` is what was expected on `value_on`, None where nothing was or nothing can be said; `gap` is how much is
    lacking, or is too much, in the target's unit and never negative; `gap_points` the same in percent of the whole way
    from the start, None where there is no way to measure by; `by_office` where the office set what was expected.
    """

    kind: StandingKind
    value: float | None = None
    value_on: date | None = None
    expected: float | None = None
    gap: float = 0.0
    gap_points: float | None = None
    by_office: bool = False


UNKNOWN = Standing(kind=StandingKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected on a day, None for nothing yet.

    `reached` where it is the target itself, whose comparison is then taken at its word; `by_office` where the office
    set it.
    """

    value: float | None
    reached: bool = False
    by_office: bool = False


def standing(
    target: ScheduledTarget, value: float | None, value_on: date | None, *, today: date, period: Span | None = None
) -> Standing:
    """Say how a value of `value_on` stands against its target; `period` is that of the row of a form it stands in.

    A value dated later than `today` is a forecast and says nothing. Source of the straight line: the office's practice
    of 「序时进度」, the share of the calendar year that has passed.
    """
    if value is None or value_on is None or value_on > today:
        return UNKNOWN
    if target.is_limit:
        return _against_limit(target, value, value_on)
    if target.measure is Measure.PER_PERIOD:
        return _within_period(target, value, value_on, window_of(target.rhythm, value_on, period), today=today)
    total = target.measure is Measure.CUMULATIVE
    expected = expected_at(target, day_of_total(value_on, period, target.reach_on) if total else value_on)
    if expected is None:
        return Standing(kind=StandingKind.UNKNOWN, value=value, value_on=value_on)
    return _compared(target, value, value_on, expected=expected)


def falls_short(target: ScheduledTarget, value: float) -> bool:
    """Tell whether a value has not come to the target itself, its comparison taken at its word."""
    return _kind(target.op, value, target.value, taken_at_word=True) is StandingKind.BEHIND


def expected_at(target: ScheduledTarget, day: date) -> Expected | None:
    """Return what a target expects on a day; None where it cannot be said."""
    if target.points:
        return _by_points(target, day)
    if target.reach_on is None:
        return Expected(target.value, reached=True) if target.measure is Measure.LEVEL else None
    if target.measure is Measure.CUMULATIVE:
        return _over_the_year(target, day, reach_on=target.reach_on)
    return _as_level(target, day, reach_on=target.reach_on)


def _over_the_year(target: ScheduledTarget, day: date, *, reach_on: date) -> Expected | None:
    """Expect the share of the days from 1 January to the target's day; a figure of another year is another count."""
    if day.year != reach_on.year:
        return None
    if day >= reach_on:
        return Expected(target.value, reached=True)
    first = date(reach_on.year, 1, 1)
    return Expected(target.value * ((day - first).days + 1) / ((reach_on - first).days + 1))


def _as_level(target: ScheduledTarget, day: date, *, reach_on: date) -> Expected | None:
    """Expect the target itself in its year; before it, and for a `baseline` until its day, the line from the start."""
    start = target.baseline
    in_its_year = day.year >= reach_on.year and (target.measure is Measure.LEVEL or start is None)
    if day >= reach_on or in_its_year:
        return Expected(target.value, reached=True)
    if start is None or day < start.day:
        return None
    share = (day - start.day).days / (reach_on - start.day).days
    return Expected(start.value + (target.value - start.value) * share)


def _by_points(target: ScheduledTarget, day: date) -> Expected | None:
    """Expect the last point that has come; nothing before the first, the target itself from its day on.

    A total is one of its calendar year: it is held against no point of another.
    """
    by_year = target.measure is Measure.CUMULATIVE
    if by_year and target.reach_on is not None and day.year != target.reach_on.year:
        return None
    if target.reach_on is not None and day >= target.reach_on:
        return Expected(target.value, reached=True)
    come = [point.value for point in target.points if point.day <= day and not (by_year and point.day.year < day.year)]
    return Expected(come[-1] if come else None, by_office=True)


def _compared(target: ScheduledTarget, value: float, value_on: date, *, expected: Expected) -> Standing:
    if expected.value is None:
        return Standing(kind=StandingKind.ON, value=value, value_on=value_on)
    kind = _kind(target.op, value, expected.value, taken_at_word=expected.reached)
    gap = 0.0 if kind is StandingKind.ON else abs(value - expected.value)
    return Standing(
        kind=kind,
        value=value,
        value_on=value_on,
        expected=expected.value,
        gap=gap,
        gap_points=_points(target, gap),
        by_office=expected.by_office,
    )


def _kind(op: str, value: float, expected: float, *, taken_at_word: bool) -> StandingKind:
    """Compare; on the way to a target being level with the line is enough, at the target its words hold."""
    if isclose(value, expected, rel_tol=1e-9, abs_tol=1e-9):
        short = taken_at_word and op in ("<", ">")
        return StandingKind.BEHIND if short else StandingKind.ON
    if op in _AT_MOST:
        return StandingKind.ON if value < expected else StandingKind.BEHIND
    if value < expected:
        return StandingKind.BEHIND
    return StandingKind.EXCESS if op == "=" and taken_at_word else StandingKind.ON


def _against_limit(target: ScheduledTarget, value: float, value_on: date) -> Standing:
    """Hold a value against what may be reached at most; that is never behind."""
    level = isclose(value, target.value, rel_tol=1e-9, abs_tol=1e-9)
    over = target.op == "<" if level else value > target.value
    gap = max(0.0, value - target.value) if over else 0.0
    return Standing(
        kind=StandingKind.EXCESS if over else StandingKind.ON,
        value=value,
        value_on=value_on,
        expected=target.value,
        gap=gap,
        gap_points=_points(target, gap),
    )


def _within_period(
    target: ScheduledTarget, value: float, value_on: date, window: Span | None, *, today: date
) -> Standing:
    """Hold a count against its own window; as long as that runs there is time left and nothing is behind."""
    if window is None:
        return Standing(kind=StandingKind.UNKNOWN, value=value, value_on=value_on)
    found = _compared(target, value, value_on, expected=Expected(target.value, reached=True))
    if found.kind is StandingKind.BEHIND and today <= window.ends_on:
        return Standing(kind=StandingKind.ON, value=value, value_on=value_on, expected=target.value)
    return found


def _points(target: ScheduledTarget, gap: float) -> float | None:
    start = target.baseline.value if target.baseline is not None and not target.is_limit else 0.0
    whole = abs(target.value - start)
    return None if isclose(whole, 0.0, abs_tol=1e-9) else gap / whole * 100
