"""Requests of units, as whoever decides them finds and ends them."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.events.requests import RequestRevived
from tracker.domain.filings import (
    RequestAlreadyDecided,
    RequestKind,
    RequestState,
)
from tracker.domain.lifecycle import ASSIGNMENT_TRANSITIONS, TASK_GOES_ON, AssignmentAction, AssignmentState
from tracker.domain.owed import RowState
from tracker.steps.for_the_leader import LeaderDecides
from tracker.steps.locking import lock_work
from tracker.steps.tasks import move_share
from tracker.store import event_log
from tracker.store.queries.emergencies import is_of_emergency
from tracker.store.queries.requests import came_with_a_merger
from tracker.store.queries.settled import last_lapses, last_settled
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def lock_row(session: Session, row_id: int) -> FormRow | None:
    """Return a row of a form, locked after the work it belongs to; None where there is none."""
    lock_work(session, session.scalars(select(col(FormRow.assignment_id)).where(col(FormRow.id) == row_id)))
    return session.scalars(select(FormRow).where(col(FormRow.id) == row_id).with_for_update()).first()


def undecided_request(session: Session, *, request_id: int, kind: RequestKind | None, actor: Actor) -> RequestRow:
    """Return a request that the actor may decide, locked, of a kind or of any.

    Raises NotYourTask, NotFound, RequestAlreadyDecided, LeaderDecides.
    """
    require_role(actor, Role.SUPERVISOR, Role.LEADER, act="decide_extension")
    share_id = session.scalars(select(col(RequestRow.assignment_id)).where(col(RequestRow.id) == request_id)).first()
    lock_work(session, [share_id])
    request = session.scalars(select(RequestRow).where(col(RequestRow.id) == request_id).with_for_update()).first()
    if request is None or (kind is not None and request.kind != kind.value):
        raise NotFound()
    if request.state != RequestState.PENDING.value:
        raise RequestAlreadyDecided()
    if request.by_leader and actor.role is not Role.LEADER:
        raise LeaderDecides()
    if not request.by_leader:
        require_role(actor, Role.SUPERVISOR, act="decide_extension")
    return request


def decide_request(request: RequestRow, state: RequestState, *, reason: str | None, actor: Actor, at: datetime) -> None:
    """Note who decided a request, how and when."""
    request.state, request.decision_reason = state.value, reason
    request.decided_by, request.decided_at = actor.name, at


def revive_disputes(session: Session, document_id: int, *, cause: str, actor: Actor, at: datetime) -> None:
    """Let the office decide the disputes that became moot because a document was held to have ended, by that cause.

    Of shares that the units got since, or for which a report of theirs was decided, nobody disputes anything, nor of
    parts that a merger brought. What was filed meanwhile waits again; whoever calls this resets the rows that had
    ended. Records RequestRevived.
    """
    ended_at = {one.at for one in last_settled(session, document_id, cause=cause).values()}
    ended_at |= {lapsed_at for lapsed_at, _lapse in last_lapses(session, document_id).values()}
    mooted = (
        select(RequestRow, AssignmentRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(RequestRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(RequestRow.kind) == RequestKind.DISPUTE.value,
            col(RequestRow.state) == RequestState.MOOT.value,
            col(TaskRow.document_id) == document_id,
            col(TaskRow.state).in_([state.value for state in TASK_GOES_ON]),
        )
        .order_by(col(RequestRow.id))
        .with_for_update(of=RequestRow)
    )
    for request, share in session.execute(mooted).all():
        if request.decided_at not in ended_at or (share.got_on and share.got_on >= local_day(request.decided_at)):
            continue
        movable = (AssignmentState(share.state), AssignmentAction.REVIVE) in ASSIGNMENT_TRANSITIONS
        if not movable or came_with_a_merger(session, request):
            continue
        move_share(share, AssignmentAction.REVIVE)
        request.state, request.decided_at = RequestState.PENDING.value, None
        reported = _reported_rows(session, share)
        for row in reported:
            row.pending_at = request.asked_at
        event = RequestRevived(
            task_id=share.task_id,
            unit_id=share.unit_id,
            request_id=request.id or 0,
            kind=request.kind,
            asked_at=request.asked_at,
            rows=tuple(row.id or 0 for row in reported),
        )
        event_log.record(session, event, actor=actor, at=at)
    session.flush()


def _reported_rows(session: Session, share: AssignmentRow) -> list[FormRow]:
    """Return what was reported of a share and lies with the office or came back since."""
    reported = (RowState.FILED.value, RowState.RETURNED.value)
    wanted = select(FormRow).where(
        col(FormRow.assignment_id) == share.id, col(FormRow.state).in_(reported), ~is_of_emergency()
    )
    return list(session.scalars(wanted.order_by(col(FormRow.id)).with_for_update()))
