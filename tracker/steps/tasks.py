"""A task and its shares as an act changes them: locked, moved on, given a deadline."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.entered import YEARS_FOR_WORK, check_day_ahead
from tracker.domain.errors import BadInput, NotFound
from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    ASSIGNMENT_TRANSITIONS,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
    advance_assignment,
    advance_task,
)
from tracker.steps.locking import lock_task
from tracker.store.tables.tasks import AssignmentRow, TaskRow


class DeadlineInThePast(BadInput):
    """A day that is set for a task lies before today; facts: field, due_on."""

    code = "deadline_in_the_past"


def load_task(session: Session, task_id: int, *, actor: Actor, roles: Sequence[Role] = (Role.SUPERVISOR,)) -> TaskRow:
    """Return a task, locked, to somebody who may change it. Raises NotYourTask, NotFound."""
    require_role(actor, *roles, act="change_task")
    task = lock_task(session, task_id)
    if task is None:
        raise NotFound()
    return task


def live_shares(session: Session, task_id: int) -> list[AssignmentRow]:
    """Return the shares of a task that go on, locked."""
    wanted = select(AssignmentRow).where(
        col(AssignmentRow.task_id) == task_id,
        col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
    )
    return list(session.scalars(wanted.order_by(col(AssignmentRow.id)).with_for_update()))


def check_deadline(due_on: date | None, *, today: date, old_on: date | None = None, field: str = "新时限") -> None:
    """Refuse a deadline that is past already, or further ahead than work is planned; `field` is what the form calls it.

    `old_on` is the deadline that it takes the place of. Raises DeadlineInThePast, DayOutOfBounds, DayTooFar.
    """
    if due_on is None:
        return
    if check_day_ahead(due_on, field=field, since=max(today, old_on or today), years=YEARS_FOR_WORK) < today:
        raise DeadlineInThePast(field=field, due_on=due_on)


def advanced(session: Session, task_id: int, action: TaskAction, *, actor: Actor) -> TaskRow:
    task = load_task(session, task_id, actor=actor)
    enter_state(task, advance_task(TaskState(task.state), action))
    return task


def enter_state(task: TaskRow, state: TaskState) -> None:
    task.state = state.value


def move_share(share: AssignmentRow, action: AssignmentAction) -> None:
    """Move a share on where the act concerns its state; one that did its part before a cancelled task keeps it."""
    if (AssignmentState(share.state), action) in ASSIGNMENT_TRANSITIONS:
        share.state = advance_assignment(AssignmentState(share.state), action).value
