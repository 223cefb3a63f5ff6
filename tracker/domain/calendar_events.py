"""Facts about the working-day calendar."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar_changes import DayChange
from tracker.domain.events import Event


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
