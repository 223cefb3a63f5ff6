"""Facts about leave, deputies and the hand-over of somebody's work. None says what the work is about."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSet(Event):
    """Somebody is away from a day to a day, both inclusive; `deputy_id` acts for him, where somebody does.

    `follows` is the leave that goes on as this one, with another deputy or without; None where it is leave anew.
    """

    type = "account.absence_set"
    absence_id: int
    user_id: int
    deputy_id: int | None
    first_on: date
    last_on: date
    reason: str
    address: str | None = None
    follows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceEnded(Event):
    """Leave ended before its last day, and with it what its deputy might do in another's name.

    `goes_on`: with this deputy only, and the person stays away (`AbsenceSet.follows`).
    """

    type = "account.absence_ended"
    absence_id: int
    user_id: int
    deputy_id: int | None
    address: str | None = None
    goes_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingBegan(Event):
    """A deputy acts in the name of another from now on: events bear both names."""

    type = "account.acting_began"
    user_id: int
    for_id: int
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingEnded(Event):
    """A deputy acts in his own name again."""

    type = "account.acting_ended"
    user_id: int
    for_id: int
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkHandedOver(Event):
    """All that was open with a person is another's; `messages` were unread, `listed` stand on the sheet.

    `message_ids` are those of the messages that are the other's now, the rest he had been told himself; `sealed` is the
    digest of the sheet. None of either where it was told before that was kept.
    """

    type = "account.handed_over"
    handover_id: int
    user_id: int
    to_id: int
    messages: int
    listed: int
    reason: str
    address: str | None = None
    message_ids: tuple[int, ...] | None = None
    sealed: str | None = None
