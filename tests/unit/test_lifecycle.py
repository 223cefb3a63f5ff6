"""The two state machines: every pair of state and action is either in the table or refused."""

import itertools

import pytest

from tracker.domain.lifecycle import (
    ASSIGNMENT_TRANSITIONS,
    TASK_TRANSITIONS,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
    TransitionRefused,
    advance_assignment,
    advance_task,
)


@pytest.mark.parametrize(("state", "action"), list(itertools.product(TaskState, TaskAction)))
def test_a_task_moves_only_along_its_table(state: TaskState, action: TaskAction) -> None:
    expected = TASK_TRANSITIONS.get((state, action))
    if expected is None:
        with pytest.raises(TransitionRefused) as refusal:
            advance_task(state, action)
        assert refusal.value.facts == {"machine": "task", "state": state.value, "action": action.value}
    else:
        assert advance_task(state, action) is expected


@pytest.mark.parametrize(("state", "action"), list(itertools.product(AssignmentState, AssignmentAction)))
def test_an_assignment_moves_only_along_its_table(state: AssignmentState, action: AssignmentAction) -> None:
    expected = ASSIGNMENT_TRANSITIONS.get((state, action))
    if expected is None:
        with pytest.raises(TransitionRefused):
            advance_assignment(state, action)
    else:
        assert advance_assignment(state, action) is expected


def test_completing_and_closing_are_different_acts() -> None:
    completed = advance_task(TaskState.UNDER_REVIEW, TaskAction.COMPLETE)
    assert completed is TaskState.COMPLETED
    assert advance_task(completed, TaskAction.CLOSE) is TaskState.CLOSED
    with pytest.raises(TransitionRefused):
        advance_task(TaskState.UNDER_REVIEW, TaskAction.CLOSE)


def test_a_lapsed_task_still_takes_its_closing_report() -> None:
    assert advance_task(TaskState.LAPSED, TaskAction.REQUEST_COMPLETION) is TaskState.UNDER_REVIEW


def test_every_state_but_the_first_can_be_reached() -> None:
    assert set(TASK_TRANSITIONS.values()) == set(TaskState) - {TaskState.REGISTERED}
    assert set(ASSIGNMENT_TRANSITIONS.values()) == set(AssignmentState)
