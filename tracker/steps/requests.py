"""Requests of units, as whoever decides them finds and ends them."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import NotFound
from tracker.domain.filings import (
    RequestAlreadyDecided,
    RequestKind,
    RequestState,
)
from tracker.steps.for_the_leader import LeaderDecides
from tracker.steps.locking import lock_work
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import FormRow


def lock_row(session: Session, row_id: int) -> FormRow | None:
    """Return a row of a form, locked after the work it belongs to; None where there is none."""
    lock_work(session, session.exec(select(col(FormRow.assignment_id)).where(col(FormRow.id) == row_id)))
    return session.exec(select(FormRow).where(col(FormRow.id) == row_id).with_for_update()).first()


def undecided_request(session: Session, *, request_id: int, kind: RequestKind | None, actor: Actor) -> RequestRow:
    """Return a request that the actor may decide, locked, of a kind or of any.

    Raises NotYourTask, NotFound, RequestAlreadyDecided, LeaderDecides.
    """
    require_role(actor, Role.SUPERVISOR, Role.LEADER, act="decide_extension")
    share_id = session.exec(select(RequestRow.assignment_id).where(col(RequestRow.id) == request_id)).first()
    lock_work(session, [share_id])
    request = session.exec(select(RequestRow).where(col(RequestRow.id) == request_id).with_for_update()).first()
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
    request.version += 1
