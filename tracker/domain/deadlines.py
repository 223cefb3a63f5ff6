"""When something falls due: periods by policy, deadlines of the document, clocks that an event starts."""

from datetime import date, datetime, timedelta

from tracker.domain.calendar import DayOffRule, NaiveTime, WorkdayCalendar, end_of_day, local_day
from tracker.domain.items import CadenceKind
from tracker.domain.periods import Window
from tracker.domain.policy import ReminderPolicy


def due(window: Window, *, policy: ReminderPolicy, calendar: WorkdayCalendar, day_off_rule: DayOffRule) -> date | None:
    """Return the day by whose end a window is to be reported; None for a continuous one, which never falls due.

    That is the policy's n-th working day after its end, n = 0 being its last day, working or not. A window that
    ends with the item's deadline is due on the deadline, moved off a day off by the document's rule.
    """
    if window.kind is CadenceKind.CONTINUOUS:
        return None
    if window.final:
        return calendar.move(window.ends_on, day_off_rule)
    return calendar.add_workdays(window.ends_on, policy.due_workdays_after_end[window.kind])


def due_day(due_at: datetime) -> date:
    """Return the last day on which something due before `due_at` is still in time, wholly or in part."""
    return local_day(due_at - timedelta(microseconds=1))


def hour_clock(n: int, *, occurred_at: datetime) -> datetime:
    """Return the instant n hours after an event; nights and holidays count. Raises NaiveTime."""
    if occurred_at.utcoffset() is None:
        raise NaiveTime(occurred_at)
    return occurred_at + timedelta(hours=n)


def workday_clock(n: int, *, occurred_at: datetime, calendar: WorkdayCalendar) -> datetime:
    """Return the end of the n-th working day after the day of an event. Raises NaiveTime."""
    return end_of_day(calendar.add_workdays(local_day(occurred_at), n))
