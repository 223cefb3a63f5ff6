"""Events that start the clocks of waiting tasks: when one may have happened, and which one is known already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.domain.calendar import full_date, local_day, local_words
from tracker.domain.errors import BadInput, Rejected

# An office records yesterday's storm on Monday, and after a holiday or a bad connection one of some weeks ago. What is
# older is a slip of the hand: each day back is a daily form of every unit that reports.
MOST_DAYS_BACK = 31


class EventInTheFuture(BadInput):
    """Nothing is recorded before it has happened; facts: occurred."""

    code = "event_in_the_future"


class EventBeforeIssue(BadInput):
    """The document asked nothing of anybody yet; facts: occurred, issued_on."""

    code = "event_before_issue"


class EventTooOld(BadInput):
    """The event lies further back than anybody records one; facts: occurred, earliest, days."""

    code = "event_too_old"


class EventRecordedAlready(Rejected):
    """The task has an event of this moment; facts: occurred."""

    code = "event_recorded_already"


class EventStillRunning(Rejected):
    """Daily reports run for an earlier event that is not over; facts: occurred."""

    code = "event_still_running"


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """An event that is recorded for a task."""

    occurred_at: datetime
    is_over: bool


def check_occurrence(occurred_at: datetime, *, now: datetime, issued_on: date | None) -> None:
    """Refuse a moment to come, one before the document's day, and one more than `MOST_DAYS_BACK` days ago.

    Raises EventInTheFuture, EventBeforeIssue, EventTooOld.
    """
    day, earliest = local_day(occurred_at), local_day(now) - timedelta(days=MOST_DAYS_BACK)
    if occurred_at > now:
        raise EventInTheFuture(occurred=local_words(occurred_at))
    if issued_on is not None and day < issued_on:
        raise EventBeforeIssue(occurred=local_words(occurred_at), issued_on=full_date(issued_on))
    if day < earliest:
        raise EventTooOld(occurred=local_words(occurred_at), earliest=full_date(earliest), days=MOST_DAYS_BACK)


def check_new(occurred_at: datetime, known: Iterable[KnownEvent], *, runs: bool) -> None:
    """Refuse an event that is recorded already; `runs` where the task is reported on daily until the event is over.

    Two storms may follow each other closely and each starts clocks of its own, but two daily reports on one task would
    ask for the same fact twice (国务院令第733号 第十五条). Raises EventRecordedAlready, EventStillRunning.
    """
    for event in known:
        if event.occurred_at == occurred_at:
            raise EventRecordedAlready(occurred=local_words(occurred_at))
        if runs and not event.is_over:
            raise EventStillRunning(occurred=local_words(event.occurred_at))
