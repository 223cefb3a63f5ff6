"""One pass of the scheduler: everything that should exist by now, in one place and in order."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.policy import ReminderPolicy
from tracker.domain.reminders import digest_at
from tracker.store import event_log
from tracker.usecases.deadlines import lapse_expired, open_periods, record_missed, record_overdue
from tracker.usecases.reminding import Outgoing, plan_digests
from tracker.usecases.rolling_up import roll_up_week


@dataclass(frozen=True, slots=True)
class Swept:
    """How much a pass found to do."""

    lapsed: int
    opened: int
    overdue: int
    missed: int
    reminders: int

    def __add__(self, other: "Swept") -> "Swept":
        """Add up passes; what is overdue is a state, not a count of events: the later pass says how much."""
        return Swept(
            self.lapsed + other.lapsed,
            self.opened + other.opened,
            other.overdue,
            self.missed + other.missed,
            self.reminders + other.reminders,
        )


def sweep(
    session: Session, *, now: datetime, calendar: WorkdayCalendar, policy: ReminderPolicy, outgoing: Outgoing
) -> Swept:
    """Lapse, open, record overdue and missed, remind and roll up, by the given time.

    Idempotent: each step states what should exist and adds only what does not, so passes may be repeated, skipped
    or run side by side.
    """
    lapsed = lapse_expired(session, now=now)
    opened = open_periods(session, now=now, calendar=calendar, policy=policy)
    overdue = record_overdue(session, now=now)
    missed = record_missed(session, now=now)
    event_log.write(session)  # the digest mentions what has just opened
    reminders = plan_digests(session, now=now, calendar=calendar, policy=policy, outgoing=outgoing)
    roll_up_week(session, now=now)
    return Swept(lapsed, opened, overdue, missed, reminders)


def sweep_through(
    session: Session,
    *,
    since: datetime,
    to: datetime,
    calendar: WorkdayCalendar,
    policy: ReminderPolicy,
    outgoing: Outgoing,
) -> Swept:
    """Make every pass between two times: one at each working day's digest, one at the end."""
    swept = Swept(0, 0, 0, 0, 0)
    day = local_day(since)
    while (at := digest_at(day, policy=policy)) < to:
        if at > since and calendar.is_workday(day):
            swept += sweep(session, now=at, calendar=calendar, policy=policy, outgoing=outgoing)
        day += timedelta(days=1)
    return swept + sweep(session, now=to, calendar=calendar, policy=policy, outgoing=outgoing)
