"""How the log tells that what a document asked for ended."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.decoding import decode_as
from tracker.domain.events.forms import RowSettled
from tracker.domain.events.tasks import TaskLapsed
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow


@dataclass(frozen=True, slots=True)
class Settled:
    """When a row was settled last, and whether it was overdue by then though it was waived."""

    at: datetime
    overdue: bool


def last_settled(session: Session, document_id: int, *, cause: str) -> dict[int, Settled]:
    """Return the rows of a document that were settled last by a cause, and the ticks of all documents that were."""
    tasks = select(col(TaskRow.id)).where(col(TaskRow.document_id) == document_id)
    told = session.execute(
        select(col(EventRow.occurred_at), col(EventRow.payload))
        .where(
            col(EventRow.type) == RowSettled.type,
            col(EventRow.task_id).in_(tasks) | col(EventRow.task_id).is_(None),  # of ticks
        )
        .order_by(col(EventRow.seq))
    )
    settled = ((at, decode_as(RowSettled, json.loads(payload))) for at, payload in told)
    last = {event.row_id: (at, event) for at, event in settled}
    return {row_id: Settled(at, event.overdue) for row_id, (at, event) in last.items() if event.cause == cause}


def last_lapses(session: Session, document_id: int) -> dict[int, tuple[datetime, TaskLapsed]]:
    """Return when each task of a document lapsed last, and how."""
    tasks = select(col(TaskRow.id)).where(col(TaskRow.document_id) == document_id)
    told = session.execute(
        select(col(EventRow.task_id), col(EventRow.occurred_at), col(EventRow.payload))
        .where(col(EventRow.type) == TaskLapsed.type, col(EventRow.task_id).in_(tasks))
        .order_by(col(EventRow.seq))
    )
    return {task_id: (at, decode_as(TaskLapsed, json.loads(payload))) for task_id, at, payload in told if task_id}
