"""The two state machines, held against tables written here by hand: every other pair is refused."""

import itertools
from collections.abc import Mapping

import pytest

from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    TASK_GOES_ON,
    TASK_OPEN,
    TASK_OWING,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
    TransitionRefused,
    advance_assignment,
    advance_task,
)

# From each state, what may be done and where it leads.
_TASK: Mapping[str, Mapping[str, str]] = {
    # 待拆解, 拟办, 已立项: one step after another; what the document loses before 交办 is withdrawn 「撤销」.
    "registered": {"propose": "proposed", "cancel": "cancelled"},
    "proposed": {"approve": "approved", "cancel": "cancelled"},
    "approved": {"issue": "issued", "cancel": "cancelled"},
    # 已交办: the lead signs for it; a lead whose dispute was turned down may ask to be done without.
    "issued": {
        "start": "in_progress",
        "request_completion": "under_review",
        "suspend": "suspended",
        "lapse": "lapsed",
        "cancel": "cancelled",
    },
    # 办理中: 申请办结 or 中止; a document that ends takes the task with it 「失效待结」.
    "in_progress": {
        "request_completion": "under_review",
        "suspend": "suspended",
        "lapse": "lapsed",
        "cancel": "cancelled",
    },
    # 待审核: 通过 or 退回; the office decides what lies with it before it pauses the task.
    "under_review": {"complete": "completed", "return": "returned", "lapse": "lapsed", "cancel": "cancelled"},
    # 退回补办: reported again.
    "returned": {
        "request_completion": "under_review",
        "suspend": "suspended",
        "lapse": "lapsed",
        "cancel": "cancelled",
    },
    # 办结 and 销号 are different acts; after either the task may be taken up again 「重启」.
    "completed": {"close": "closed", "reopen": "in_progress"},
    "closed": {"archive": "archived", "reopen": "in_progress"},
    "archived": {},
    # 中止: 恢复; a document's end and a withdrawal do not wait for it.
    "suspended": {"resume": "in_progress", "lapse": "lapsed", "cancel": "cancelled"},
    "cancelled": {"archive": "archived"},
    # 失效待结: the lead still owes its closing report.
    "lapsed": {"request_completion": "under_review", "reopen": "in_progress", "archive": "archived"},
}
_GONE = {"release": "released", "reassign": "reassigned"}  # 免除, 改派: of whatever a unit still holds
_DISPUTED = {"dispute": "disputed", "revive": "disputed"}  # 职责异议, also one that a wrong end had made moot
# A unit from which another's part is taken away keeps its own: signed for where it had signed, else not.
_ASSIGNMENT: Mapping[str, Mapping[str, str]] = {
    # 待签收: 签收 or 职责异议.
    "pending_receipt": {"receive": "received", "lower": "pending_receipt", **_DISPUTED, **_GONE},
    "received": {"start": "working", "submit": "submitted", "lower": "received", **_DISPUTED, **_GONE},
    # 办理: who has begun to report disputes no more; what was disputed before a wrong end goes on.
    "working": {"submit": "submitted", "revive": "disputed", "lower": "received", **_GONE},
    # 已报: 已认可 or 退回; a task that is taken up again goes on with everybody.
    "submitted": {"accept": "accepted", "return": "returned", "reopen": "working", "lower": "received", **_GONE},
    "accepted": {"reopen": "working"},
    "returned": {"submit": "submitted", "lower": "received", **_GONE},
    # 异议中: 维持 leaves the share with the unit.
    "disputed": {"uphold": "received", "lower": "received", **_GONE},
    # What ended may be given to the unit anew, which then has to sign for it.
    "reassigned": {"entrust": "pending_receipt"},
    "released": {"entrust": "pending_receipt"},
}


@pytest.mark.parametrize(("state", "action"), list(itertools.product(TaskState, TaskAction)))
def test_a_task_moves_only_as_written_here(state: TaskState, action: TaskAction) -> None:
    expected = _TASK[state.value].get(action.value)
    if expected is None:
        with pytest.raises(TransitionRefused) as refusal:
            advance_task(state, action)
        assert refusal.value.facts == {"machine": "task", "state": state.value, "action": action.value}
    else:
        assert advance_task(state, action).value == expected


@pytest.mark.parametrize(("state", "action"), list(itertools.product(AssignmentState, AssignmentAction)))
def test_an_assignment_moves_only_as_written_here(state: AssignmentState, action: AssignmentAction) -> None:
    expected = _ASSIGNMENT[state.value].get(action.value)
    if expected is None:
        with pytest.raises(TransitionRefused) as refusal:
            advance_assignment(state, action)
        assert refusal.value.facts == {"machine": "assignment", "state": state.value, "action": action.value}
    else:
        assert advance_assignment(state, action).value == expected


def test_every_state_and_every_action_is_written_here() -> None:
    for written, states, actions in (
        (_TASK, TaskState, TaskAction),
        (_ASSIGNMENT, AssignmentState, AssignmentAction),
    ):
        assert written.keys() == {state.value for state in states}
        assert {action for ways in written.values() for action in ways} == {action.value for action in actions}


def test_what_is_open_goes_on_is_owed_or_has_ended() -> None:
    open_ = {"issued", "in_progress", "under_review", "returned"}
    assert {state.value for state in TASK_OPEN} == open_
    assert {state.value for state in TASK_GOES_ON} == open_ | {"suspended"}
    assert {state.value for state in TASK_OWING} == open_ | {"lapsed"}
    assert {state.value for state in ASSIGNMENT_ENDED} == {"reassigned", "released"}


def test_every_state_but_the_first_can_be_reached() -> None:
    assert {state for ways in _TASK.values() for state in ways.values()} == _TASK.keys() - {"registered"}
    assert {state for ways in _ASSIGNMENT.values() for state in ways.values()} == _ASSIGNMENT.keys()
