"""Terms that an act opens for somebody's word, counted in working days.

A share is disputed, a lowered claim answered and a member's report verified within such a term. An outage gives it what
it gives to whatever is due.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.domain.calendar import WorkdayCalendar, at_local, end_of_day, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.outages import Relief, moved

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What terms are counted with: the calendar, and what the recorded outages move."""

    calendar: WorkdayCalendar
    reliefs: tuple[Relief, ...] = ()

    def last_day(self, since: date, *, workdays: int) -> date:
        """Return the last day in Shanghai, inclusive, of a term that an act of a day opened."""
        return due_day(self._end(since, workdays=workdays))

    def open_since(self, today: date, *, workdays: int) -> datetime:
        """Return the earliest time of an act whose term runs on a day."""
        struck = [local_day(one.after) for one in self.reliefs if due_day(moved(one.new_due_at, self.reliefs)) >= today]
        earliest, first = min([today, *struck]), today
        while self.calendar.add_workdays(first - _DAY, workdays) >= earliest:
            first -= _DAY
        return at_local(first, 0, 0)

    def _end(self, since: date, *, workdays: int) -> datetime:
        return moved(end_of_day(self.calendar.add_workdays(since, workdays)), self.reliefs)
