"""A liaison asks in the unit's name 「延期、异议」: the head signs it, or gives it back, before it leaves."""

from datetime import date, datetime

from sqlalchemy import Select, select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import NotFound
from tracker.domain.events.petitions import PetitionStopped, PetitionWritten
from tracker.domain.filings import RequestKind, check_reason
from tracker.domain.petitions import Asked, PetitionOver, PetitionState, PetitionWaits
from tracker.domain.windows import Reckoning
from tracker.steps.locking import lock_work
from tracker.steps.raising import Raised, admit, put
from tracker.store import event_log
from tracker.store.queries.units import units_acted_for
from tracker.store.tables.petitions import PetitionRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow


def petition(session: Session, asked: Asked, *, actor: Actor, at: datetime, by: Reckoning) -> int | None:
    """Write what a unit asks for, for its head to sign; return its id.

    None where it left at once: the head asks himself, or the unit needs no sign-off. The rules are those of what is
    asked; nothing waits for it yet, and the clock of its rows runs on. Records PetitionWritten, or RequestAsked. Raises
    PetitionWaits, and what `admit` raises.
    """
    raised = admit(session, asked, actor=actor, at=at, by=by)
    if actor.role is Role.UNIT_HEAD or not session.get_one(UnitRow, raised.share.unit_id).needs_sign_off:
        put(session, raised, actor=actor, at=at)
        return None
    if session.scalars(_waiting_like(raised)).first() is not None:
        raise PetitionWaits()
    return _keep(session, raised, asked.new_due_on, actor=actor, at=at)


def sign_petition(session: Session, *, petition_id: int, actor: Actor, at: datetime, by: Reckoning) -> int:
    """Sign what a liaison asks for: it leaves the unit as the head's request; return the request's id.

    It is checked anew, for what it is about went on meanwhile; refused, it goes on waiting. Records RequestAsked.
    Raises NotFound, NotYourTask, PetitionOver, and what `admit` raises.
    """
    require_role(actor, Role.UNIT_HEAD, act="sign_off")
    row, _share = _waiting(session, petition_id, actor=actor)
    raised = admit(session, _asked(row), actor=actor, at=at, by=by)
    row.request_id = put(session, raised, actor=actor, at=at, petition_id=petition_id)
    row.state, row.ended_by, row.ended_at = PetitionState.SIGNED.value, actor.name, at
    return row.request_id


def send_petition_back(session: Session, *, petition_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Give it back to the liaison with a reason; nothing has left the unit.

    Records PetitionStopped. Raises NotFound, NotYourTask, PetitionOver, ReasonRequired.
    """
    require_role(actor, Role.UNIT_HEAD, act="sign_off")
    row, share = _waiting(session, petition_id, actor=actor)
    _stop(session, row, share, PetitionState.SENT_BACK, reason=check_reason(reason), actor=actor, at=at)


def withdraw_petition(session: Session, *, petition_id: int, actor: Actor, at: datetime) -> None:
    """Take back what the head has not signed, whether or not what it is about goes on.

    Records PetitionStopped. Raises NotFound, NotYourTask, PetitionOver.
    """
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="report")
    row, share = _waiting(session, petition_id, actor=actor)
    _stop(session, row, share, PetitionState.WITHDRAWN, reason="", actor=actor, at=at)


def _keep(session: Session, raised: Raised, new_due_on: date | None, *, actor: Actor, at: datetime) -> int:
    request = raised.request
    row = PetitionRow(
        kind=request.kind,
        assignment_id=request.assignment_id,
        row_id=request.row_id,
        report_id=request.report_id,
        reason=request.reason,
        new_due_on=new_due_on,
        written_by=actor.name,
        written_by_id=actor.user_id,
        written_at=at,
    )
    session.add(row)
    session.flush()
    event = PetitionWritten(
        task_id=raised.share.task_id,
        unit_id=raised.share.unit_id,
        petition_id=row.id or 0,
        kind=row.kind,
        assignment_id=row.assignment_id,
        reason=row.reason,
        row_id=row.row_id,
        report_id=row.report_id,
        new_due_on=row.new_due_on,
    )
    event_log.record(session, event, actor=actor, at=at)
    return row.id or 0


def _waiting_like(raised: Raised) -> Select[int | None]:
    request = raised.request
    waits = select(col(PetitionRow.id)).where(
        col(PetitionRow.assignment_id) == request.assignment_id,
        col(PetitionRow.kind) == request.kind,
        col(PetitionRow.state) == PetitionState.AWAITING_SIGN_OFF.value,
    )
    if request.row_id is not None:
        return waits.where(col(PetitionRow.row_id) == request.row_id)
    return waits if request.report_id is None else waits.where(col(PetitionRow.report_id) == request.report_id)


def _waiting(session: Session, petition_id: int, *, actor: Actor) -> tuple[PetitionRow, AssignmentRow]:
    """Return what waits in a unit that the actor acts for, locked after its work. Raises NotFound, PetitionOver."""
    wanted = select(col(PetitionRow.assignment_id)).where(col(PetitionRow.id) == petition_id)
    lock_work(session, session.scalars(wanted))
    row = session.scalars(select(PetitionRow).where(col(PetitionRow.id) == petition_id).with_for_update()).first()
    if row is None:
        raise NotFound()
    share = session.get_one(AssignmentRow, row.assignment_id)
    if share.unit_id not in units_acted_for(session, actor.unit_id):
        raise NotFound()
    if row.state != PetitionState.AWAITING_SIGN_OFF.value:
        raise PetitionOver()
    return row, share


def _asked(row: PetitionRow) -> Asked:
    about = row.row_id or row.report_id or row.assignment_id
    return Asked(RequestKind(row.kind), about, row.reason, row.new_due_on)


def _stop(
    session: Session,
    row: PetitionRow,
    share: AssignmentRow,
    state: PetitionState,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    row.state, row.ended_by, row.ended_at, row.ended_reason = state.value, actor.name, at, reason or None
    event = PetitionStopped(
        task_id=share.task_id,
        unit_id=share.unit_id,
        petition_id=row.id or 0,
        kind=row.kind,
        state=state.value,
        reason=reason,
    )
    event_log.record(session, event, actor=actor, at=at)
