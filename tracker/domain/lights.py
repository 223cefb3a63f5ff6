"""Two lights 「时限灯、进度灯」: how time and how the work stand, always computed and never stored.

Red means overdue and nothing else, and only the time light burns red; the progress light is yellow at most. The worse
of the two is shown. While the ball is in the office's court nothing worsens.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.domain.calendar import WorkdayCalendar, end_of_day, local_day
from tracker.domain.claims import Claim
from tracker.domain.deadlines import due_day
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, AssignmentState, TaskState, awaits_receipt
from tracker.domain.light_kinds import Light, LightColour, LightReason, Lights, Waiting, worse, worst
from tracker.domain.owed import RowState
from tracker.domain.policy import ReminderPolicy
from tracker.domain.schedule import UNKNOWN, Standing, StandingKind

__all__ = [
    "Light",
    "LightColour",
    "LightFacts",
    "LightReason",
    "Lights",
    "NoAskingTime",
    "Waiting",
    "lights",
    "receipt_light",
    "worse",
]


class NoAskingTime(ValueError):
    def __init__(self, waiting: Waiting) -> None:
        super().__init__(f"{waiting.value} lies with the office, but since when is not said")


@dataclass(frozen=True, slots=True, kw_only=True)
class LightFacts:
    """What both lights are decided from; all times are aware, days in Shanghai and inclusive.

    `task_state` is what decides: of an `archived` task the state that it had.
    Of the row that is owed or lies with the office: its state, `due_at`, the moment it turns overdue (a correction's
    own while it is returned, the oldest where several are owed), `overdue_periods`, how many are unreported past
    their moment, and `late`, whether it was first filed late. `waiting` is what the office owes, `in_office_since`
    when an extension or a dispute was asked.
    `soft` work 「持续、不定期」 has no moment of its own: its forms never turn it red. Of work with a deadline:
    `completion_asked` where a row asks any lead for the completion, also where the document expired after that
    deadline; `completion_due_at` from when on it is missing (`completions.py`), None while it is in hand, or told by
    its own row; `completion_asked_at` while an extension of it is undecided. `closing_due_at` is the moment of a
    lapsed task's closing report, or of its correction, None while the office has it. `claim` is the last confirmed one,
    else the unit's own (`own_claim`).
    `silent_quarters` counts quarters in a row without a fact.
    Raises NoAskingTime.
    """

    task_state: TaskState
    assignment_state: AssignmentState
    now: datetime
    archived: bool = False
    row_state: RowState | None = None
    due_at: datetime | None = None
    overdue_periods: int = 0
    late: bool = False
    waiting: Waiting | None = None
    in_office_since: datetime | None = None
    receipt_due_at: datetime | None = None
    soft: bool = False
    waits_for_event: bool = False
    deadline_on: date | None = None
    completion_asked: bool = False
    completion_due_at: datetime | None = None
    completion_asked_at: datetime | None = None
    closing_due_at: datetime | None = None
    claim: Claim | None = None
    own_claim: bool = False
    standing: Standing = UNKNOWN
    silent_quarters: int = 0

    def __post_init__(self) -> None:
        if self.waiting in (Waiting.EXTENSION, Waiting.DISPUTE) and self.in_office_since is None:
            raise NoAskingTime(self.waiting)

    @property
    def asked_at(self) -> datetime | None:
        """When an extension or dispute that stops the row's clock was asked: in time, and not yet decided."""
        if self.waiting in (None, Waiting.REVIEW) or self.in_office_since is None or self.due_at is None:
            return None
        return self.in_office_since if self.in_office_since < self.due_at else None


_WARNINGS = frozenset({LightColour.RED, LightColour.YELLOW})
_BY_TASK = {
    TaskState.REGISTERED: Light(LightColour.GREY, LightReason.NOT_ISSUED),
    TaskState.PROPOSED: Light(LightColour.GREY, LightReason.NOT_ISSUED),
    TaskState.APPROVED: Light(LightColour.GREY, LightReason.NOT_ISSUED),
    TaskState.SUSPENDED: Light(LightColour.GREY, LightReason.SUSPENDED),
    TaskState.CANCELLED: Light(LightColour.GREY, LightReason.CANCELLED),
    TaskState.COMPLETED: Light(LightColour.BLUE, LightReason.COMPLETED),
    TaskState.CLOSED: Light(LightColour.BLUE, LightReason.CLOSED),
}
_BY_ROW = {
    RowState.WAIVED: Light(LightColour.GREY, LightReason.WAIVED),
    RowState.ACCEPTED: Light(LightColour.BLUE, LightReason.ACCEPTED),
    RowState.STANDS: Light(LightColour.BLUE, LightReason.ACCEPTED),
    RowState.MISSED: Light(LightColour.YELLOW, LightReason.MISSED),
}
_BY_CLAIM = {
    Claim.DONE: (LightColour.GREEN, LightReason.CLAIMED_DONE),
    Claim.ON_SCHEDULE: (LightColour.GREEN, LightReason.CLAIMED_ON_TRACK),
    Claim.ONGOING_ACTIVE: (LightColour.GREEN, LightReason.ONGOING),
    Claim.ONGOING_QUIET: (LightColour.GREEN, LightReason.ONGOING),
    Claim.NOT_STARTED_YET: (LightColour.GREY, LightReason.NOT_BEGUN_YET),
    Claim.BEHIND: (LightColour.YELLOW, LightReason.CLAIMED_BEHIND),
    Claim.NOT_STARTED_OVERDUE: (LightColour.YELLOW, LightReason.NOT_BEGUN),
    Claim.DIFFICULT: (LightColour.YELLOW, LightReason.DIFFICULT),
}


def lights(facts: LightFacts, *, calendar: WorkdayCalendar, policy: ReminderPolicy) -> Lights:
    """Decide both lights of a share or a task; what it has become as a whole comes before its forms."""
    settled = _settled(facts, calendar)
    if settled is not None and settled.colour in _WARNINGS:
        return Lights(settled, _progress(facts, policy))
    if settled is not None:
        return Lights(settled, settled)
    waiting = facts.waiting or (Waiting.REVIEW if facts.row_state is RowState.FILED else None)
    receipt = receipt_light(facts.assignment_state, facts.task_state, due_at=facts.receipt_due_at, now=facts.now)
    found = (_completion(facts, calendar, policy), _row(facts, calendar, policy), receipt)
    time = worst(light for light in found if light is not None)
    return Lights(replace(time, waiting=waiting), replace(_progress(facts, policy), waiting=waiting))


def _settled(facts: LightFacts, calendar: WorkdayCalendar) -> Light | None:
    if facts.task_state in _BY_TASK:
        return _BY_TASK[facts.task_state]
    if facts.archived:
        return Light(LightColour.GREY, LightReason.ARCHIVED)
    if facts.assignment_state in ASSIGNMENT_ENDED:
        return Light(LightColour.GREY, LightReason.RELEASED)
    if facts.task_state is TaskState.LAPSED and not facts.completion_asked:
        return _lapsed(facts, calendar)
    if facts.assignment_state is AssignmentState.ACCEPTED:
        return Light(LightColour.BLUE, LightReason.ACCEPTED)
    return None


def _lapsed(facts: LightFacts, calendar: WorkdayCalendar) -> Light:
    """Ask for the closing report of a task whose document has expired; red once its moment is past."""
    if facts.closing_due_at is None:
        return Light(LightColour.YELLOW, LightReason.LAPSED_AWAITS_CLOSING, waiting=facts.waiting)
    if facts.closing_due_at <= facts.now:
        late = _lateness(facts.closing_due_at, facts.now, calendar)
        return Light(LightColour.RED, LightReason.CLOSING_OVERDUE, late)
    return Light(LightColour.YELLOW, LightReason.LAPSED_AWAITS_CLOSING, _due(facts.closing_due_at))


def _completion(facts: LightFacts, calendar: WorkdayCalendar, policy: ReminderPolicy) -> Light | None:
    """Between the deadline and the filing day figures are awaited; past it the work is overdue 「逾期未办结」."""
    due_at = facts.completion_due_at
    if due_at is None:
        return None
    seen_at = _stopped(facts.now, asked_at=facts.completion_asked_at, due_at=due_at)
    if due_at <= seen_at:
        return Light(LightColour.RED, LightReason.NOT_COMPLETED, _lateness(due_at, seen_at, calendar))
    if facts.deadline_on is None or seen_at < end_of_day(facts.deadline_on):
        return None
    due_on = due_day(due_at)
    near = calendar.workdays_between(local_day(seen_at), due_on) <= policy.warn_workdays
    colour = LightColour.YELLOW if near else LightColour.GREEN
    return Light(colour, LightReason.AWAITING_FIGURES, {"deadline_on": facts.deadline_on, **_due(due_at)})


def _row(facts: LightFacts, calendar: WorkdayCalendar, policy: ReminderPolicy) -> Light:
    if facts.row_state is None:
        return _without_row(facts)
    if facts.row_state is RowState.FILED:
        late = LightReason.FILED_LATE if facts.late else LightReason.UNDER_REVIEW
        return Light(LightColour.YELLOW if facts.late else LightColour.GREEN, late)
    if facts.row_state in _BY_ROW:
        return _BY_ROW[facts.row_state]
    if facts.due_at is None:
        return Light(LightColour.GREEN, LightReason.NOTHING_DUE)
    return _clock(facts, facts.due_at, calendar, policy)


def _clock(facts: LightFacts, due_at: datetime, calendar: WorkdayCalendar, policy: ReminderPolicy) -> Light:
    """Read the clock of a row that is open or under correction."""
    due_on = due_day(due_at)
    seen_at = _stopped(facts.now, asked_at=facts.asked_at, due_at=due_at)
    returned = facts.row_state is RowState.RETURNED
    if due_at <= seen_at:
        if facts.soft:
            soft = LightReason.FORM_UNCORRECTED if returned else LightReason.FORM_OVERDUE
            return Light(LightColour.YELLOW, soft, _due(due_at))
        reason = LightReason.CORRECTION_OVERDUE if returned else LightReason.OVERDUE
        late = {**_lateness(due_at, seen_at, calendar), "periods": max(1, facts.overdue_periods)}
        return Light(LightColour.RED, reason, late)
    if returned:
        return Light(LightColour.YELLOW, LightReason.RETURNED, _due(due_at))
    left = calendar.workdays_between(local_day(seen_at), due_on)
    if left > policy.warn_workdays:
        return Light(LightColour.GREEN, LightReason.IN_TIME, _due(due_at))
    # A clock that stands still counts no days: the sentence would name those of a day long past.
    counted = {} if facts.asked_at is not None else {"seen_at": seen_at, "workdays_left": left}
    return Light(LightColour.YELLOW, LightReason.DUE_SOON, {**_due(due_at), **counted})


def _without_row(facts: LightFacts) -> Light:
    if facts.waits_for_event:
        return Light(LightColour.GREY, LightReason.WAITING_FOR_EVENT)
    if facts.waiting is Waiting.REVIEW:
        return Light(LightColour.GREEN, LightReason.UNDER_REVIEW)
    return Light(LightColour.GREY, LightReason.CONTINUOUS if facts.soft else LightReason.NOT_STARTED)


def receipt_light(share: AssignmentState, task: TaskState, *, due_at: datetime | None, now: datetime) -> Light | None:
    """Warn of a share that is not signed for past its term; of one that does not lead it is the only light."""
    if not awaits_receipt(share, task) or due_at is None or now < due_at:
        return None
    return Light(LightColour.YELLOW, LightReason.RECEIPT_OVERDUE, _due(due_at))


def _progress(facts: LightFacts, policy: ReminderPolicy) -> Light:
    """Compare with the schedule 「序时进度」 and the claim; a gap of any size is at most yellow."""
    by_value = _by_value(facts.standing, policy)
    if by_value is not None:
        return by_value
    if facts.claim is not None and _BY_CLAIM[facts.claim][0] is LightColour.YELLOW:
        return _claimed(facts.claim, facts)
    if facts.silent_quarters >= policy.warn_silent_quarters:
        return Light(LightColour.YELLOW, LightReason.SILENT, {"quarters": facts.silent_quarters})
    if facts.claim is not None:
        return _claimed(facts.claim, facts)
    if facts.standing.kind is not StandingKind.UNKNOWN:
        return Light(LightColour.GREEN, LightReason.ON_TRACK)
    return Light(LightColour.GREY, LightReason.WAITING_FOR_EVENT if facts.waits_for_event else LightReason.NO_CLAIM)


def _claimed(claim: Claim, facts: LightFacts) -> Light:
    colour, reason = _BY_CLAIM[claim]
    return Light(colour, reason, {"by": "own" if facts.own_claim else "confirmed"})


def _by_value(standing: Standing, policy: ReminderPolicy) -> Light | None:
    """Warn of a value over its limit, or short of its schedule by the policy's points of the whole way."""
    points = standing.gap_points
    named = {
        "value_on": standing.value_on,
        "value": standing.value,
        "expected": standing.expected,
        "gap": standing.gap,
        "by_office": standing.by_office,
    }
    if standing.kind is StandingKind.EXCESS:
        return Light(LightColour.YELLOW, LightReason.EXCEEDED, named)
    if standing.kind is not StandingKind.BEHIND:
        return None
    if points is not None and round(points, 6) < policy.warn_gap_points:
        return None
    return Light(LightColour.YELLOW, LightReason.BEHIND_PLAN, named)


def _lateness(due_at: datetime, at: datetime, calendar: WorkdayCalendar) -> dict[str, object]:
    workdays = calendar.workdays_between(due_day(due_at), local_day(at))
    return {**_due(due_at), "seen_at": at, "workdays_late": workdays}


def _due(due_at: datetime) -> dict[str, object]:
    return {"due_at": due_at}


def _stopped(now: datetime, *, asked_at: datetime | None, due_at: datetime) -> datetime:
    """Return the moment whose light is shown: the one of asking, if that was in time and is not decided."""
    return min(now, asked_at) if asked_at is not None and asked_at < due_at else now
