"""What the class of a task is decided from: what it has become, and what its leads said and owe."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.domain.claims import Claim
from tracker.domain.filings import Outcome
from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import OwedKind
from tracker.domain.schedule import StandingKind

WORK_COMPLETED = frozenset({TaskState.COMPLETED, TaskState.CLOSED})


class Completion(StrEnum):
    """Where a completion report is; accepted ones have become the task's outcome."""

    NONE = "none"
    UNDER_REVIEW = "under_review"
    UNDER_CORRECTION = "under_correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCompletion:
    """What the rows and reports of one lead say of the completion; all times are aware.

    `report` is where its own completion report is, UNDER_CORRECTION as long as that correction has not run out.
    `asked` where a row asks this lead for it, which of several leads may be one. `due_at` is the moment of that row,
    None where there is none, or it lies with the office: when it is due, of what was filed in time and returned when
    its correction is, which then is `told_by_row`. `returned` where what was handed in was given back, in time or not,
    so that what is missing is its correction. `asked_at` while an extension or a dispute is undecided that was
    asked before `due_at`.
    """

    report: Completion = Completion.NONE
    asked: bool = False
    due_at: datetime | None = None
    told_by_row: bool = False
    returned: bool = False
    asked_at: datetime | None = None

    def is_past(self, now: datetime) -> bool:
        """Tell whether the row that asks for it is past its moment, and its unit has the ball."""
        return self.due_at is not None and self.due_at <= now and self.asked_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFacts:
    """What is known of one lead's share now.

    `overdue` is what its forms owe past their moment: UNREPORTED or CORRECTION; None, or what is merely DUE, is
    nothing. `confirmed` is the last claim a reviewer confirmed or lowered to, `claim` the last one made,
    `claim_confirmed` whether these are one. `report_waiting` while any filed report lies with the office. `standing`
    is the latest value against the schedule. `unsigned` where the last claim is news that the head of the unit has
    not signed.
    """

    overdue: OwedKind | None = None
    confirmed: Claim | None = None
    claim: Claim | None = None
    claim_confirmed: bool = False
    completion: LeadCompletion = LeadCompletion()
    report_waiting: bool = False
    standing: StandingKind = StandingKind.UNKNOWN
    unsigned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFacts:
    """What a task's class is decided from; all times are aware, days in Shanghai and inclusive.

    `archived_from` is the state an archived task had. `deadline_on` dates the fact; it is None where events start the
    work, whose reports have moments of their own. `statistic` where the final figures come later than the deadline.
    `received` once a lead has signed for it. `members_silent` counts the members that owe a report past its moment.
    """

    task_state: TaskState
    archived_from: TaskState | None = None
    outcome: Outcome | None = None
    deadline_on: date | None = None
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
        ended = self.state in WORK_COMPLETED or self.state is TaskState.CANCELLED
        return self.task_state is TaskState.ARCHIVED and not ended

    @property
    def completion_asked(self) -> bool:
        """Whether a row asks any of its leads for the completion: nothing else does, whatever its deadline is."""
        return any(lead.completion.asked for lead in self.leads)
