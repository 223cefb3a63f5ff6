"""One pass of the scheduler: everything that should exist by now, in one place and in order."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.policy import ReminderPolicy
from tracker.usecases.deadlines import lapse_expired, open_periods, record_missed, record_overdue


@dataclass(frozen=True, slots=True)
class Swept:
    """How much a pass found to do."""

    lapsed: int
    opened: int
    overdue: int
    missed: int


def sweep(session: Session, *, now: datetime, calendar: WorkdayCalendar, policy: ReminderPolicy) -> Swept:
    """Lapse, open, record overdue and missed, by the given time.

    Idempotent: each step states what should exist and adds only what does not, so passes may be repeated, skipped
    or run side by side.
    """
    lapsed = lapse_expired(session, now=now)
    opened = open_periods(session, now=now, calendar=calendar, policy=policy)
    overdue = record_overdue(session, now=now)
    missed = record_missed(session, now=now)
    return Swept(lapsed, opened, overdue, missed)
