"""What a reported number can be: of which days, and whether it can lie below nought.

A figure is held against what was expected on its own day, so that a slipped year or sign would move lights and claims.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from tracker.domain.counting import Counting, Figure, window_of
from tracker.domain.entered import number_text
from tracker.domain.errors import BadInput
from tracker.domain.items import Measure

# Statistics of a quarter come out within the one after it: the last of them that there is, of before the document, is
# an honest answer to how a level stands.
_LAG = timedelta(days=184)
_FAR = 3
_LEVELS = frozenset({Measure.LEVEL, Measure.BASELINE, None})
# Rates of growth, and what is a difference of two sums.
_SIGNED_UNIT = re.compile(r"[%％‰]|百分点|千分点")
_SIGNED_METRIC = re.compile(r"增长|增速|增幅|增减|增量|下降|降幅|变化|变动|净|余额|结余|利润|盈|亏|收支|差额|顺差|逆差")
# What is counted one by one is never less than none, whatever it is held against.
_COUNTED = re.compile(r"[个次人名户家件项所处台辆栋座条篇期份场批宗起例]")


class ValueDayToCome(BadInput):
    """A value is dated to a day that is yet to come; facts: item, metric, day, target."""

    code = "value_day_to_come"


class ValueDayTooEarly(BadInput):
    """A value is of before what its target is about; facts: item, metric, day, earliest, target."""

    code = "value_day_too_early"


class ValueBelowNought(BadInput):
    """A count or a sum is negative; facts: item, metric, value, target."""

    code = "value_below_nought"


class ValueDoubted(BadInput):
    """A value is likelier a slip than a fact, and nobody has said that it is right 「核对无误」.

    Facts: item, metric, value, day, goal, before, before_on.
    """


class ValueFarBeyond(ValueDoubted):
    """A value is many times what its target asks."""

    code = "value_far_beyond"


class ValueFallen(ValueDoubted):
    """A total is less than one on file of an earlier day of the same year, or a count than one of the same window."""

    code = "value_fallen"


class ValueBackdated(ValueDoubted):
    """A value is of an earlier day than the one reported last."""

    code = "value_backdated"


def is_far_beyond(value: float, goal: float) -> bool:
    """Tell whether a value is so far beyond what is asked that a slip is likelier: 500 for 50."""
    return 0 < goal * _FAR < value


@dataclass(frozen=True, slots=True)
class Filed:
    """A figure on file, of the number of a report."""

    report_id: int
    figure: Figure


def latest_before(said: Figure, filed: Iterable[Filed], counting: Counting, *, report_id: int | None) -> Figure | None:
    """Return what is on file of the latest day that is not after that of a value, by the day that each is of.

    Of the same day it is what came before; `report_id` is None where the value is still to be told.
    """
    day = counting.day_of(said)
    if day is None:
        return None

    def place(one: Filed) -> tuple[date, float]:
        return counting.day_of(one.figure) or date.max, one.report_id

    own = (day, inf if report_id is None else report_id)
    latest = max((one for one in filed if place(one) < own), key=place, default=None)
    return latest.figure if latest is not None else None


def value_doubts(
    said: Figure, *, goal: float, counting: Counting, before: Figure | None, latest: Figure | None
) -> dict[type[ValueDoubted], Figure | None]:
    """Return why a value may be a slip, each with what it is held against, given what its target asks.

    `before` is what was reported the last time, and nobody reports on an earlier day than that. A count does not fall
    within its window. A total does not fall within its year: it is held against the `latest` that is on file of no
    later day, for a form that is made up for may speak of a later day than the form after it.
    """
    doubts: dict[type[ValueDoubted], Figure | None] = {}
    if is_far_beyond(said.value, goal):
        doubts[ValueFarBeyond] = None
    day, last = counting.day_of(said), counting.day_of(before) if before is not None else None
    if day is not None and last is not None and day < last:
        doubts[ValueBackdated] = before
    other = latest if counting.measure is Measure.CUMULATIVE else before if ValueBackdated not in doubts else None
    if other is not None and said.value < other.value and _count_on(said, other, counting):
        doubts[ValueFallen] = other
    return doubts


def _count_on(said: Figure, other: Figure, counting: Counting) -> bool:
    """Tell whether one value goes on from another: totals of one year, counts of one window."""
    days = [day for day in (counting.day_of(said), counting.day_of(other)) if day is not None]
    if len(days) < 2:
        return False
    if counting.measure is Measure.CUMULATIVE:
        return days[0].year == days[1].year
    window = window_of(counting.rhythm, days[0], said.period)
    same = window is not None and window == window_of(counting.rhythm, days[1], other.period)
    return counting.measure is Measure.PER_PERIOD and same


@dataclass(frozen=True, slots=True)
class Number:
    """A number that somebody reports on: what it counts, in which unit, and how it is held against time."""

    metric: str
    unit: str | None
    measure: Measure | None

    @property
    def may_be_negative(self) -> bool:
        """Whether the number can lie below nought: growth, rates and balances can, counts and sums cannot."""
        if _SIGNED_UNIT.search(self.unit or "") or _SIGNED_METRIC.search(self.metric):
            return True
        return self.measure in _LEVELS and not _COUNTED.fullmatch(self.unit or "")

    def earliest(self, *, issued_on: date, reach_on: date | None) -> date:
        """Return the first day of which a value can be, given the document's day of issue and the target's day.

        A total counts from 1 January. A level is known by statistics that come later than the fact; what is counted in
        windows or may only be exceeded begins with the document.
        """
        if self.measure is Measure.CUMULATIVE:
            return date(min(issued_on.year, (reach_on or issued_on).year), 1, 1)
        return issued_on - _LAG if self.measure in _LEVELS else issued_on


def value_faults(
    number: Number, value: float, value_on: date | None, *, target: int, item: str, today: date, earliest: date | None
) -> Iterator[BadInput]:
    """Yield what a reported value cannot be; `earliest` as of `Number.earliest`, None where it is not known."""
    if value < 0 and not number.may_be_negative:
        yield ValueBelowNought(item=item, metric=number.metric, value=number_text(value), target=target)
    if value_on is not None and value_on > today:
        yield ValueDayToCome(item=item, metric=number.metric, day=value_on, target=target)
    if value_on is not None and earliest is not None and value_on < earliest:
        yield ValueDayTooEarly(item=item, metric=number.metric, day=value_on, earliest=earliest, target=target)
