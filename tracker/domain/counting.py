"""Of when a reported number is: in which window it is counted, 「每月、每季度」, and as of which day a total stands.

A count belongs to the form in whose row it stands, whatever day it bears: it is written on a day after the window is
over, and dated by whoever writes it. Only what is told outside of forms is counted in the window of its own day. A
total is of the day it bears, but in a form of none after the year of the form's period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.cadences import Span, spans_from
from tracker.domain.errors import BadInput
from tracker.domain.items import CadenceKind, Measure

# How documents say in which window a number is reached; 「县区」「企业」 and the like say whose it is.
_WINDOWS: Mapping[str, CadenceKind] = {
    "日": CadenceKind.DAILY,
    "天": CadenceKind.DAILY,
    "周": CadenceKind.WEEKLY,
    "旬": CadenceKind.EVERY_10_DAYS,
    "月": CadenceKind.MONTHLY,
    "双月": CadenceKind.BIMONTHLY,
    "季": CadenceKind.QUARTERLY,
    "季度": CadenceKind.QUARTERLY,
    "半年": CadenceKind.HALF_YEARLY,
    "年": CadenceKind.YEARLY,
    "年度": CadenceKind.YEARLY,
}
_WEEK = timedelta(days=7)


class CountBeforeWindow(BadInput):
    """A count is of a day before its form's window begins; facts: item, metric, day, starts_on, ends_on, target."""

    code = "count_before_window"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value and the day that it is of; `period` is that of the row it stands in, None outside of forms."""

    value: float
    on: date | None
    period: Span | None = None


@dataclass(frozen=True, slots=True)
class Counting:
    """How a number counts: by its measure, in which rhythm where it is counted in windows, until its goal's day."""

    measure: Measure | None
    rhythm: CadenceKind | None
    reach_on: date | None

    def day_of(self, told: Figure) -> date | None:
        """Return the day that a value is of, a total as of `day_of_total`; None where it bears none."""
        if told.on is None or self.measure is not Measure.CUMULATIVE:
            return told.on
        return day_of_total(told.on, told.period, self.reach_on)

    def day_offered(self, period: Span | None, *, today: date) -> date:
        """Return the day of a value unless somebody says another: its form's last, at the latest today.

        A total's is the day by which it would be judged. Outside of forms it is today.
        """
        last = today if period is None else min(period.ends_on, today)
        return self.day_of(Figure(0.0, last, period)) or last


def counted_in(per: str | None, stated: Sequence[CadenceKind]) -> CadenceKind | None:
    """Return the rhythm in which a number is counted: its own words', else the first that its item states.

    `per` is what the words say the number is reached per; None where nothing says in which windows it is counted.
    """
    own = _WINDOWS.get((per or "").strip().removeprefix("每"))
    return own or next(iter(stated), None)


def window_of(rhythm: CadenceKind | None, value_on: date, period: Span | None = None) -> Span | None:
    """Return the window in which a count of a day is counted; None where no calendar opens its rhythm.

    In a form it is the form's period, or of another rhythm the window in which that ends. Of a day before that it
    cannot be: a completion may be told long before its own window begins.
    """
    if rhythm is None:
        return None
    if period is not None:
        window = _of_period(rhythm, period)
        if window is not None and value_on >= window.starts_on:
            return window
    return next(spans_from(rhythm, value_on), None)


def before_its_window(rhythm: CadenceKind | None, value_on: date, period: Span | None, *, today: date) -> Span | None:
    """Return the window of a form that a count is too early for, given that it has begun; else None."""
    window = _of_period(rhythm, period) if rhythm is not None and period is not None else None
    return window if window is not None and value_on < window.starts_on <= today else None


def day_of_total(told_on: date, period: Span | None, reach_on: date | None) -> date:
    """Return the day that a total is of, by which it is judged, asked back and found as the latest.

    It is its own, but in a form none after the year that the form is of: December's is filled in January. `reach_on` is
    the day of the number's goal, None where it has none.
    """
    return told_on if period is None else min(told_on, date(_year_of(period, reach_on), 12, 31))


def _year_of(period: Span, reach_on: date | None) -> int:
    """Return the year that a form is of, at whose turn totals begin anew: the goal's, where its period holds that day.

    Else a week, or what is shorter, is of the year of its middle, which its code names.
    """
    if reach_on is not None and period.starts_on <= reach_on <= period.ends_on:
        return reach_on.year
    length = period.ends_on - period.starts_on
    return (period.starts_on + length // 2 if length < _WEEK else period.ends_on).year


def period_span(starts_on: date | None, ends_on: date | None) -> Span | None:
    """Return the period of a row; None of what was told outside of forms."""
    return Span(starts_on, ends_on) if starts_on is not None and ends_on is not None else None


def _of_period(rhythm: CadenceKind, period: Span) -> Span | None:
    own = next(spans_from(rhythm, period.starts_on), None)
    if own is not None and (own.starts_on, own.ends_on) == (period.starts_on, period.ends_on):
        return own
    return next(spans_from(rhythm, period.ends_on), None)
