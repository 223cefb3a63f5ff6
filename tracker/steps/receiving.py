"""A unit has received a share 「签收」: it says so, or it speaks of the share."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.shares import AssignmentReceived
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import (
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
    advance_assignment,
    advance_task,
)
from tracker.store import event_log
from tracker.store.queries.receipts import awaiting_receipt
from tracker.store.tables.series import PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def receive(session: Session, assignment: AssignmentRow, task: TaskRow, *, actor: Actor, at: datetime) -> None:
    """Note the receipt of a share that is locked; the task starts when its lead does.

    Records AssignmentReceived. Raises TransitionRefused.
    """
    state = advance_assignment(AssignmentState(assignment.state), AssignmentAction.RECEIVE)
    assignment.state, assignment.received_at = state.value, at
    if assignment.role == AssignmentRole.LEAD.value and task.state == TaskState.ISSUED.value:
        task.state = advance_task(TaskState.ISSUED, TaskAction.START).value
    event = AssignmentReceived(task_id=task.id, unit_id=assignment.unit_id, assignment_id=assignment.id or 0)
    event_log.record(session, event, actor=actor, at=at)


def unreceived_beside(session: Session, period_id: int) -> list[int]:
    """Return the shares of a form's unit and document that wait for their receipt: what a tick may speak of."""
    wanted = (
        select(col(AssignmentRow.id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(SeriesRow, col(SeriesRow.document_id) == col(TaskRow.document_id))
        .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
        .where(col(PeriodRow.id) == period_id, col(AssignmentRow.unit_id) == col(SeriesRow.unit_id), awaiting_receipt())
    )
    return [id_ for id_ in session.scalars(wanted) if id_ is not None]


def receive_ticked(session: Session, share_ids: Collection[int], *, actor: Actor, at: datetime) -> None:
    """Note the receipt of those of some locked shares that wait for it: whoever ticks for them knows them.

    Records AssignmentReceived.
    """
    wanted = (
        select(AssignmentRow, TaskRow)
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(col(AssignmentRow.id).in_(share_ids), awaiting_receipt())
        .order_by(col(AssignmentRow.id))
    )
    for assignment, task in session.execute(wanted).all():
        receive(session, assignment, task, actor=actor, at=at)
