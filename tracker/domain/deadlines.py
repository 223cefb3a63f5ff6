"""Clocks that an event starts, and the day something due at a moment is due on."""

from datetime import date, datetime, timedelta

from tracker.domain.calendar import NaiveTime, WorkdayCalendar, end_of_day, local_day


def due_day(due_at: datetime) -> date:
    """Return the last day on which something due before `due_at` is still in time, wholly or in part."""
    return local_day(due_at - timedelta(microseconds=1))


def is_whole_day(due_at: datetime) -> bool:
    """Tell whether a moment is the end of a day; that of an hour clock lies within one."""
    return due_at == end_of_day(due_day(due_at))


def needs_deadline(due_on: date | None, *, ended_on: date | None, today: date) -> bool:
    """Tell whether nothing would be owed for a task that goes on: its document or plan is over, no deadline is ahead.

    All are days in Asia/Shanghai, inclusive; `ended_on` is the last day of the document or plan, None without one.
    """
    return ended_on is not None and ended_on < today and (due_on is None or due_on < today)


def hour_clock(n: int, *, occurred_at: datetime) -> datetime:
    """Return the instant n hours after an event; nights and holidays count. Raises NaiveTime."""
    if occurred_at.utcoffset() is None:
        raise NaiveTime(occurred_at)
    return occurred_at + timedelta(hours=n)


def receipt_due_at(got_on: date, *, workdays: int, calendar: WorkdayCalendar) -> datetime:
    """Return the moment by which a unit signs 「签收」 for a share: the end of the n-th working day after."""
    return end_of_day(calendar.add_workdays(got_on, workdays))


def workday_clock(n: int, *, occurred_at: datetime, calendar: WorkdayCalendar) -> datetime:
    """Return the end of the n-th working day after the day of an event. Raises NaiveTime."""
    return end_of_day(calendar.add_workdays(local_day(occurred_at), n))
