"""What a light is: its colour, the reason it burns, and what the office owes meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import reduce


class LightColour(StrEnum):
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    GREY = "grey"
    BLUE = "blue"


class LightReason(StrEnum):
    """Why a light shows its colour; the facts of each are named in `tracker.wording`."""

    OVERDUE = "overdue"
    CORRECTION_OVERDUE = "correction_overdue"
    NOT_COMPLETED = "not_completed"
    CLOSING_OVERDUE = "closing_overdue"
    FORM_OVERDUE = "form_overdue"
    FORM_UNCORRECTED = "form_uncorrected"
    MISSED = "missed"
    FILED_LATE = "filed_late"
    RETURNED = "returned"
    DUE_SOON = "due_soon"
    RECEIPT_OVERDUE = "receipt_overdue"
    LAPSED_AWAITS_CLOSING = "lapsed_awaits_closing"
    AWAITING_FIGURES = "awaiting_figures"
    UNDER_REVIEW = "under_review"
    IN_TIME = "in_time"
    NOTHING_DUE = "nothing_due"
    BEHIND_PLAN = "behind_plan"
    EXCEEDED = "exceeded"
    CLAIMED_BEHIND = "claimed_behind"
    NOT_BEGUN = "not_begun"
    DIFFICULT = "difficult"
    SILENT = "silent"
    ON_TRACK = "on_track"
    CLAIMED_DONE = "claimed_done"
    CLAIMED_ON_TRACK = "claimed_on_track"
    ONGOING = "ongoing"
    NOT_BEGUN_YET = "not_begun_yet"
    NO_CLAIM = "no_claim"
    NOT_ISSUED = "not_issued"
    NOT_STARTED = "not_started"
    WAITING_FOR_EVENT = "waiting_for_event"
    CONTINUOUS = "continuous"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    RELEASED = "released"
    WAIVED = "waived"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Waiting(StrEnum):
    """What the office owes the unit while it has the ball."""

    REVIEW = "review"
    EXTENSION = "extension"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class Light:
    """A colour, its reason and the facts of the reason; `waiting` is set while the office owes the next step."""

    colour: LightColour
    reason: LightReason
    facts: Mapping[str, object] = field(default_factory=dict)
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True)
class Lights:
    """The time light 「时限灯」 and the progress light 「进度灯」 of one share or task."""

    time: Light
    progress: Light

    @property
    def workdays_late(self) -> int:
        """For how many working days the time light is overdue; 0 where it is not red."""
        late = self.time.facts.get("workdays_late") if self.time.colour is LightColour.RED else None
        return late if isinstance(late, int) else 0

    @property
    def shown(self) -> Light:
        """The worse of the two: the progress light where it warns and time does not, else the time light."""
        warns = self.progress.colour is LightColour.YELLOW
        return worse(self.time, self.progress) if warns else self.time


_WORST_FIRST = tuple(LightColour)


def worse(a: Light, b: Light) -> Light:
    """Return the worse of two lights: red, yellow, green, grey, blue.

    Of two of one colour that have a moment each it is the one whose moment is the earlier, so that what a light says of
    its delay is the longest; else `a`.
    """
    if a.colour is not b.colour:
        return min(a, b, key=lambda light: _WORST_FIRST.index(light.colour))
    first, second = a.facts.get("due_at"), b.facts.get("due_at")
    if isinstance(first, datetime) and isinstance(second, datetime) and second < first:
        return b
    return a


def worst(candidates: Iterable[Light]) -> Light:
    """Return the worst of several lights, the first where they are alike."""
    return reduce(worse, candidates)
