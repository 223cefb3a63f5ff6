"""Facts about the machinery: clock, messages, the change of reckoning."""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMoved(Event):
    """The demonstration clock was set; never recorded in production."""

    type = "clock.moved"
    to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderResent(Event):
    """The office let a message whose outcome was unknown go once more 「补发」."""

    type = "reminder.resent"
    reminder_id: int
    ukey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSettled(Event):
    """The office confirmed that a message whose outcome was unknown did arrive 「确认已收」."""

    type = "reminder.settled"
    reminder_id: int
    ukey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersSealed(Event):
    """What these messages say, to whom and for when, is kept by its digest (SHA-256, hex), one for each."""

    type = "reminder.sealed"
    reminder_ids: tuple[int, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReckoningSwitched(Event):
    """From here on series are reckoned; what was owed before is history."""

    type = "reckoning.switched"
    legacy_periods: int
    series: int
    waived: int = 0
    reviews: int = 0
    requests: int = 0

    def key(self) -> str:
        return "reckoning.switched"
