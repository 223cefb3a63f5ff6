"""Lights 「督办灯」: where an assignment stands, always computed and never stored.

Red means overdue and nothing else. While the ball is in the office's court a light does not worsen: it is shown as
it stood when the unit filed or asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, PERIOD_FILED, AssignmentState, PeriodState, TaskState
from tracker.domain.policy import ReminderPolicy


class LightColour(StrEnum):
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    GREY = "grey"
    BLUE = "blue"


class LightReason(StrEnum):
    """Why a light shows its colour; the facts of each are named in `tracker.messages`."""

    OVERDUE = "overdue"
    MISSED = "missed"
    CORRECTION_OVERDUE = "correction_overdue"
    DUE_SOON = "due_soon"
    BEHIND_PLAN = "behind_plan"
    RETURNED = "returned"
    RECEIPT_OVERDUE = "receipt_overdue"
    SILENT = "silent"
    LAPSED_AWAITS_CLOSING = "lapsed_awaits_closing"
    ON_TRACK = "on_track"
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


class Waiting(StrEnum):
    """What the office owes the unit while it has the ball."""

    REVIEW = "review"
    EXTENSION = "extension"
    DISPUTE = "dispute"


class NoFilingTime(ValueError):
    def __init__(self, state: PeriodState) -> None:
        super().__init__(f"a period that is {state.value} lies with the office, but since when is not said")


@dataclass(frozen=True, slots=True)
class Light:
    """A colour, its reason and the facts of the reason.

    `waiting` is set while the office owes the next step; the light is then the one of the moment it got the ball.
    """

    colour: LightColour
    reason: LightReason
    facts: Mapping[str, object] = field(default_factory=dict)
    waiting: Waiting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LightFacts:
    """What a light is decided from; all times are aware.

    `period_state` and `due_at` are those of the period that is owed or under review, None where there is none.
    `in_office_since` is when the office got the ball: a report filed, an extension asked in time, a dispute.
    `expected_percent` is the schedule at the earlier of `now` and `in_office_since`, 0–100.
    Raises NoFilingTime.
    """

    task_state: TaskState
    assignment_state: AssignmentState
    now: datetime
    period_state: PeriodState | None = None
    due_at: datetime | None = None
    receipt_due_at: datetime | None = None
    in_office_since: datetime | None = None
    extension_pending: bool = False
    percent_done: int | None = None
    expected_percent: int | None = None
    dormant: bool = False
    continuous: bool = False
    silent_quarters: int = 0

    def __post_init__(self) -> None:
        if self.period_state in PERIOD_FILED and self.in_office_since is None:
            raise NoFilingTime(self.period_state)

    @property
    def waiting(self) -> Waiting | None:
        """What the office owes; None while the unit has the ball."""
        if self.in_office_since is None:
            return None
        if self.assignment_state is AssignmentState.DISPUTED:
            return Waiting.DISPUTE
        return Waiting.EXTENSION if self.extension_pending else Waiting.REVIEW

    @property
    def seen_at(self) -> datetime:
        """The moment whose light is shown."""
        return self.now if self.in_office_since is None else min(self.now, self.in_office_since)


_BY_TASK = {
    TaskState.REGISTERED: Light(LightColour.GREY, LightReason.NOT_ISSUED),
    TaskState.PROPOSED: Light(LightColour.GREY, LightReason.NOT_ISSUED),
    TaskState.APPROVED: Light(LightColour.GREY, LightReason.NOT_ISSUED),
    TaskState.SUSPENDED: Light(LightColour.GREY, LightReason.SUSPENDED),
    TaskState.CANCELLED: Light(LightColour.GREY, LightReason.CANCELLED),
    TaskState.LAPSED: Light(LightColour.YELLOW, LightReason.LAPSED_AWAITS_CLOSING),
    TaskState.COMPLETED: Light(LightColour.BLUE, LightReason.COMPLETED),
    TaskState.CLOSED: Light(LightColour.BLUE, LightReason.CLOSED),
    TaskState.ARCHIVED: Light(LightColour.BLUE, LightReason.CLOSED),
}
_BY_PERIOD = {
    None: Light(LightColour.GREY, LightReason.NOT_STARTED),
    PeriodState.UPCOMING: Light(LightColour.GREY, LightReason.NOT_STARTED),
    PeriodState.WAIVED: Light(LightColour.GREY, LightReason.WAIVED),
    PeriodState.ACCEPTED: Light(LightColour.BLUE, LightReason.ACCEPTED),
    PeriodState.CLOSED: Light(LightColour.BLUE, LightReason.ACCEPTED),
}
_OVERDUE = {
    PeriodState.MISSED: LightReason.MISSED,
    PeriodState.RETURNED: LightReason.CORRECTION_OVERDUE,
}
_WORST_FIRST = tuple(LightColour)


def worse(a: Light, b: Light) -> Light:
    """Return the worse of two lights, `a` where they are alike; red, yellow, green, grey, blue."""
    return min(a, b, key=lambda light: _WORST_FIRST.index(light.colour))


def light(facts: LightFacts, *, calendar: WorkdayCalendar, policy: ReminderPolicy) -> Light:
    """Decide the light of an assignment: the worst of time, progress and receipt.

    What the task or the assignment as a whole has become comes before its periods.
    """
    settled = _settled(facts)
    if settled is not None:
        return settled
    shown = _continuous(facts, policy) if facts.continuous else _time(facts, calendar, policy)
    for other in (_progress(facts, policy), _receipt(facts)):
        if other is not None:
            shown = worse(shown, other)
    return replace(shown, waiting=facts.waiting)


def _settled(facts: LightFacts) -> Light | None:
    if facts.task_state in _BY_TASK:
        return _BY_TASK[facts.task_state]
    if facts.assignment_state in ASSIGNMENT_ENDED:
        return Light(LightColour.GREY, LightReason.RELEASED)
    if facts.assignment_state is AssignmentState.ACCEPTED:
        return Light(LightColour.BLUE, LightReason.ACCEPTED)
    return None


def _continuous(facts: LightFacts, policy: ReminderPolicy) -> Light:
    if facts.period_state is PeriodState.RETURNED and facts.due_at is not None:
        return Light(LightColour.YELLOW, LightReason.RETURNED, {"due_on": due_day(facts.due_at)})
    if facts.silent_quarters >= policy.warn_silent_quarters:
        return Light(LightColour.YELLOW, LightReason.SILENT, {"quarters": facts.silent_quarters})
    if facts.period_state is PeriodState.ACCEPTED:
        return _BY_PERIOD[PeriodState.ACCEPTED]
    return Light(LightColour.GREY, LightReason.CONTINUOUS)


def _time(facts: LightFacts, calendar: WorkdayCalendar, policy: ReminderPolicy) -> Light:
    if facts.dormant and facts.period_state is None:
        return Light(LightColour.GREY, LightReason.WAITING_FOR_EVENT)
    if facts.period_state in _BY_PERIOD:
        return _BY_PERIOD[facts.period_state]
    if facts.due_at is None:
        return Light(LightColour.GREEN, LightReason.ON_TRACK)
    due_on, today = due_day(facts.due_at), local_day(facts.seen_at)
    if facts.seen_at >= facts.due_at:
        late = calendar.workdays_between(due_on, today)
        reason = _OVERDUE.get(facts.period_state or PeriodState.OPEN, LightReason.OVERDUE)
        return Light(LightColour.RED, reason, {"due_on": due_on, "workdays_late": late})
    if facts.period_state is PeriodState.RETURNED:
        return Light(LightColour.YELLOW, LightReason.RETURNED, {"due_on": due_on})
    left = calendar.workdays_between(today, due_on)
    if left <= policy.warn_workdays:
        return Light(LightColour.YELLOW, LightReason.DUE_SOON, {"due_on": due_on, "workdays_left": left})
    return Light(LightColour.GREEN, LightReason.ON_TRACK, {"due_on": due_on})


def _progress(facts: LightFacts, policy: ReminderPolicy) -> Light | None:
    """Compare with the schedule 「序时进度」; a gap of any size is at most yellow."""
    if facts.percent_done is None or facts.expected_percent is None:
        return None
    gap = facts.expected_percent - facts.percent_done
    if gap < policy.warn_gap_points:
        return None
    return Light(LightColour.YELLOW, LightReason.BEHIND_PLAN, {"gap_points": gap})


def _receipt(facts: LightFacts) -> Light | None:
    if facts.assignment_state is not AssignmentState.PENDING_RECEIPT or facts.receipt_due_at is None:
        return None
    if facts.seen_at < facts.receipt_due_at:
        return None
    return Light(LightColour.YELLOW, LightReason.RECEIPT_OVERDUE, {"due_on": due_day(facts.receipt_due_at)})
