"""Values over time against the schedule of their target 「数值与序时」, as a picture; a table beside says the same."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.entered import number_text
from tracker.domain.items import Measure
from tracker.domain.schedule import ScheduledTarget, expected_at

WIDTH, HEIGHT = 720, 220
MOST_CURVES = 4  # more cannot be told apart
_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 96, 22, 30
_SAMPLES = 120
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Told:
    """A value that a unit gave, as of a day."""

    unit: str
    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Curve:
    """The values of one unit, the first day first; `label` stands beside the last."""

    marks: tuple[Mark, ...]
    label: str

    @property
    def line(self) -> str:
        return " ".join(f"{mark.x:g},{mark.y:g}" for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Bar:
    """The last value of one unit; `width` and `goal` are shares of the widest, from 0 to 100."""

    told: Told
    width: float
    goal: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Where everything stands in a picture of `WIDTH` by `HEIGHT`; `expected` has a line for each stretch."""

    curves: tuple[Curve, ...]
    expected: tuple[str, ...]
    goal: Mark
    ticks: tuple[Mark, ...]
    words: str


def value_chart(target: ScheduledTarget, told: Iterable[Told], *, unit: str | None) -> Chart | None:
    """Return the picture of a target's values, of each unit one a day, the last told.

    None where there are none, or those of more units than can be told apart (`last_bars`).
    """
    by_unit: dict[str, dict[date, float]] = defaultdict(dict)
    for one in told:
        by_unit[one.unit][one.day] = one.value
    if not 0 < len(by_unit) <= MOST_CURVES:
        return None
    days = [day for values in by_unit.values() for day in values]
    first, last = _span(target, days)
    dated = [(day, found) for day in _sampled(first, last) if (found := _expected(target, day)) is not None]
    top = (
        max(target.value, *(value for _day, value in dated), *_all(by_unit))
        if dated
        else max(target.value, *_all(by_unit))
    )
    low = min(0.0, target.value, *_all(by_unit))
    frame = _Frame(first, last, low, top if top > low else low + 1)
    several = len(by_unit) > 1
    return Chart(
        curves=tuple(_curve(name, values, frame, unit, named=several) for name, values in by_unit.items()),
        expected=tuple(_stretches(dated, frame)),
        goal=Mark(frame.x(last), frame.y(target.value), f"目标{number_text(target.value)}{unit or ''}"),
        ticks=tuple(_ticks(frame)),
        words=_words(target, by_unit, unit),
    )


def last_bars(goal: float, told: Iterable[Told]) -> list[Bar]:
    """Return the last value of each unit beside the goal, where there are more units than curves can be told apart.

    None of a number that may be below nought: such are compared in the table alone.
    """
    last: dict[str, Told] = {}
    for one in told:
        if one.unit not in last or one.day >= last[one.unit].day:
            last[one.unit] = one
    widest = max((goal, *(one.value for one in last.values())))
    if len(last) <= MOST_CURVES or widest <= 0 or any(one.value < 0 for one in last.values()):
        return []
    return [Bar(one, round(100 * one.value / widest, 1), round(100 * goal / widest, 1)) for one in last.values()]


def _all(by_unit: Mapping[str, Mapping[date, float]]) -> list[float]:
    return [value for values in by_unit.values() for value in values.values()]


@dataclass(frozen=True, slots=True)
class _Frame:
    first: date
    last: date
    low: float
    top: float

    def x(self, day: date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.top - self.low)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)


def _span(target: ScheduledTarget, days: Sequence[date]) -> tuple[date, date]:
    """Return from when to when the picture goes: a total from the beginning of its year, all to the target's day."""
    first, last = min(days), max(days)
    if target.baseline is not None:
        first = min(first, target.baseline.day)
    if target.measure is Measure.CUMULATIVE:
        first = min(first, date(first.year, 1, 1))
    if target.reach_on is not None:
        first, last = min(first, target.reach_on), max(last, target.reach_on)
    return (first, last) if first < last else (first - timedelta(days=15), last + timedelta(days=15))


def _sampled(first: date, last: date) -> Iterator[date]:
    step = max(1, (last - first).days // _SAMPLES)
    day = first
    while day < last:
        yield day
        day += timedelta(days=step)
    yield last


def _expected(target: ScheduledTarget, day: date) -> float | None:
    if target.is_limit or target.measure is Measure.PER_PERIOD:
        return None
    found = expected_at(target, day)
    return None if found is None else found.value


def _stretches(dated: Sequence[tuple[date, float]], frame: _Frame) -> Iterator[str]:
    """Yield the line of what was expected, broken at the turn of a year, where a total begins again."""
    by_year: dict[int, list[str]] = defaultdict(list)
    for day, value in dated:
        by_year[day.year].append(f"{frame.x(day):g},{frame.y(value):g}")
    yield from (" ".join(points) for points in by_year.values() if len(points) > 1)


def _curve(name: str, values: Mapping[date, float], frame: _Frame, unit: str | None, *, named: bool) -> Curve:
    marks = tuple(
        Mark(frame.x(day), frame.y(value), f"{name}，截至{_day(day)}{number_text(value)}{unit or ''}")
        for day, value in sorted(values.items())
    )
    last = values[max(values)]
    return Curve(marks, f"{name} {number_text(last)}" if named else number_text(last))


def _ticks(frame: _Frame) -> Iterator[Mark]:
    months = []
    month = date(frame.first.year, frame.first.month, 1)
    while month <= frame.last:
        if month >= frame.first:
            months.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    every = -(-len(months) // _MOST_TICKS) or 1
    year = None
    for shown in months[::every]:
        words = f"{shown.month}月" if shown.year == year else f"{shown.year}年{shown.month}月"
        year = shown.year
        yield Mark(frame.x(shown), HEIGHT - 8, words)


def _words(target: ScheduledTarget, by_unit: Mapping[str, Mapping[date, float]], unit: str | None) -> str:
    """Say what the picture shows: each unit's last value, what was expected by then, and the goal."""
    parts = []
    for name, values in by_unit.items():
        day = max(values)
        expected = _expected(target, day)
        due = f"，应达{number_text(round(expected, 2))}{unit or ''}" if expected is not None else ""
        parts.append(f"{name}截至{_day(day)}{number_text(values[day])}{unit or ''}{due}")
    by = f"，{_day(target.reach_on)}（含）前" if target.reach_on else ""
    return f"{'；'.join(parts)}；目标{number_text(target.value)}{unit or ''}{by}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
