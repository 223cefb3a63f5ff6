"""The work partition 「办理情况」: each task stands in exactly one class, the first that holds.

It speaks of work done, never of paper filed; every page, roll-up and document counts by it, so that the parts add up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.domain.calendar import end_of_day
from tracker.domain.claims import Claim
from tracker.domain.filings import Outcome
from tracker.domain.lifecycle import TASK_NOT_ISSUED, TaskState
from tracker.domain.owed import OwedKind
from tracker.domain.schedule import StandingKind


class Work(StrEnum):
    """The classes in their order: of several leads the earliest counts.

    已撤销、已办结（达标、未达标）、中止、失效待结、办结待审、逾期未办结、情况不明、未达序时、到期待核数、常态推进、达序时、未启动。
    """

    CANCELLED = "cancelled"
    COMPLETED_MET = "completed_met"
    COMPLETED_UNMET = "completed_unmet"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    COMPLETION_PENDING = "completion_pending"
    OVERDUE_WORK = "overdue_work"
    UNKNOWN = "unknown"
    BEHIND = "behind"
    AWAITING_FIGURES = "awaiting_figures"
    ONGOING = "ongoing"
    ON_SCHEDULE = "on_schedule"
    NOT_STARTED = "not_started"


class WorkReason(StrEnum):
    """What a class means in this case; None stands for the class alone."""

    OUTCOME_UNRECORDED = "outcome_unrecorded"
    UNDER_REVIEW = "under_review"
    UNDER_CORRECTION = "under_correction"
    UNREPORTED = "unreported"
    UNCORRECTED = "uncorrected"
    SHORT_OF_SCHEDULE = "short_of_schedule"
    NOT_BEGUN = "not_begun"
    DIFFICULT = "difficult"
    FIGURES = "figures"
    COMPLETION_REPORT = "completion_report"
    ACTIVE = "active"
    QUIET = "quiet"
    DONE_NOT_CLOSED = "done_not_closed"
    NOT_ISSUED = "not_issued"
    WAITS_FOR_EVENT = "waits_for_event"
    NOT_RECEIVED = "not_received"
    NOT_DUE = "not_due"
    ARCHIVED = "archived"


class Completion(StrEnum):
    """Where a lead's completion report is; accepted ones have become the task's outcome."""

    NONE = "none"
    UNDER_REVIEW = "under_review"
    UNDER_CORRECTION = "under_correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFacts:
    """What is known of one lead's share now.

    `overdue` is what its forms owe past their moment: UNREPORTED or CORRECTION; None, or what is merely DUE, is
    nothing. `confirmed` is the last claim a reviewer confirmed or lowered to, `claim` the last one made,
    `claim_confirmed` whether these are one. `completes` where it is asked for the completion itself, which of several
    leads may be one, by `completion_due_at` where a row of its own asks. `completion_late` where the completion report
    was first filed after its moment, `completion_asked` while an extension or dispute on it, asked in time, is
    undecided. `report_waiting` while any filed report lies with the office. `standing` is the latest value against the
    schedule. `unsigned` where the last claim is news that the head of the unit has not signed.
    """

    overdue: OwedKind | None = None
    confirmed: Claim | None = None
    claim: Claim | None = None
    claim_confirmed: bool = False
    completes: bool = True
    completion_due_at: datetime | None = None
    completion: Completion = Completion.NONE
    completion_late: bool = False
    completion_asked: bool = False
    report_waiting: bool = False
    standing: StandingKind = StandingKind.UNKNOWN
    unsigned: bool = False

    @property
    def completion_in_hand(self) -> bool:
        """Whether the office has its completion report, or one filed in time is corrected."""
        corrected = self.completion is Completion.UNDER_CORRECTION and not self.completion_late
        return corrected or self.completion is Completion.UNDER_REVIEW


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """What a task's class is decided from; all times are aware, days in Shanghai and inclusive.

    `archived_from` is the state an archived task had. `deadline_on` dates the fact; it is None where events start the
    work, whose reports have moments of their own. `completion_due_at` is the filing moment of the final row, None where
    there is none: then the end of the deadline. `statistic` where the final figures come later than the deadline.
    `received` once a lead has signed for it. `members_silent` counts the members that owe a report past its moment.
    """

    task_state: TaskState
    archived_from: TaskState | None = None
    outcome: Outcome | None = None
    deadline_on: date | None = None
    completion_due_at: datetime | None = None
    statistic: bool = False
    waits_for_event: bool = False
    received: bool = True
    leads: tuple[LeadFacts, ...] = ()
    members_silent: int = 0

    @property
    def state(self) -> TaskState:
        """The state that decides: an archived task keeps the one it had, a closed one where that is not known."""
        if self.task_state is TaskState.ARCHIVED:
            return self.archived_from or TaskState.CLOSED
        return self.task_state

    @property
    def archived_undone(self) -> bool:
        """Whether it was put on file neither done nor withdrawn: nothing more is asked of it."""
        ended = self.state in _COMPLETED or self.state is TaskState.CANCELLED
        return self.task_state is TaskState.ARCHIVED and not ended

    @property
    def completion_moment(self) -> datetime | None:
        """When the work is overdue without a completion report; None for work without a deadline."""
        if self.completion_due_at is not None:
            return self.completion_due_at
        return None if self.deadline_on is None else end_of_day(self.deadline_on)


@dataclass(frozen=True, slots=True)
class WorkClass:
    """A task's class and what stands beside it.

    `own_claim` marks a class that rests on the unit's word alone 「自报」, `unsigned` one that not even its head has
    signed 「未审签」; `new_report_waiting` 「新报告待审」; `members_silent` 「成员未报n家」.
    """

    work: Work
    reason: WorkReason | None = None
    own_claim: bool = False
    unsigned: bool = False
    new_report_waiting: bool = False
    members_silent: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """The class of one share, before what stands beside the task is added."""

    work: Work
    reason: WorkReason | None = None
    own_claim: bool = False
    unsigned: bool = False


_COMPLETED = frozenset({TaskState.COMPLETED, TaskState.CLOSED})
_ORDER = tuple(Work)
_UNKNOWN: Mapping[OwedKind | None, WorkReason] = {
    OwedKind.UNREPORTED: WorkReason.UNREPORTED,
    OwedKind.CORRECTION: WorkReason.UNCORRECTED,
}
_BY_CLAIM: Mapping[Claim, tuple[Work, WorkReason | None]] = {
    Claim.DONE: (Work.ON_SCHEDULE, WorkReason.DONE_NOT_CLOSED),
    Claim.ON_SCHEDULE: (Work.ON_SCHEDULE, None),
    Claim.ONGOING_ACTIVE: (Work.ONGOING, WorkReason.ACTIVE),
    Claim.ONGOING_QUIET: (Work.ONGOING, WorkReason.QUIET),
    Claim.NOT_STARTED_YET: (Work.NOT_STARTED, WorkReason.NOT_DUE),
    Claim.BEHIND: (Work.BEHIND, WorkReason.SHORT_OF_SCHEDULE),
    Claim.NOT_STARTED_OVERDUE: (Work.BEHIND, WorkReason.NOT_BEGUN),
    Claim.DIFFICULT: (Work.BEHIND, WorkReason.DIFFICULT),
}


def work_class(facts: TaskFacts, *, now: datetime) -> WorkClass:
    """Return the one class of a task at `now`, an aware time.

    What the task as a whole has become comes first, then the earliest class of its leads. A task without a lead is
    judged like one whose lead has said nothing.
    """
    found = _settled(facts)
    if found is None:
        shares = [_of_lead(facts, lead, now=now) for lead in facts.leads or (LeadFacts(),)]
        found = min(shares, key=lambda share: (_ORDER.index(share.work), share.own_claim))
    return WorkClass(
        found.work,
        WorkReason.ARCHIVED if facts.archived_undone else found.reason,
        own_claim=found.own_claim,
        unsigned=found.unsigned,
        new_report_waiting=any(lead.report_waiting for lead in facts.leads),
        members_silent=facts.members_silent,
    )


def lead_works(facts: TaskFacts, *, now: datetime) -> tuple[Work, ...]:
    """Return the class of each lead's own share, in the order of the leads: whose work it is that the task shows."""
    settled = _settled(facts)
    return tuple((settled or _of_lead(facts, lead, now=now)).work for lead in facts.leads)


def earliest(one: Work, other: Work) -> Work:
    """Return the class that counts of two."""
    return min(one, other, key=_ORDER.index)


def _settled(facts: TaskFacts) -> _Found | None:
    state = facts.state
    if state is TaskState.CANCELLED:
        return _Found(Work.CANCELLED)
    if state in _COMPLETED:
        # Work accepted before outcomes were recorded was accepted as done.
        unrecorded = WorkReason.OUTCOME_UNRECORDED if facts.outcome is None else None
        return _Found(Work.COMPLETED_UNMET if facts.outcome is Outcome.UNMET else Work.COMPLETED_MET, unrecorded)
    if state is TaskState.SUSPENDED:
        return _Found(Work.SUSPENDED)
    # Expiry is not success: what still owes its completion goes on, and is 「逾期未办结」 past that moment. Whether it
    # does is told by the row that asks for it and by nothing else, as for its lights.
    if state is TaskState.LAPSED and facts.completion_due_at is None:
        return _Found(Work.LAPSED)
    if state in TASK_NOT_ISSUED:
        return _Found(Work.NOT_STARTED, WorkReason.NOT_ISSUED)
    return None


def _of_lead(facts: TaskFacts, lead: LeadFacts, *, now: datetime) -> _Found:
    """Return the class of one lead's share in an open task."""
    moment = (lead.completion_due_at or facts.completion_moment) if lead.completes else None
    past = moment is not None and moment <= now and not lead.completion_asked
    pending = _pending(facts, lead, past=past)
    if pending is not None:
        return pending
    if past:
        return _Found(Work.OVERDUE_WORK)
    if lead.overdue in _UNKNOWN:
        return _Found(Work.UNKNOWN, _UNKNOWN[lead.overdue])
    said = _by_word(facts, lead)
    if said.work is not Work.BEHIND and _deadline_is_past(facts, now=now):
        return _Found(Work.AWAITING_FIGURES, WorkReason.FIGURES if facts.statistic else WorkReason.COMPLETION_REPORT)
    return said


def _pending(facts: TaskFacts, lead: LeadFacts, *, past: bool) -> _Found | None:
    """Tell whether a completion report is with the office, or being corrected in time.

    A report first filed late keeps the task out of 「逾期未办结」 only while the office has it; so does one filed in
    time whose correction has run out, which leaves the work as unfinished as before.
    """
    if lead.completion is Completion.UNDER_REVIEW or facts.state is TaskState.UNDER_REVIEW:
        return _Found(Work.COMPLETION_PENDING, WorkReason.UNDER_REVIEW)
    if lead.completion is not Completion.UNDER_CORRECTION:
        return None
    run_out = lead.overdue is OwedKind.CORRECTION
    if run_out or (past and lead.completion_late):
        return None
    return _Found(Work.COMPLETION_PENDING, WorkReason.UNDER_CORRECTION)


def _by_word(facts: TaskFacts, lead: LeadFacts) -> _Found:
    """Follow the last confirmed claim, else the claim itself, else the figures, else nothing has begun."""
    claim = lead.confirmed or lead.claim
    if claim is not None:
        own = lead.confirmed is None and not lead.claim_confirmed
        work, reason = _BY_CLAIM[claim]
        return _Found(work, reason, own, own and lead.unsigned)
    if lead.standing is StandingKind.BEHIND:
        return _Found(Work.BEHIND, WorkReason.SHORT_OF_SCHEDULE, own_claim=True)
    if lead.standing is not StandingKind.UNKNOWN:
        return _Found(Work.ON_SCHEDULE, own_claim=True)
    if facts.waits_for_event:
        return _Found(Work.NOT_STARTED, WorkReason.WAITS_FOR_EVENT)
    return _Found(Work.NOT_STARTED, WorkReason.NOT_DUE if facts.received else WorkReason.NOT_RECEIVED)


def _deadline_is_past(facts: TaskFacts, *, now: datetime) -> bool:
    return facts.deadline_on is not None and end_of_day(facts.deadline_on) <= now
