"""What was asked for rows and shares is decided by nobody any more once these have ended."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.forms import LatenessFixed, RowsLetGo
from tracker.domain.events.requests import RequestMooted
from tracker.domain.filings import RequestKind, RequestState
from tracker.domain.lifecycle import AssignmentAction
from tracker.steps.tasks import move_share
from tracker.store import event_log
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow

_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_PENDING = (
    select(RequestRow)
    .where(col(RequestRow.assignment_id).in_(_IDS), col(RequestRow.state) == RequestState.PENDING.value)
    .order_by(col(RequestRow.id))
)
_WAITING = (
    select(FormRow)
    .where(col(FormRow.assignment_id).in_(_IDS), col(FormRow.pending_at).is_not(None))
    .order_by(col(FormRow.id))
)


def moot_requests(
    session: Session, assignment_ids: list[int], *, kept: Sequence[FormRow], actor: Actor, at: datetime
) -> None:
    """End what nobody decides any more; a filing made meanwhile was made while the office had the ball.

    A row that is kept goes on waiting for what was asked for it, a share with one for the answer to its dispute.
    Records RequestMooted, LatenessFixed and RowsLetGo.
    """
    rows, shares = {row.id for row in kept}, {row.assignment_id for row in kept}
    disputed: set[int] = set()
    for request in session.scalars(_PENDING, params={"ids": assignment_ids}):
        if request.row_id in rows:
            continue
        if request.kind == RequestKind.DISPUTE.value and request.assignment_id in shares:
            disputed.add(request.assignment_id)
            continue
        moot_request(session, request, (request.row_id,) if request.row_id else (), actor=actor, at=at)
    let_go: dict[int, list[int]] = defaultdict(list)
    for row in session.scalars(_WAITING, params={"ids": sorted(set(assignment_ids) - disputed)}):
        if row.id in rows:
            continue
        row.pending_at = None
        let_go[row.assignment_id or 0].append(row.id or 0)
        if row.filed_at is not None and row.late is None:
            row.late = False
            event_log.record(session, LatenessFixed(row_id=row.id or 0, late=False), actor=actor, at=at)
    for assignment_id, ids in let_go.items():
        share = session.get_one(AssignmentRow, assignment_id)
        event = RowsLetGo(task_id=share.task_id, unit_id=share.unit_id, rows=tuple(ids))
        event_log.record(session, event, actor=actor, at=at)


def moot_requests_of(session: Session, row: FormRow, *, actor: Actor, at: datetime) -> None:
    """End what was asked for a row. Records RequestMooted."""
    asked = select(RequestRow).where(
        col(RequestRow.row_id) == row.id, col(RequestRow.state) == RequestState.PENDING.value
    )
    for request in session.scalars(asked.order_by(col(RequestRow.id))):
        moot_request(session, request, (row.id or 0,), actor=actor, at=at)


def moot_request(session: Session, request: RequestRow, rows: tuple[int, ...], *, actor: Actor, at: datetime) -> None:
    """End a request that nobody decides any more; `rows` waited for it, where not all of the share did.

    Records RequestMooted.
    """
    request.state, request.decided_at = RequestState.MOOT.value, at
    share = session.get_one(AssignmentRow, request.assignment_id)
    if request.kind == RequestKind.DISPUTE.value:  # the share stays whose it is, as if the dispute had been refused
        move_share(share, AssignmentAction.UPHOLD)
    event = RequestMooted(
        task_id=share.task_id, unit_id=share.unit_id, request_id=request.id or 0, kind=request.kind, rows=rows
    )
    event_log.record(session, event, actor=actor, at=at)
