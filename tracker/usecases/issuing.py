"""Approve 「立项」 and issue 「交办」 the tasks of a document, all in one step."""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.events.documents import DocumentIssued
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OPEN, TaskAction, TaskState, advance_task
from tracker.domain.windows import Reckoning
from tracker.steps.opening import open_for_tasks
from tracker.steps.tasking import issued_share, shares_of_item, tasks_of, units_tasked
from tracker.store import event_log
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def issue_document(
    session: Session, *, number: str, actor: Actor, at: datetime, by: Reckoning, from_on: date | None = None
) -> int:
    """Issue every approved task of a document to its units, one share a unit, and open their series.

    `from_on` is the day from which the office wants reports on a document that it registers late; without it a unit
    begins with the window in which it gets the task. Return how many tasks. Records DocumentIssued and what opening
    records. Raises NotYourTask, NotRegistered, NothingToDo, NobodyToTask.
    """
    require_role(actor, Role.SUPERVISOR, act="issue")
    document, tasks = tasks_of(session, number=number, state=TaskState.APPROVED)
    shares: list[AssignmentRow] = []
    for task in tasks:
        task.state = advance_task(TaskState(task.state), TaskAction.ISSUE).value
        task.issued_at = at
        shares += _assignments(session, task, got_on=local_day(at), from_on=from_on)
    session.add_all(shares)
    session.flush()
    task_ids = tuple(task.id for task in tasks if task.id)
    event = DocumentIssued(
        document_id=document, tasks=len(tasks), task_ids=task_ids, shares=tuple(map(issued_share, shares))
    )
    event_log.record(session, event, actor=actor, at=at)
    open_for_tasks(session, task_ids, at=at, by=by, actor=actor)
    return len(tasks)


def units_asked(session: Session, *, document_id: int) -> frozenset[int]:
    """Return the units that have, or will get at 交办, a share in what of a document is approved or under way."""
    open_ = [state.value for state in TASK_OPEN | {TaskState.APPROVED}]
    tasks = session.scalars(
        select(TaskRow).where(col(TaskRow.document_id) == document_id, col(TaskRow.state).in_(open_))
    ).all()
    waiting = [task.item_id for task in tasks if task.state == TaskState.APPROVED.value]
    shares = select(col(AssignmentRow.unit_id)).where(
        col(AssignmentRow.task_id).in_([task.id for task in tasks]),
        col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
    )
    coming = (units_tasked(session, item_id=item_id) for item_id in waiting)
    return frozenset(session.scalars(shares)).union(*coming)


def _assignments(session: Session, task: TaskRow, *, got_on: date, from_on: date | None) -> list[AssignmentRow]:
    assert task.id is not None
    return [
        AssignmentRow(
            task_id=task.id,
            unit_id=share.unit_id,
            role=share.role.value,
            duty=share.duty.value,
            proposed=share.proposed,
            got_on=got_on,
            from_on=from_on,
        )
        for share in shares_of_item(session, item_id=task.item_id)
    ]
