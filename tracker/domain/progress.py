"""The work partition 「办理情况」: each task stands in exactly one class, the first that holds.

It speaks of work done, never of paper filed; every page, roll-up and document counts by it, so that the parts add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from tracker.domain.calendar import end_of_day
from tracker.domain.claims import Claim
from tracker.domain.completions import completion_standing
from tracker.domain.filings import Outcome
from tracker.domain.lifecycle import TASK_NOT_ISSUED, TaskState
from tracker.domain.owed import OwedKind
from tracker.domain.schedule import StandingKind
from tracker.domain.work_facts import WORK_COMPLETED, Completion, LeadFacts, TaskFacts


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


def lead_works(facts: TaskFacts, *, now: datetime) -> tuple[WorkClass, ...]:
    """Return the class of each lead's own share, in the order of the leads: whose work it is that the task shows."""
    settled, archived = _settled(facts), facts.archived_undone
    found = ((settled or _of_lead(facts, lead, now=now), lead) for lead in facts.leads)
    return tuple(
        WorkClass(
            own.work,
            WorkReason.ARCHIVED if archived else own.reason,
            own_claim=own.own_claim,
            unsigned=own.unsigned,
            new_report_waiting=lead.report_waiting,
        )
        for own, lead in found
    )


def earliest(works: Iterable[WorkClass]) -> WorkClass:
    """Return the class that counts of several; a report waits where one waits of any of them."""
    known = list(works)
    found = min(known, key=lambda one: (_ORDER.index(one.work), one.own_claim))
    return replace(found, new_report_waiting=any(one.new_report_waiting for one in known))


def _settled(facts: TaskFacts) -> _Found | None:
    state = facts.state
    if state is TaskState.CANCELLED:
        return _Found(Work.CANCELLED)
    if state in WORK_COMPLETED:
        # Work accepted before outcomes were recorded was accepted as done.
        unrecorded = WorkReason.OUTCOME_UNRECORDED if facts.outcome is None else None
        return _Found(Work.COMPLETED_UNMET if facts.outcome is Outcome.UNMET else Work.COMPLETED_MET, unrecorded)
    if state is TaskState.SUSPENDED:
        return _Found(Work.SUSPENDED)
    # Expiry is not success: what still owes its completion goes on, and is 「逾期未办结」 past that moment. Whether it
    # does is told by the row that asks for it and by nothing else, as for its lights.
    if state is TaskState.LAPSED and not facts.completion_asked:
        return _Found(Work.LAPSED)
    if state in TASK_NOT_ISSUED:
        return _Found(Work.NOT_STARTED, WorkReason.NOT_ISSUED)
    return None


def _of_lead(facts: TaskFacts, lead: LeadFacts, *, now: datetime) -> _Found:
    """Return the class of one lead's share in an open task."""
    completion = completion_standing(facts, lead, now=now)
    if completion.in_hand is Completion.UNDER_REVIEW:
        return _Found(Work.COMPLETION_PENDING, WorkReason.UNDER_REVIEW)
    if completion.corrected_here:
        return _Found(Work.COMPLETION_PENDING, WorkReason.UNDER_CORRECTION)
    if completion.missing:
        return _Found(Work.OVERDUE_WORK, WorkReason.UNCORRECTED if completion.returned else None)
    if lead.overdue in _UNKNOWN:
        return _Found(Work.UNKNOWN, _UNKNOWN[lead.overdue])
    said = _by_word(facts, lead)
    if said.work is not Work.BEHIND and _deadline_is_past(facts, now=now):
        return _Found(Work.AWAITING_FIGURES, WorkReason.FIGURES if facts.statistic else WorkReason.COMPLETION_REPORT)
    return said


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
