"""The state machines of task 「督查事项」 and assignment 「单位承办」; rows of forms have theirs in `domain.owed`.

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
    REVIVE = "revive"
    REASSIGN = "reassign"
    RELEASE = "release"
    REOPEN = "reopen"
    ENTRUST = "entrust"
    LOWER = "lower"


_T, _A = TaskState, AssignmentState
_OPEN_TASK = (_T.ISSUED, _T.IN_PROGRESS, _T.RETURNED, _T.UNDER_REVIEW)

TASK_TRANSITIONS: Mapping[tuple[TaskState, TaskAction], TaskState] = {
    (_T.REGISTERED, TaskAction.PROPOSE): _T.PROPOSED,
    (_T.PROPOSED, TaskAction.APPROVE): _T.APPROVED,
    (_T.APPROVED, TaskAction.ISSUE): _T.ISSUED,
    (_T.ISSUED, TaskAction.START): _T.IN_PROGRESS,
    # A share that is upheld in a dispute was never signed for, and its task never started.
    (_T.ISSUED, TaskAction.REQUEST_COMPLETION): _T.UNDER_REVIEW,
    (_T.IN_PROGRESS, TaskAction.REQUEST_COMPLETION): _T.UNDER_REVIEW,
    (_T.RETURNED, TaskAction.REQUEST_COMPLETION): _T.UNDER_REVIEW,
    (_T.LAPSED, TaskAction.REQUEST_COMPLETION): _T.UNDER_REVIEW,
    (_T.UNDER_REVIEW, TaskAction.RETURN): _T.RETURNED,
    (_T.UNDER_REVIEW, TaskAction.COMPLETE): _T.COMPLETED,
    (_T.COMPLETED, TaskAction.CLOSE): _T.CLOSED,
    (_T.COMPLETED, TaskAction.REOPEN): _T.IN_PROGRESS,
    (_T.CLOSED, TaskAction.REOPEN): _T.IN_PROGRESS,
    (_T.LAPSED, TaskAction.REOPEN): _T.IN_PROGRESS,
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
_HELD = (_A.PENDING_RECEIPT, *_WORKABLE, _A.SUBMITTED, _A.DISPUTED)

ASSIGNMENT_TRANSITIONS: Mapping[tuple[AssignmentState, AssignmentAction], AssignmentState] = {
    (_A.PENDING_RECEIPT, AssignmentAction.RECEIVE): _A.RECEIVED,
    (_A.RECEIVED, AssignmentAction.START): _A.WORKING,
    (_A.SUBMITTED, AssignmentAction.ACCEPT): _A.ACCEPTED,
    (_A.SUBMITTED, AssignmentAction.RETURN): _A.RETURNED,
    (_A.DISPUTED, AssignmentAction.UPHOLD): _A.RECEIVED,
    (_A.ACCEPTED, AssignmentAction.REOPEN): _A.WORKING,
    (_A.SUBMITTED, AssignmentAction.REOPEN): _A.WORKING,
    (_A.RELEASED, AssignmentAction.ENTRUST): _A.PENDING_RECEIPT,
    (_A.REASSIGNED, AssignmentAction.ENTRUST): _A.PENDING_RECEIPT,
    (_A.PENDING_RECEIPT, AssignmentAction.LOWER): _A.PENDING_RECEIPT,
    **{(state, AssignmentAction.LOWER): _A.RECEIVED for state in (*_WORKABLE, _A.SUBMITTED, _A.DISPUTED)},
    **{(state, AssignmentAction.SUBMIT): _A.SUBMITTED for state in _WORKABLE},
    **{(state, AssignmentAction.DISPUTE): _A.DISPUTED for state in (_A.PENDING_RECEIPT, _A.RECEIVED)},
    # A dispute that a wrong end made moot goes on, also where the unit wrote for that end meanwhile.
    **{(state, AssignmentAction.REVIVE): _A.DISPUTED for state in (_A.PENDING_RECEIPT, _A.RECEIVED, _A.WORKING)},
    **{(state, AssignmentAction.RELEASE): _A.RELEASED for state in _HELD},
    **{(state, AssignmentAction.REASSIGN): _A.REASSIGNED for state in _HELD},
}

TASK_NOT_ISSUED: frozenset[TaskState] = frozenset({_T.REGISTERED, _T.PROPOSED, _T.APPROVED})
TASK_OPEN: frozenset[TaskState] = frozenset(_OPEN_TASK)
ASSIGNMENT_ENDED: frozenset[AssignmentState] = frozenset({_A.REASSIGNED, _A.RELEASED})
# What is open or suspended: the task may go on.
TASK_GOES_ON: frozenset[TaskState] = TASK_OPEN | {TaskState.SUSPENDED}
TASK_OWING: frozenset[TaskState] = frozenset((*_OPEN_TASK, _T.LAPSED))

_State = TypeVar("_State", TaskState, AssignmentState)
_Action = TypeVar("_Action", TaskAction, AssignmentAction)


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


def awaits_receipt(share: AssignmentState, task: TaskState) -> bool:
    """Tell whether a unit has yet to sign for its share 「待签收」.

    Nobody signs for what has ended, lapsed or is suspended; what goes on again is to be signed for again.
    """
    return share is AssignmentState.PENDING_RECEIPT and task in TASK_OPEN


class NothingToReceive(Rejected):
    """A share whose task has ended, lapsed or is suspended is not to be signed for."""

    code = "nothing_to_receive"


class TaskNotOpen(Rejected):
    """Shares and deadlines change while a task goes on or is suspended."""

    code = "task_not_open"
