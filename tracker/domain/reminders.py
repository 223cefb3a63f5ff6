"""Reminders 「提醒」: what of an owed series a liaison hears on a day, and how high a delay has climbed.

Digests go out at the policy's time on working days; on days off only what emergency clocks owe stands in them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.domain.cadences import RHYTHMS
from tracker.domain.calendar import SHANGHAI, WorkdayCalendar, at_local, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.items import CadenceKind
from tracker.domain.policy import ReminderPolicy

_SOON_WORKDAYS = 3


class DigestHeading(StrEnum):
    """The headings of a digest, in the order they stand in it: what can still be saved comes first."""

    DUE_TODAY = "due_today"
    THREE_DAYS = "three_days"
    RETURNED = "returned"
    OVERDUE = "overdue"
    NEW = "new"
    WINDOW = "window"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFacts:
    """What one form of a series asks for by `due_at`; `since` is that moment once it is past.

    `opens_at` is when reports on the form are first taken, `returned_at` when its latest return was made. `paused`
    while the head of the unit holds the envelope.
    """

    kind: CadenceKind
    starts_on: date
    ends_on: date
    due_at: datetime
    opens_at: datetime
    since: datetime | None = None
    correction: bool = False
    returned_at: datetime | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """A line of a digest: `workdays` are those left before its moment, under `overdue` those of delay."""

    heading: DigestHeading
    due_at: datetime
    workdays: int
    level: int = 0


def digest_entry(
    facts: ReminderFacts, *, today: date, policy: ReminderPolicy, calendar: WorkdayCalendar
) -> DigestEntry | None:
    """Decide whether the digest of `today` mentions a form of a series, and under which heading.

    It does on the windows of its rhythm, on the due day (or the last working day before, where that is a day off), on
    the ladder's days of delay and every `repeat_workdays` after, and once when its form opens or is returned. An
    emergency clock knows no days off: it is heard of on the due day itself and on every day of delay up to the end of
    the ladder.
    """
    if facts.paused:
        return None
    if RHYTHMS[facts.kind].emergency:
        return _of_emergency(facts, today=today, policy=policy, calendar=calendar)
    if not calendar.is_workday(today):
        return None
    due_on = due_day(facts.due_at)
    if facts.since is not None:
        late = calendar.workdays_between(due_on, today)
        level = escalation_level(late, policy=policy)
        return DigestEntry(DigestHeading.OVERDUE, facts.due_at, late, level) if _is_urged(late, policy) else None
    left = calendar.workdays_between(today, due_on)
    if left <= 0:
        return DigestEntry(DigestHeading.DUE_TODAY, facts.due_at, 0)
    if left in _windows(facts, policy=policy, calendar=calendar):
        return DigestEntry(_heading(facts, left), facts.due_at, left)
    since = digest_at(calendar.previous_workday(today), policy=policy)
    return _news(facts, since=since, until=digest_at(today, policy=policy), left=left)


def escalation_level(workdays_late: int, *, policy: ReminderPolicy) -> int:
    """Return the ladder's level after so many working days of delay; 0 before the first."""
    step = policy.step(workdays_late=workdays_late)
    return step.level if step else 0


def digest_at(day: date, *, policy: ReminderPolicy, hour: int | None = None) -> datetime:
    """Return the UTC time at which a day's digests go out, or that of a person who chose an hour.

    An hour that the policy does not offer (any more) is none.
    """
    if hour in policy.digest_hours:
        return at_local(day, hour, 0)
    return at_local(day, policy.digest_time.hour, policy.digest_time.minute)


def clock_hour(due_at: datetime, *, now: datetime, policy: ReminderPolicy) -> int | None:
    """Return the last of the policy's hours around the moment of an hour clock that has come; None before the first."""
    come = [hours for hours in policy.clock_hours if due_at + timedelta(hours=hours) <= now]
    return come[-1] if come else None


def in_quiet_hours(at: datetime, *, policy: ReminderPolicy, calendar: WorkdayCalendar) -> bool:
    """Tell whether messages other than of an emergency wait: evenings, nights, days off. Raises NaiveTime."""
    if not calendar.is_workday(local_day(at)):
        return True
    clock = at.astimezone(SHANGHAI).time()
    return not policy.quiet_until <= clock < policy.quiet_from


def digest_key(*, on: date, user_id: int, channel: str) -> str:
    """Return the unique key of a digest: one per person, channel and day."""
    return f"digest:{on.isoformat()}:{user_id}:{channel}"


def notice_key(rule: str, *, subject_id: int | str, user_id: int, channel: str) -> str:
    """Return the unique key of a single message about one thing, such as a new assignment or a returned report."""
    return f"{rule}:{subject_id}:{user_id}:{channel}"


def _is_urged(workdays_late: int, policy: ReminderPolicy) -> bool:
    last = policy.ladder[-1].workdays_late
    if workdays_late > last:
        return (workdays_late - last) % policy.repeat_workdays == 0
    return any(step.workdays_late == workdays_late for step in policy.ladder)


def _windows(facts: ReminderFacts, *, policy: ReminderPolicy, calendar: WorkdayCalendar) -> tuple[int, ...]:
    interval = calendar.workdays_between(facts.starts_on - timedelta(days=1), facts.ends_on)
    return policy.windows_for(facts.kind, interval_workdays=interval)


def _heading(facts: ReminderFacts, left: int) -> DigestHeading:
    if facts.correction:
        return DigestHeading.RETURNED
    return DigestHeading.THREE_DAYS if left <= _SOON_WORKDAYS else DigestHeading.WINDOW


def _of_emergency(
    facts: ReminderFacts, *, today: date, policy: ReminderPolicy, calendar: WorkdayCalendar
) -> DigestEntry | None:
    due_on = due_day(facts.due_at)
    if facts.since is not None:
        late = calendar.workdays_between(due_on, today)
        heard = late <= policy.ladder[-1].workdays_late or (calendar.is_workday(today) and _is_urged(late, policy))
        level = escalation_level(late, policy=policy)
        return DigestEntry(DigestHeading.OVERDUE, facts.due_at, late, level) if heard else None
    if due_on <= today:
        return DigestEntry(DigestHeading.DUE_TODAY, facts.due_at, 0)
    since, until = (digest_at(day, policy=policy) for day in (today - timedelta(days=1), today))
    left = calendar.workdays_between(today, due_on)
    return _news(facts, since=since, until=until, left=left)


def _news(facts: ReminderFacts, *, since: datetime, until: datetime, left: int) -> DigestEntry | None:
    """Mention what happened since the digest before: that a report was returned, else that its form was opened."""
    if facts.returned_at is not None and since < facts.returned_at <= until:
        return DigestEntry(DigestHeading.RETURNED, facts.due_at, left)
    if not facts.correction and since < facts.opens_at <= until:
        return DigestEntry(DigestHeading.NEW, facts.due_at, left)
    return None
