"""What a reported number can be: of which days, and whether it can lie below nought.

A figure is held against what was expected on its own day, so that a slipped year or sign would move lights and claims.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.counting import Figure, day_of_total, window_of
from tracker.domain.entered import number_text
from tracker.domain.errors import BadInput
from tracker.domain.items import CadenceKind, Measure

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
    """A total is less than it was on an earlier day of the same year, or a count of the same window."""

    code = "value_fallen"


class ValueBackdated(ValueDoubted):
    """A value is of an earlier day than the one reported last."""

    code = "value_backdated"


def is_far_beyond(value: float, goal: float) -> bool:
    """Tell whether a value is so far beyond what is asked that a slip is likelier: 500 for 50."""
    return 0 < goal * _FAR < value


def value_doubts(
    said: Figure, *, goal: float, measure: Measure | None, before: Figure | None, rhythm: CadenceKind | None = None
) -> tuple[type[ValueDoubted], ...]:
    """Return why a value may be a slip, given what its target asks and what was reported `before`.

    A total of a calendar year does not fall within it, nor a count within its window, as `rhythm` has it; a form of the
    old year has the old year's total, whenever it is written. And nobody reports on an earlier day than the last time.
    """
    doubts: list[type[ValueDoubted]] = [ValueFarBeyond] if is_far_beyond(said.value, goal) else []
    if before is not None and before.on is not None and said.on is not None:
        years = {day_of_total(day, told.period).year for told, day in ((said, said.on), (before, before.on))}
        of_one_year = measure is Measure.CUMULATIVE and len(years) == 1
        windows = [window_of(rhythm, day, told.period) for told, day in ((said, said.on), (before, before.on))]
        of_one_window = measure is Measure.PER_PERIOD and windows[0] is not None and windows[0] == windows[1]
        if said.on < before.on:
            doubts.append(ValueBackdated)
        elif (of_one_year or of_one_window) and said.value < before.value:
            doubts.append(ValueFallen)
    return tuple(doubts)


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
