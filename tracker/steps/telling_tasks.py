"""Tell the log the tasks and shares of documents that were issued before events told them all."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM
from tracker.domain.events.shares import IssuedShare
from tracker.domain.events.tasks import CarriedTask, TasksCarried
from tracker.steps.tasking import issued_share
from tracker.store import event_log
from tracker.store.tables.tasks import AssignmentRow, TaskRow, TriggerRow


def tell_tasks(session: Session, *, at: datetime) -> int:
    """Record how every issued task and its shares stand, one event a document; return how many tasks.

    Idempotent: a document's tasks are carried once. Records TasksCarried.
    """
    session.flush()
    issued = session.scalars(select(TaskRow).where(col(TaskRow.issued_at).is_not(None)).order_by(col(TaskRow.id))).all()
    triggered = set(session.scalars(select(col(TriggerRow.task_id))))
    tasks: dict[int, list[CarriedTask]] = defaultdict(list)
    for task in issued:
        tasks[task.document_id].append(_carried(task, triggered=task.id in triggered))
    shares: dict[int, list[IssuedShare]] = defaultdict(list)
    documents = {task.id: task.document_id for task in issued}
    for share in session.scalars(select(AssignmentRow).order_by(col(AssignmentRow.id))):
        shares[documents[share.task_id]].append(issued_share(share))
    for document_id, found in tasks.items():
        event = TasksCarried(document_id=document_id, tasks=tuple(found), shares=tuple(shares[document_id]))
        event_log.record(session, event, actor=SYSTEM, at=at)
    return len(issued)


def _carried(task: TaskRow, *, triggered: bool) -> CarriedTask:
    assert task.issued_at is not None
    return CarriedTask(
        task_id=task.id or 0,
        state=task.state,
        issued_at=task.issued_at,
        outcome=task.outcome,
        completed_at=task.completed_at,
        due_on=task.due_on,
        triggered=triggered,
    )
