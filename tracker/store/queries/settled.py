"""How the log tells that what a document asked for ended."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.decoding import decode, decode_as
from tracker.domain.events.forms import UNITS_MERGED, RowMoved, RowSettled
from tracker.domain.events.tasks import TaskLapsed
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow


@dataclass(frozen=True, slots=True)
class Settled:
    """When a row was settled last, and whether it was overdue by then though it was waived.

    `merged` where its unit has gone up in another since.
    """

    at: datetime
    overdue: bool
    merged: bool = False


def last_settled(session: Session, document_id: int, *, cause: str) -> dict[int, Settled]:
    """Return the rows of a document that were settled last by a cause, and the ticks of all documents that were."""
    tasks = select(col(TaskRow.id)).where(col(TaskRow.document_id) == document_id)
    told = session.execute(
        select(col(EventRow.type), col(EventRow.occurred_at), col(EventRow.payload))
        .where(
            col(EventRow.type).in_([RowSettled.type, RowMoved.type]),
            col(EventRow.task_id).in_(tasks) | col(EventRow.task_id).is_(None),  # of ticks, and what mergers moved
        )
        .order_by(col(EventRow.seq))
    )
    last: dict[int, Settled] = {}
    united: dict[int, Settled] = {}
    for kind, at, payload in told:
        match decode(kind, json.loads(payload)):
            case RowSettled() as settled if settled.cause == cause:
                last[settled.row_id] = Settled(at, settled.overdue)
            case RowSettled(row_id=row_id) as settled if row_id in last:
                ended = last.pop(row_id)
                if settled.cause == UNITS_MERGED:
                    united[row_id] = ended
            case RowMoved() as moved if came := last.get(moved.row_id) or united.get(moved.row_id):
                if moved.row_id == moved.into_row_id or moved.into_row_id not in last:
                    last[moved.into_row_id] = replace(came, merged=True)
    return last


def last_lapses(session: Session, document_id: int) -> dict[int, tuple[datetime, TaskLapsed]]:
    """Return when each task of a document lapsed last, and how."""
    tasks = select(col(TaskRow.id)).where(col(TaskRow.document_id) == document_id)
    told = session.execute(
        select(col(EventRow.task_id), col(EventRow.occurred_at), col(EventRow.payload))
        .where(col(EventRow.type) == TaskLapsed.type, col(EventRow.task_id).in_(tasks))
        .order_by(col(EventRow.seq))
    )
    return {task_id: (at, decode_as(TaskLapsed, json.loads(payload))) for task_id, at, payload in told if task_id}
