"""Events that start the clocks of waiting tasks: when one may have happened, and what its recording asks for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import dropwhile
from typing import Any

from tracker.domain.cadences import Span, spans_from
from tracker.domain.calendar import SHANGHAI, full_date, local_day, local_words
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.items import CadenceKind

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


@dataclass(frozen=True, slots=True)
class EventClock:
    """The moment of a clock by the text, counted from the event, and the one that is asked; both aware."""

    scheduled_at: datetime
    due_at: datetime

    @property
    def runs_anew(self) -> bool:
        """Whether it had run out when the event was recorded, so that it counts from then on."""
        return self.due_at != self.scheduled_at


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAnew:
    """A clock that had run out when its event was recorded; `n` counts the hours or working days of its rhythm."""

    kind: str
    n: int
    scheduled_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class AskedLate:
    """What of an event's clocks counts from its recording; `first_on` begins the first window of a running rhythm.

    `first_on` is a day in Asia/Shanghai, None where no window was over before the recording.
    """

    clocks: tuple[RunAnew, ...] = ()
    first_on: date | None = None


def event_clock(ends: Callable[[datetime], datetime], *, occurred_at: datetime, recorded_at: datetime) -> EventClock:
    """Give a clock its moments; `ends` says when it runs out that starts at a time.

    Nobody is late for a demand that he could not know: what had run out when the event was recorded runs for the same
    span from the recording on, what had not stays by the text.
    """
    scheduled_at = ends(occurred_at)
    return EventClock(scheduled_at, scheduled_at if scheduled_at > recorded_at else ends(recorded_at))


def asked_spans(kind: CadenceKind, *, occurred_on: date, asked_on: date) -> Iterator[Span]:
    """Yield the windows of a running rhythm without end, counted from an event's day, from the one of `asked_on` on.

    What was over before the event was recorded is asked of nobody. Both are days in Asia/Shanghai.
    """
    return dropwhile(lambda span: span.ends_on < asked_on, spans_from(kind, occurred_on))


def event_code(occurred_at: datetime) -> str:
    """Return the code of a form that an event asks for once: its minute by the clock in Shanghai, E2022-10-30T20:30."""
    return f"E{occurred_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def told_late(facts: Mapping[str, Any]) -> AskedLate:  # Any: JSON of the log
    """Return what the recording of an event told of clocks that count from then on; the log of before tells nothing."""
    clocks = tuple(
        RunAnew(
            kind=clock["kind"],
            n=clock["n"],
            scheduled_at=datetime.fromisoformat(clock["scheduled_at"]),
            due_at=datetime.fromisoformat(clock["due_at"]),
        )
        for clock in facts.get("anew") or ()
    )
    first_on = facts.get("first_on")
    return AskedLate(clocks, date.fromisoformat(first_on) if first_on else None)
