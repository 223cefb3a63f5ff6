"""An ended task is taken up again: by the office, or because the end by which it lapsed was wrong."""

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.tasks import TaskReopened, TaskResumed, TaskSuspended
from tracker.domain.lifecycle import (
    AssignmentAction,
    TaskAction,
    TaskState,
    advance_task,
)
from tracker.steps.closing import let_closing_go
from tracker.steps.moving_shares import follow_mergers
from tracker.steps.resetting import Act
from tracker.steps.tasks import advanced, enter_state, live_shares, move_share
from tracker.store import event_log
from tracker.store.queries.demands import end_of_task
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow


def take_lapse_back(session: Session, *, task_id: int, act: Act) -> None:
    """Let a task be as if it had not lapsed, because the end by which it did was wrong; one that was paused stays so.

    What it owes follows with its document. Records TaskReopened, TaskSuspended and what settling records. Raises
    NotFound, TransitionRefused.
    """
    paused = _was_suspended(session, task_id)
    task = advanced(session, task_id, TaskAction.REOPEN, actor=act.actor)
    take_up(session, task, TaskReopened(task_id=task.id, reason=act.reason, with_document=True), act=act)
    if paused:
        enter_state(task, advance_task(TaskState(task.state), TaskAction.SUSPEND))
        event_log.record(session, TaskSuspended(task_id=task.id, reason=act.reason), actor=act.actor, at=act.at)


def _was_suspended(session: Session, task_id: int) -> bool:
    """Tell whether a task was paused when it lapsed, by the last word of the log on that."""
    told = (
        select(col(EventRow.type))
        .where(
            col(EventRow.task_id) == task_id,
            col(EventRow.type).in_([TaskSuspended.type, TaskResumed.type, TaskReopened.type]),
        )
        .order_by(col(EventRow.seq).desc())
    )
    return session.scalars(told).first() == TaskSuspended.type


def take_up(session: Session, task: TaskRow, event: TaskReopened, *, act: Act) -> None:
    """Let a task and its shares go on; what a unit had that went up in another since is its successor's.

    Records TaskReopened and what settling and moving work record.
    """
    task.completed_at = task.outcome = None
    event_log.record(session, event, actor=act.actor, at=act.at)
    shares = live_shares(session, task.id or 0)
    for share in shares:
        move_share(share, AssignmentAction.REOPEN)
    let_closing_go(session, [share.id or 0 for share in shares], ended_on=end_of_task(session, task), act=act)
    follow_mergers(session, task, shares, act=act)
