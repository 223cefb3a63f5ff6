"""Requests of units that wait for a decision: more time 「延期」, disputed shares 「异议」."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, exists, false, func, label, select
from sqlmodel import Session, col

from tracker.domain.events.decoding import decode
from tracker.domain.events.requests import RequestAsked
from tracker.domain.events.shares import ShareMoved
from tracker.domain.filings import RequestKind, RequestState
from tracker.store.rows import as_views
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


def is_held() -> ColumnElement[bool]:
    """Return whether the office has a row of a form only because its lead's completion report lies there.

    So it is where the row waits and neither an extension of its own nor a dispute of its share is undecided.
    """
    asked = exists().where(
        col(RequestRow.assignment_id) == col(FormRow.assignment_id),
        col(RequestRow.row_id).is_(None) | (col(RequestRow.row_id) == col(FormRow.id)),
        col(RequestRow.kind) != RequestKind.OBJECTION.value,  # no row waits for it
        is_one_of(col(RequestRow.state), RequestState.PENDING.value),
    )
    # The statement asks for requests only where a row waits at all.
    return case((col(FormRow.pending_at).is_not(None), ~asked.correlate(FormRow)), else_=false())


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """One undecided request. `period_code` is None for a dispute, which is about a share as a whole.

    `deadline_on` is that of the task, `ends_on` the last day of its document or of what that plans.
    """

    request_id: int
    kind: str
    assignment_id: int
    task_id: int
    unit_name: str
    reason: str
    old_due_at: datetime | None
    new_due_at: datetime | None
    by_leader: bool
    asked_by: str
    asked_at: datetime
    period_code: str | None
    item_label: str
    item_title: str
    document_number: str
    deadline_on: date | None
    ends_on: date | None


def pending_requests(
    session: Session, *, by_leader: bool | None = None, limit: int | None = None
) -> list[WaitingRequest]:
    """Return the undecided requests, the oldest first; of the leader, of the office, or all."""
    wanted = (
        select(
            label("request_id", col(RequestRow.id)),
            col(RequestRow.kind),
            label("assignment_id", col(AssignmentRow.id)),
            label("task_id", col(TaskRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            col(RequestRow.reason),
            col(RequestRow.old_due_at),
            col(RequestRow.new_due_at),
            col(RequestRow.by_leader),
            col(RequestRow.asked_by),
            col(RequestRow.asked_at),
            label("period_code", col(PeriodRow.code)),
            label("item_label", col(ItemRow.label)),
            label("item_title", col(ItemRow.title)),
            label("document_number", col(DocumentRow.number)),
            label("deadline_on", col(TaskRow.due_on)),
            label("ends_on", func.coalesce(col(DocumentRow.expires_on), col(DocumentRow.ends_on))),
        )
        .select_from(RequestRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(RequestRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .outerjoin(FormRow, col(FormRow.id) == col(RequestRow.row_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(is_one_of(col(RequestRow.state), "pending"))
        .order_by(col(RequestRow.asked_at), col(RequestRow.id))
    )
    if by_leader is not None:
        wanted = wanted.where(col(RequestRow.by_leader).is_(by_leader))
    return as_views(WaitingRequest, session.execute(wanted.limit(limit)))


@dataclass(frozen=True, slots=True)
class RequestBacklog:
    """How many requests wait, how many of them for the leader, and since when the oldest does."""

    office: int
    leader: int
    oldest_at: datetime | None


def request_backlog(session: Session) -> RequestBacklog:
    """Count the undecided requests."""
    rows = session.execute(
        select(col(RequestRow.by_leader), func.count(), func.min(col(RequestRow.asked_at)))
        .where(is_one_of(col(RequestRow.state), "pending"))
        .group_by(col(RequestRow.by_leader))
    ).all()
    counts = {by_leader: count for by_leader, count, _oldest in rows}
    return RequestBacklog(
        counts.get(False, 0), counts.get(True, 0), min((oldest for _by, _count, oldest in rows), default=None)
    )


def oldest_requests(session: Session) -> dict[str, tuple[int, datetime]]:
    """Return by kind how many requests wait for the office, and since when the oldest does."""
    rows = session.execute(
        select(col(RequestRow.kind), func.count(), func.min(col(RequestRow.asked_at)))
        .where(is_one_of(col(RequestRow.state), "pending"), col(RequestRow.by_leader).is_(False))
        .group_by(col(RequestRow.kind))
    )
    return {kind: (count, oldest) for kind, count, oldest in rows}


def found_right_at(session: Session, assignment_id: int, *, at: datetime) -> bool:
    """Tell whether the unit of a share was found right in a dispute of it by the act of a time."""
    granted = select(col(RequestRow.id)).where(
        col(RequestRow.assignment_id) == assignment_id,
        col(RequestRow.kind) == RequestKind.DISPUTE.value,
        col(RequestRow.state) == RequestState.GRANTED.value,
        col(RequestRow.decided_at) == at,
    )
    return session.execute(granted).first() is not None


def came_with_a_merger(session: Session, request: RequestRow) -> bool:
    """Tell whether a dispute is about a part that a merger made one with another part of the same task."""
    share = session.get_one(AssignmentRow, request.assignment_id)
    told = session.execute(
        select(col(EventRow.type), col(EventRow.payload))
        .where(col(EventRow.task_id) == share.task_id, col(EventRow.type).in_([RequestAsked.type, ShareMoved.type]))
        .order_by(col(EventRow.seq))
    )
    asked_by = None
    for kind, payload in told:
        match decode(kind, json.loads(payload)):
            case RequestAsked() as asked if asked.request_id == request.id:
                asked_by = asked.unit_id
            case ShareMoved() as moved if moved.from_unit_id == asked_by:
                if moved.into_assignment_id == share.id and moved.assignment_id != share.id:
                    return True
                asked_by = moved.unit_id
    return False
