"""The three state machines: task 「督查事项」, assignment 「单位承办」, period 「期次」.

Each is one table from (state, action) to the next state. What is not in the table is refused. Lights and
escalation levels are computed from the states and dates and are never states themselves.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from tracker.domain.errors import Rejected


class TransitionRefused(Rejected):
    """The action is not allowed in this state; facts: machine, state, action."""

    code = "transition_refused"


class TaskState(StrEnum):
    REGISTERED = "registered"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ISSUED = "issued"
    IN_PROGRESS = "in_progress"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    COMPLETED = "completed"
    CLOSED = "closed"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class TaskAction(StrEnum):
    PROPOSE = "propose"
    APPROVE = "approve"
    ISSUE = "issue"
    START = "start"
    REQUEST_COMPLETION = "request_completion"
    RETURN = "return"
    COMPLETE = "complete"
    CLOSE = "close"
    REOPEN = "reopen"
    ARCHIVE = "archive"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    LAPSE = "lapse"


class AssignmentState(StrEnum):
    PENDING_RECEIPT = "pending_receipt"
    RECEIVED = "received"
    WORKING = "working"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    DISPUTED = "disputed"
    REASSIGNED = "reassigned"
    RELEASED = "released"


class AssignmentAction(StrEnum):
    RECEIVE = "receive"
    START = "start"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    DISPUTE = "dispute"
    UPHOLD = "uphold"
    REASSIGN = "reassign"
    RELEASE = "release"


class PeriodState(StrEnum):
    UPCOMING = "upcoming"
    OPEN = "open"
    SUBMITTED = "submitted"
    NIL_REPORT = "nil_report"
    LATE_FILED = "late_filed"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CLOSED = "closed"
    MISSED = "missed"
    WAIVED = "waived"


class PeriodAction(StrEnum):
    OPEN = "open"
    SUBMIT = "submit"
    SUBMIT_NIL = "submit_nil"
    ACCEPT = "accept"
    RETURN = "return"
    MISS = "miss"
    FILE_LATE = "file_late"
    WAIVE = "waive"
    CLOSE = "close"


_T, _A, _P = TaskState, AssignmentState, PeriodState
_OPEN_TASK = (_T.ISSUED, _T.IN_PROGRESS, _T.RETURNED, _T.UNDER_REVIEW)

TASK_TRANSITIONS: Mapping[tuple[TaskState, TaskAction], TaskState] = {
    (_T.REGISTERED, TaskAction.PROPOSE): _T.PROPOSED,
    (_T.PROPOSED, TaskAction.APPROVE): _T.APPROVED,
    (_T.APPROVED, TaskAction.ISSUE): _T.ISSUED,
    (_T.ISSUED, TaskAction.START): _T.IN_PROGRESS,
    (_T.IN_PROGRESS, TaskAction.REQUEST_COMPLETION): _T.UNDER_REVIEW,
    (_T.RETURNED, TaskAction.REQUEST_COMPLETION): _T.UNDER_REVIEW,
    (_T.LAPSED, TaskAction.REQUEST_COMPLETION): _T.UNDER_REVIEW,
    (_T.UNDER_REVIEW, TaskAction.RETURN): _T.RETURNED,
    (_T.UNDER_REVIEW, TaskAction.COMPLETE): _T.COMPLETED,
    (_T.COMPLETED, TaskAction.CLOSE): _T.CLOSED,
    (_T.COMPLETED, TaskAction.REOPEN): _T.IN_PROGRESS,
    (_T.CLOSED, TaskAction.REOPEN): _T.IN_PROGRESS,
    (_T.CLOSED, TaskAction.ARCHIVE): _T.ARCHIVED,
    (_T.CANCELLED, TaskAction.ARCHIVE): _T.ARCHIVED,
    (_T.LAPSED, TaskAction.ARCHIVE): _T.ARCHIVED,
    (_T.SUSPENDED, TaskAction.RESUME): _T.IN_PROGRESS,
    **{(state, TaskAction.SUSPEND): _T.SUSPENDED for state in (_T.ISSUED, _T.IN_PROGRESS, _T.RETURNED)},
    **{(state, TaskAction.LAPSE): _T.LAPSED for state in (*_OPEN_TASK, _T.SUSPENDED)},
    **{
        (state, TaskAction.CANCEL): _T.CANCELLED
        for state in (*_OPEN_TASK, _T.REGISTERED, _T.PROPOSED, _T.APPROVED, _T.SUSPENDED)
    },
}

_WORKABLE = (_A.RECEIVED, _A.WORKING, _A.RETURNED)

ASSIGNMENT_TRANSITIONS: Mapping[tuple[AssignmentState, AssignmentAction], AssignmentState] = {
    (_A.PENDING_RECEIPT, AssignmentAction.RECEIVE): _A.RECEIVED,
    (_A.RECEIVED, AssignmentAction.START): _A.WORKING,
    (_A.SUBMITTED, AssignmentAction.ACCEPT): _A.ACCEPTED,
    (_A.SUBMITTED, AssignmentAction.RETURN): _A.RETURNED,
    (_A.DISPUTED, AssignmentAction.UPHOLD): _A.RECEIVED,
    (_A.DISPUTED, AssignmentAction.REASSIGN): _A.REASSIGNED,
    **{(state, AssignmentAction.SUBMIT): _A.SUBMITTED for state in _WORKABLE},
    **{(state, AssignmentAction.DISPUTE): _A.DISPUTED for state in (_A.PENDING_RECEIPT, _A.RECEIVED)},
    **{
        (state, AssignmentAction.RELEASE): _A.RELEASED
        for state in (_A.PENDING_RECEIPT, *_WORKABLE, _A.SUBMITTED, _A.DISPUTED)
    },
}

_OWED = (_P.OPEN, _P.RETURNED)
_FILED = (_P.SUBMITTED, _P.NIL_REPORT, _P.LATE_FILED)

PERIOD_TRANSITIONS: Mapping[tuple[PeriodState, PeriodAction], PeriodState] = {
    (_P.UPCOMING, PeriodAction.OPEN): _P.OPEN,
    (_P.OPEN, PeriodAction.MISS): _P.MISSED,
    (_P.RETURNED, PeriodAction.MISS): _P.MISSED,
    (_P.MISSED, PeriodAction.FILE_LATE): _P.LATE_FILED,
    (_P.ACCEPTED, PeriodAction.CLOSE): _P.CLOSED,
    (_P.WAIVED, PeriodAction.CLOSE): _P.CLOSED,
    **{(state, PeriodAction.SUBMIT): _P.SUBMITTED for state in _OWED},
    **{(state, PeriodAction.SUBMIT_NIL): _P.NIL_REPORT for state in _OWED},
    **{(state, PeriodAction.ACCEPT): _P.ACCEPTED for state in _FILED},
    **{(state, PeriodAction.RETURN): _P.RETURNED for state in _FILED},
    **{(state, PeriodAction.WAIVE): _P.WAIVED for state in (_P.UPCOMING, *_OWED, _P.MISSED)},
}

TASK_OPEN: frozenset[TaskState] = frozenset(_OPEN_TASK)
ASSIGNMENT_ENDED: frozenset[AssignmentState] = frozenset({_A.REASSIGNED, _A.RELEASED})
PERIOD_OWED: frozenset[PeriodState] = frozenset({_P.OPEN, _P.RETURNED, _P.MISSED})
PERIOD_FILED: frozenset[PeriodState] = frozenset(_FILED)

_State = TypeVar("_State", TaskState, AssignmentState, PeriodState)
_Action = TypeVar("_Action", TaskAction, AssignmentAction, PeriodAction)


def _advance(table: Mapping[tuple[_State, _Action], _State], machine: str, state: _State, action: _Action) -> _State:
    following = table.get((state, action))
    if following is None:
        raise TransitionRefused(machine=machine, state=state.value, action=action.value)
    return following


def advance_task(state: TaskState, action: TaskAction) -> TaskState:
    """Return the task's next state; raises TransitionRefused."""
    return _advance(TASK_TRANSITIONS, "task", state, action)


def advance_assignment(state: AssignmentState, action: AssignmentAction) -> AssignmentState:
    """Return the assignment's next state; raises TransitionRefused."""
    return _advance(ASSIGNMENT_TRANSITIONS, "assignment", state, action)


def advance_period(state: PeriodState, action: PeriodAction) -> PeriodState:
    """Return the period's next state; raises TransitionRefused."""
    return _advance(PERIOD_TRANSITIONS, "period", state, action)
