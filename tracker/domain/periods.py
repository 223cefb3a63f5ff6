"""Reporting periods 「期次」: which windows a cadence opens, and what filing, reviewing and extending do to one.

All days are calendar days in Asia/Shanghai; windows include their first and last day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tracker.domain.calendar import WorkdayCalendar, end_of_day, local_day
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import PeriodAction, PeriodState, advance_period

_ONE_DAY = timedelta(days=1)
_MONTHS = {
    CadenceKind.MONTHLY: 1,
    CadenceKind.BIMONTHLY: 2,
    CadenceKind.QUARTERLY: 3,
    CadenceKind.HALF_YEARLY: 6,
    CadenceKind.YEARLY: 12,
    CadenceKind.IRREGULAR: 3,
    CadenceKind.CONTINUOUS: 3,
}
_DAYS = {CadenceKind.DAILY: 1, CadenceKind.EVERY_2_DAYS: 2, CadenceKind.WEEKLY: 7}


class NotAnExtension(BadInput):
    """The new due date is not later than the old one; facts: due_on, new_due_on."""

    code = "not_an_extension"


class ExtensionTooLate(Rejected):
    """The extension was asked for after the due date; facts: due_on."""

    code = "extension_too_late"


@dataclass(frozen=True, slots=True)
class Window:
    """One reporting period of a series; `final` where it ends with the deadline of the item."""

    kind: CadenceKind
    starts_on: date
    ends_on: date
    final: bool = False
    stage: str = ""

    def label(self) -> str:
        """Return the stable code of the window in its series: 2022-09-15, 2022W35, 2022-09, 2022B5, 2022Q3, …"""
        year, month = self.starts_on.year, self.starts_on.month
        match self.kind:
            case CadenceKind.DAILY:
                return self.starts_on.isoformat()
            case CadenceKind.EVERY_2_DAYS:
                return f"{self.starts_on.isoformat()}D2"
            case CadenceKind.WEEKLY:
                iso = self.starts_on.isocalendar()
                return f"{iso.year}W{iso.week:02}"
            case CadenceKind.MONTHLY:
                return f"{year}-{month:02}"
            case CadenceKind.BIMONTHLY:
                return f"{year}B{(month + 1) // 2}"
            case CadenceKind.HALF_YEARLY:
                return f"{year}H{(month + 5) // 6}"
            case CadenceKind.YEARLY:
                return str(year)
            case CadenceKind.ONCE | CadenceKind.MIDTERM_AND_FINAL:
                return self.stage
            case _:
                return f"{year}Q{(month + 2) // 3}"


@dataclass(frozen=True, slots=True)
class FiledPeriod:
    state: PeriodState
    late: bool


@dataclass(frozen=True, slots=True)
class ReturnedPeriod:
    state: PeriodState
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DeadlineExtended:
    old_due_on: date
    new_due_on: date


def windows(
    kind: CadenceKind, *, issued_on: date, until: date | None, upto: date, plan: tuple[date, date] | None
) -> tuple[Window, ...]:
    """Return the windows of a series that have begun by `upto`, the one that contains `issued_on` first.

    `until` is the item's deadline: the window it falls into ends there and is the last. `plan` holds the first and
    the last day of the document's plan; a mid-term and a final window end with years of it. An odd number of years
    has the longer half first. A `once` without a deadline ends with the plan, and has no window without one.
    Kinds that an event starts have none, nor has a series whose deadline lies before `issued_on`.
    """
    if until is not None and until < issued_on:
        return ()
    found = []
    for window in _series(kind, issued_on=issued_on, until=until, plan=plan):
        if window.starts_on > upto:
            break
        if until is not None and until <= window.ends_on:
            found.append(replace(window, ends_on=until, final=True))
            break
        found.append(window)
    return tuple(found)


def next_ends_on(window: Window, *, issued_on: date, until: date | None, plan: tuple[date, date] | None) -> date | None:
    """Return the last day of the window that follows in the series; None where this is the last one."""
    if window.final:
        return None
    upto = window.ends_on + _ONE_DAY
    series = windows(window.kind, issued_on=issued_on, until=until, upto=upto, plan=plan)
    return next((later.ends_on for later in series if later.ends_on > window.ends_on), None)


def is_missed(state: PeriodState, *, due_at: datetime | None, next_ends_on: date | None, now: datetime) -> bool:
    """Tell whether an owed, overdue period is missed 「漏报」: the next window of its series has ended too."""
    if state not in (PeriodState.OPEN, PeriodState.RETURNED) or due_at is None or next_ends_on is None:
        return False
    return now >= due_at and now >= end_of_day(next_ends_on)


def file(state: PeriodState, *, now: datetime, due_at: datetime | None, nil: bool) -> FiledPeriod:
    """File a report, or a nil report 「零报告」, for a period; a missed one can only be filed late 「补报」.

    In time is what leaves the unit before `due_at`; a period without it is never late. Raises TransitionRefused.
    """
    if state is PeriodState.MISSED:
        return FiledPeriod(advance_period(state, PeriodAction.FILE_LATE), late=True)
    action = PeriodAction.SUBMIT_NIL if nil else PeriodAction.SUBMIT
    return FiledPeriod(advance_period(state, action), late=due_at is not None and now >= due_at)


def accept(state: PeriodState) -> PeriodState:
    """Accept what was filed 「审核通过」. Raises TransitionRefused."""
    return advance_period(state, PeriodAction.ACCEPT)


def return_(
    state: PeriodState,
    *,
    now: datetime,
    due_at: datetime | None,
    calendar: WorkdayCalendar,
    correction_workdays: int,
) -> ReturnedPeriod:
    """Return what was filed 「退回」; it is due again at the end of the correction time, or later if it was.

    Raises TransitionRefused.
    """
    mended_by = end_of_day(calendar.add_workdays(local_day(now), correction_workdays))
    due_again_at = mended_by if due_at is None else max(due_at, mended_by)
    return ReturnedPeriod(advance_period(state, PeriodAction.RETURN), due_again_at)


def extend(due_on: date, *, asked_on: date, new_due_on: date) -> DeadlineExtended:
    """Move a due date later 「延期」; it must be asked for by the due date.

    All dates are calendar days in Asia/Shanghai, due dates inclusive. Raises NotAnExtension, ExtensionTooLate.
    """
    if new_due_on <= due_on:
        raise NotAnExtension(due_on=due_on, new_due_on=new_due_on)
    if asked_on > due_on:
        raise ExtensionTooLate(due_on=due_on)
    return DeadlineExtended(old_due_on=due_on, new_due_on=new_due_on)


def _series(
    kind: CadenceKind, *, issued_on: date, until: date | None, plan: tuple[date, date] | None
) -> Iterator[Window]:
    if kind in _MONTHS:
        yield from _by_months(kind, issued_on)
    elif kind in _DAYS:
        monday = issued_on - timedelta(days=issued_on.weekday())
        yield from _by_days(kind, monday if kind is CadenceKind.WEEKLY else issued_on)
    elif kind is CadenceKind.ONCE:
        ends_on = until or (plan[1] if plan else None)
        if ends_on is not None and ends_on >= issued_on:
            yield Window(kind, issued_on, ends_on, final=True, stage="once")
    elif kind is CadenceKind.MIDTERM_AND_FINAL:
        years = plan or ((issued_on, until) if until else None)
        if years is not None:
            yield from (window for window in _evaluations(*years) if window.ends_on >= issued_on)


def _by_months(kind: CadenceKind, issued_on: date) -> Iterator[Window]:
    step = _MONTHS[kind]
    month = issued_on.year * 12 + (issued_on.month - 1) // step * step
    while True:
        yield Window(kind, _first_of(month), _first_of(month + step) - _ONE_DAY)
        month += step


def _by_days(kind: CadenceKind, starts_on: date) -> Iterator[Window]:
    step = timedelta(days=_DAYS[kind])
    while True:
        yield Window(kind, starts_on, starts_on + step - _ONE_DAY)
        starts_on += step


def _evaluations(starts_on: date, ends_on: date) -> Iterator[Window]:
    kind = CadenceKind.MIDTERM_AND_FINAL
    middle = starts_on.year + (ends_on.year - starts_on.year) // 2
    if middle < ends_on.year:
        yield Window(kind, starts_on, date(middle, 12, 31), stage=f"{middle}midterm")
    yield Window(kind, starts_on, date(ends_on.year, 12, 31), stage=f"{ends_on.year}final")


def _first_of(month: int) -> date:
    """Return the first day of a month counted from the year 0, January being 0."""
    return date(month // 12, month % 12 + 1, 1)
