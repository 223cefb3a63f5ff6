"""What a newly published calendar changes: days that turn, and moments that follow them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from tracker.domain.calendar import WorkdayCalendar, end_of_day, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.errors import Rejected
from tracker.domain.holidays import HolidayNotice
from tracker.domain.policy import ReminderPolicy


class CalendarYearPublished(Rejected):
    """A year has a notice that says something else; it is replaced only on purpose. Facts: year, source."""

    code = "calendar_year_published"


RETURNED, GRACE, RESET = "returned", "grace", "reset"
# Which count of the policy an act starts. What an extension or the office set is a day that was granted: it stays.
_CLOCKS: Mapping[str, Callable[[ReminderPolicy], int]] = MappingProxyType(
    {
        RETURNED: lambda policy: policy.correction_workdays,
        "task_resumed": lambda policy: policy.correction_workdays,
        GRACE: lambda policy: policy.decision_grace_workdays,
        RESET: lambda policy: policy.arrears_workdays,
    }
)


@dataclass(frozen=True, slots=True)
class Clock:
    """What gave a row its moment: the act, its day in Asia/Shanghai, and the moment before which it never ends."""

    cause: str
    began_on: date
    floor: datetime | None = None

    def ends_on(self, *, calendar: WorkdayCalendar, policy: ReminderPolicy) -> date | None:
        """Return the last day by a calendar; None where the act named a day instead of counting working days."""
        counted = _CLOCKS.get(self.cause)
        if counted is None:
            return None
        ends_on = calendar.add_workdays(self.began_on, counted(policy))
        return ends_on if self.floor is None else max(ends_on, due_day(self.floor))


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that was worked and is off, or the other way round; `name` is the holiday's, empty for a make-up day."""

    day: date
    off: bool
    name: str


def fresh_notices(
    notices: Iterable[HolidayNotice], *, calendar: WorkdayCalendar, replace: bool
) -> tuple[HolidayNotice, ...]:
    """Return the notices that say something new, in order of their years.

    Raises CalendarYearPublished where one contradicts a published year and is not meant to replace it.
    """
    found = []
    for notice in sorted(notices, key=lambda notice: notice.year):
        known = calendar.notices.get(notice.year)
        if notice.agrees_with(known):
            continue
        if known is not None and not replace:
            raise CalendarYearPublished(year=notice.year, source=known.source)
        found.append(notice)
    return tuple(found)


def day_changes(notice: HolidayNotice, *, old: WorkdayCalendar, new: WorkdayCalendar) -> tuple[DayChange, ...]:
    """Return the days of a notice's year, and of the December before it, that turn."""
    first = date(notice.year - 1, 12, 1)
    days = (first + timedelta(days=offset) for offset in range((date(notice.year, 12, 31) - first).days + 1))
    return tuple(
        DayChange(day, not new.is_workday(day), notice.name_of(day))
        for day in days
        if old.is_workday(day) is not new.is_workday(day)
    )


def moved_moment(due_at: datetime, *, computed_on: date, now: datetime, calendar: WorkdayCalendar) -> datetime:
    """Return the moment of what was due at a future `due_at` and is due on `computed_on` by the new calendar.

    It may come later at will, but earlier never to before the end of the next working day: nobody can be on time for a
    moment that has passed before they hear of it.
    """
    computed_at = end_of_day(computed_on)
    if computed_at >= due_at:
        return computed_at
    return min(due_at, max(computed_at, end_of_day(calendar.next_workday(local_day(now)))))
