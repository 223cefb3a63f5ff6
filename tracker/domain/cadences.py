"""Rhythms 「频次」: one record each. What a new one needs: `docs/architecture.md`, “Changing it”.

Windows include their first and last day; all days are calendar days in Asia/Shanghai.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.items import CadenceKind

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day of one window of a rhythm; `stage` names an evaluation, midterm or final."""

    starts_on: date
    ends_on: date
    stage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What a rhythm is.

    `series` is the rhythm of the form its rows stand in: lasting and irregular work is reported in the quarterly form
    until the office sets an interval. None: it opens no form by the calendar; an event, a day or a case does.
    `spans` yields its windows from the one that holds a day on. `act`: what is missed stays owed, because something
    is to be done each time; otherwise a later account closes the gap.
    `soft`: the form may turn red, the matter itself never does.
    `emergency`: started by an event it is the clock of an emergency, which nights and holidays do not stop, and for
    which nobody gets more time.
    `selectable`: the office may set it as the interval in which a task is reported.
    """

    kind: CadenceKind
    series: CadenceKind | None
    spans: Callable[[date], Iterator[Span]] | None = None
    label: Callable[[date], str] | None = None
    act: bool = True
    soft: bool = False
    event_bound: bool = False
    emergency: bool = False
    half_rule: bool = False
    selectable: bool = False


def _months(step: int) -> Callable[[date], Iterator[Span]]:
    def spans(day: date) -> Iterator[Span]:
        month = day.year * 12 + (day.month - 1) // step * step
        while True:
            yield Span(_first_of(month), _first_of(month + step) - _ONE_DAY)
            month += step

    return spans


def _days(step: int) -> Callable[[date], Iterator[Span]]:
    def spans(day: date) -> Iterator[Span]:
        while True:
            yield Span(day, day + timedelta(days=step - 1))
            day += timedelta(days=step)

    return spans


def _weeks(day: date) -> Iterator[Span]:
    yield from _days(7)(day - timedelta(days=day.weekday()))


def _thirds_of_months(day: date) -> Iterator[Span]:
    """Yield 旬: the 1st to the 10th, the 11th to the 20th, the 21st to the month's end."""
    for month in _months(1)(day):
        for first, last in ((1, 10), (11, 20), (21, month.ends_on.day)):
            span = Span(month.starts_on.replace(day=first), month.starts_on.replace(day=last))
            if span.ends_on >= day:
                yield span


def _week_label(day: date) -> str:
    iso = day.isocalendar()
    return f"{iso.year}W{iso.week:02}"


def _quarter_label(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def _third_label(day: date) -> str:
    return f"{day.year}-{day.month:02}T{min((day.day + 9) // 10, 3)}"


_K = CadenceKind
_QUARTERS = _months(3)

# Those that open forms of their own stand from the shortest to the longest.
RHYTHMS: Mapping[CadenceKind, Rhythm] = {
    rhythm.kind: rhythm
    for rhythm in (
        Rhythm(kind=_K.DAILY, series=_K.DAILY, spans=_days(1), label=date.isoformat, emergency=True),
        Rhythm(
            kind=_K.EVERY_2_DAYS,
            series=_K.EVERY_2_DAYS,
            spans=_days(2),
            label=lambda day: f"{day.isoformat()}D2",
            emergency=True,
        ),
        Rhythm(kind=_K.WEEKLY, series=_K.WEEKLY, spans=_weeks, label=_week_label, half_rule=True),
        Rhythm(
            kind=_K.EVERY_10_DAYS,
            series=_K.EVERY_10_DAYS,
            spans=_thirds_of_months,
            label=_third_label,
            half_rule=True,
            selectable=True,
        ),
        Rhythm(
            kind=_K.MONTHLY,
            series=_K.MONTHLY,
            spans=_months(1),
            label=lambda day: f"{day.year}-{day.month:02}",
            half_rule=True,
            selectable=True,
        ),
        Rhythm(
            kind=_K.BIMONTHLY,
            series=_K.BIMONTHLY,
            spans=_months(2),
            label=lambda day: f"{day.year}B{(day.month + 1) // 2}",
            half_rule=True,
            selectable=True,
        ),
        Rhythm(
            kind=_K.QUARTERLY,
            series=_K.QUARTERLY,
            spans=_QUARTERS,
            label=_quarter_label,
            half_rule=True,
            selectable=True,
        ),
        Rhythm(
            kind=_K.HALF_YEARLY,
            series=_K.HALF_YEARLY,
            spans=_months(6),
            label=lambda day: f"{day.year}H{(day.month + 5) // 6}",
            selectable=True,
        ),
        Rhythm(
            kind=_K.YEARLY,
            series=_K.YEARLY,
            spans=_months(12),
            label=lambda day: str(day.year),
            selectable=True,
        ),
        Rhythm(kind=_K.MIDTERM_AND_FINAL, series=_K.MIDTERM_AND_FINAL),
        Rhythm(kind=_K.ONCE, series=_K.ONCE),
        Rhythm(kind=_K.WITHIN_HOURS, series=None, event_bound=True, emergency=True),
        Rhythm(kind=_K.WITHIN_WORKDAYS, series=None, event_bound=True),
        Rhythm(kind=_K.ON_EVENT, series=None, event_bound=True),
        Rhythm(
            kind=_K.IRREGULAR,
            series=_K.QUARTERLY,
            act=False,
            soft=True,
            half_rule=True,
            spans=_QUARTERS,
            label=_quarter_label,
        ),
        Rhythm(
            kind=_K.CONTINUOUS,
            series=_K.QUARTERLY,
            act=False,
            soft=True,
            half_rule=True,
            spans=_QUARTERS,
            label=_quarter_label,
        ),
    )
}


EMERGENCY: frozenset[CadenceKind] = frozenset(kind for kind, rhythm in RHYTHMS.items() if rhythm.emergency)


def is_emergency_clock(kind: CadenceKind, *, by_event: bool) -> bool:
    """Say whether a series of a rhythm is the clock of an emergency; `by_event` where an event started it."""
    return by_event and RHYTHMS[kind].emergency


def spans_from(kind: CadenceKind, day: date) -> Iterator[Span]:
    """Yield the windows of a rhythm without end, the one that holds `day` first; none where no calendar opens it."""
    spans = RHYTHMS[kind].spans
    if spans is not None:
        yield from spans(day)


def label(kind: CadenceKind, starts_on: date) -> str:
    """Return a window's stable code in its series: 2022-09-15, 2022W35, 2022-09T1, 2022-09, 2022B5, 2022Q3, 2022H1."""
    write = RHYTHMS[kind].label
    return starts_on.isoformat() if write is None else write(starts_on)


def _first_of(month: int) -> date:
    """Return the first day of a month counted from the year 0, January being 0."""
    return date(month // 12, month % 12 + 1, 1)
