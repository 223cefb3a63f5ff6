"""Facts that move moments all over the city: a calendar, an outage."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.calendar_changes import DayChange
from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPublished(Event):
    """The notice about a year was imported; `days` turn with it.

    The `moved` events that follow it in the log are the moments that move with it. `replaces` is the source of the
    notice whose place it takes, None where the year was estimated.
    """

    type = "calendar.published"
    year: int
    source: str
    issued_on: date
    days: tuple[DayChange, ...]
    moved: int
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageRecorded(Event):
    """The office recorded an outage; the `moved` events that follow it in the log are the moments that it moves.

    Completions that were returned and have no row, `reports`, are to be corrected by `new_due_at`; a log of before that
    tells of neither.
    """

    type = "outage.recorded"
    from_at: datetime
    until_at: datetime
    reason: str
    moved: int
    reports: tuple[int, ...] = ()
    new_due_at: datetime | None = None
