"""A unit asks for more time on a row 「延期」 or disputes its share 「异议」; undecided, the office has the ball."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role
from tracker.domain.calendar import end_of_day
from tracker.domain.deadlines import due_day
from tracker.domain.entered import check_day_ahead
from tracker.domain.events.requests import RequestGranted, RequestRefused
from tracker.domain.filings import (
    NotAnExtension,
    NothingToExtend,
    RequestKind,
    RequestState,
    after_refusal,
    check_reason,
)
from tracker.domain.lifecycle import AssignmentAction
from tracker.domain.windows import Reckoning
from tracker.steps.for_the_leader import LeaderDecides, is_for_the_leader, pass_to_the_leader
from tracker.steps.holding import hold_again
from tracker.steps.raising import admit_dispute, admit_extension, put
from tracker.steps.requests import decide_request, undecided_request
from tracker.steps.resetting import disputed_since
from tracker.steps.row_moments import extend_row, extended_moment, hand_back
from tracker.steps.tasks import move_share
from tracker.store import event_log
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@dataclass(frozen=True, slots=True)
class RequestExtension:
    """`new_due_on` is a day in Asia/Shanghai, inclusive."""

    row_id: int
    new_due_on: date
    reason: str


def request_extension(session: Session, command: RequestExtension, *, actor: Actor, at: datetime) -> int:
    """Ask for a later moment of a row before it has passed; return the request's id.

    After a first filing only a running correction is extended. A second extension of a row, or one past a date that
    the document prints, goes to the leader. Records RequestAsked. Raises NotFound, NotYourTask, NothingToExtend,
    EmergencyClock, RequestPending, ReasonRequired, NotAnExtension, ExtensionTooLate.
    """
    raised = admit_extension(session, command.row_id, command.new_due_on, reason=command.reason, actor=actor, at=at)
    return put(session, raised, actor=actor, at=at)


def dispute_share(
    session: Session, *, assignment_id: int, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> int:
    """Dispute a share 「异议」 within two working days of getting it; return the request's id.

    Records RequestAsked. Raises NotFound, NotYourTask, DisputeTooLate, RequestPending, ReasonRequired,
    TransitionRefused.
    """
    raised = admit_dispute(session, assignment_id, reason=reason, actor=actor, at=at, by=by)
    return put(session, raised, actor=actor, at=at)


def grant_extension(
    session: Session,
    *,
    request_id: int,
    actor: Actor,
    at: datetime,
    by: Reckoning,
    new_due_on: date | None = None,
    reason: str = "",
) -> None:
    """Grant more time, as asked or to another day: the row's moment moves, the next period keeps its dates.

    Who gives less than was asked for says why.

    Decided late, it gives no less than a refusal: until the end of the second working day after the decision. Where
    another act gave the row more than it asked for, the row keeps that.
    Lateness of a filing made meanwhile is decided by the new moment. Whose decision it is depends on the day that is
    granted, whatever day was asked for. Records RequestGranted, DueMoved, LatenessFixed.
    Raises NotYourTask, NotFound, RequestAlreadyDecided, LeaderDecides, NotAnExtension, ReasonRequired, ReasonTooLong.
    """
    request = undecided_request(session, request_id=request_id, kind=RequestKind.EXTENSION, actor=actor)
    row = session.scalars(select(FormRow).where(col(FormRow.id) == request.row_id).with_for_update()).one()
    share = session.get_one(AssignmentRow, request.assignment_id)
    new_due_at = _granted_moment(session, request, row, share, new_due_on=new_due_on, actor=actor)
    asked_due_at = request.new_due_at if new_due_on and new_due_at != request.new_due_at else None
    given_less = asked_due_at is not None and new_due_at < asked_due_at
    reason = check_reason(reason) if given_less or reason.strip() else ""
    grace_until = after_refusal(at, now=at, calendar=by.calendar, grace_workdays=by.policy.decision_grace_workdays)
    request.new_due_at = max(new_due_at, grace_until)
    decide_request(request, RequestState.GRANTED, reason=reason or None, actor=actor, at=at)
    pass_to_the_leader(session, row)
    freed = _freed(session, request, [row])
    for one in freed:
        one.pending_at = None
    event = RequestGranted(
        task_id=share.task_id,
        unit_id=share.unit_id,
        request_id=request_id,
        kind=request.kind,
        rows=tuple(one.id or 0 for one in freed),
        reason=reason,
        new_due_at=request.new_due_at,
        asked_due_at=asked_due_at,
    )
    event_log.record(session, event, actor=actor, at=at)
    extend_row(session, row, new_due_at, grace_until=grace_until, actor=actor, at=at)
    hold_again(session, share, actor=actor, at=at)


def _granted_moment(
    session: Session,
    request: RequestRow,
    row: FormRow,
    share: AssignmentRow,
    *,
    new_due_on: date | None,
    actor: Actor,
) -> datetime:
    """Return what a grant gives: the day that the office names, else the one asked for or the row's own where later."""
    if request.old_due_at is None or request.new_due_at is None:
        raise NothingToExtend()
    moment = extended_moment(session, row)  # another act may have moved it since the unit asked
    wanted_on, since = new_due_on or due_day(request.new_due_at), due_day(max(moment, request.old_due_at))
    new_due_at = end_of_day(check_day_ahead(wanted_on, field="新时限", since=since))
    if new_due_at <= moment:
        if new_due_on is None:
            return moment
        raise NotAnExtension(due_on=due_day(moment), new_due_on=new_due_on)
    task = session.get_one(TaskRow, share.task_id)
    if actor.role is not Role.LEADER and is_for_the_leader(session, row, task, due_day(new_due_at)):
        raise LeaderDecides()
    return new_due_at


def refuse_request(
    session: Session, *, request_id: int, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> None:
    """Refuse an extension, or uphold a disputed share or a lowered claim 「维持」, with a reason.

    The rows that waited for it are due at their old moment, or at the end of the second working day after the decision
    where that is later. Records RequestRefused, DueMoved, LatenessFixed. Raises NotYourTask, NotFound,
    RequestAlreadyDecided, LeaderDecides, ReasonRequired.
    """
    reason = check_reason(reason)
    request = undecided_request(session, request_id=request_id, kind=None, actor=actor)
    share = session.get_one(AssignmentRow, request.assignment_id)
    decide_request(request, RequestState.REFUSED, reason=reason, actor=actor, at=at)
    if request.kind == RequestKind.DISPUTE.value and not _is_disputed_by_another(session, request):
        move_share(share, AssignmentAction.UPHOLD)  # none, where a merger brought the dispute to a share in work
    rows = _freed(session, request, _rows_of(session, request))
    ids = tuple(row.id or 0 for row in rows)
    event = RequestRefused(
        task_id=share.task_id,
        unit_id=share.unit_id,
        request_id=request_id,
        kind=request.kind,
        rows=ids,
        reason=reason,
    )
    event_log.record(session, event, actor=actor, at=at)
    for row in rows:
        hand_back(session, row, actor=actor, at=at, by=by)
    hold_again(session, share, actor=actor, at=at)


def _rows_of(session: Session, request: RequestRow) -> list[FormRow]:
    if request.kind == RequestKind.OBJECTION.value:  # no row waits for it
        return []
    if request.row_id is not None:
        return list(session.scalars(select(FormRow).where(col(FormRow.id) == request.row_id).with_for_update()))
    extended = select(col(RequestRow.row_id)).where(
        col(RequestRow.assignment_id) == request.assignment_id,
        col(RequestRow.row_id).is_not(None),
        col(RequestRow.state) == RequestState.PENDING.value,
    )
    own = set(session.scalars(extended))
    waiting = select(FormRow).where(
        col(FormRow.assignment_id) == request.assignment_id,
        col(FormRow.pending_at).is_not(None),  # also what was filed and accepted meanwhile
    )
    rows = session.scalars(waiting.order_by(col(FormRow.id)).with_for_update()).all()
    return [row for row in rows if row.id not in own]


def _is_disputed_by_another(session: Session, request: RequestRow) -> bool:
    """Tell whether another dispute of a share is undecided: a merger makes one share of two."""
    session.flush()
    others = select(col(RequestRow.id)).where(
        col(RequestRow.assignment_id) == request.assignment_id,
        col(RequestRow.kind) == RequestKind.DISPUTE.value,
        col(RequestRow.state) == RequestState.PENDING.value,
    )
    return session.scalars(others).first() is not None


def _freed(session: Session, request: RequestRow, rows: Sequence[FormRow]) -> list[FormRow]:
    """Return the rows that wait for nothing more once a request is decided.

    A dispute of the share holds them all, another extension its row: a merger makes one row of two.
    """
    session.flush()
    if disputed_since(session, request.assignment_id) is not None:
        return []
    asked = select(col(RequestRow.row_id)).where(
        col(RequestRow.row_id).in_([row.id for row in rows]), col(RequestRow.state) == RequestState.PENDING.value
    )
    waiting = set(session.scalars(asked))
    return [row for row in rows if row.id not in waiting]
