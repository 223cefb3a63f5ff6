"""What a unit asks the office for, checked by the rules of its kind, and how it leaves the unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.cadences import is_emergency_clock
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.requests import RequestAsked
from tracker.domain.filings import (
    DISPUTE_WORKDAYS,
    NothingToExtend,
    ReportKind,
    RequestKind,
    RequestPending,
    check_extension,
    check_reason,
)
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    TASK_GOES_ON,
    TASK_OWING,
    AssignmentAction,
    AssignmentState,
    TaskState,
    advance_assignment,
)
from tracker.domain.objections import NothingToObject, ObjectedAlready, ObjectionTooLate, admits_objection
from tracker.domain.owed import RowState
from tracker.domain.petitions import Asked
from tracker.domain.windows import Reckoning
from tracker.steps.for_the_leader import is_for_the_leader
from tracker.steps.holding import hold_again
from tracker.steps.requests import lock_row
from tracker.steps.row_moments import moment_of
from tracker.steps.shares import load_share
from tracker.store import event_log
from tracker.store.queries.emergencies import is_of_emergency
from tracker.store.queries.outages import terms
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


class DisputeTooLate(Rejected):
    """A share is disputed within two working days of 交办; facts: until."""

    code = "dispute_too_late"


class EmergencyClock(Rejected):
    """Nobody gets more time for the clock of an emergency."""

    code = "emergency_clock"


@dataclass(frozen=True, slots=True)
class Raised:
    """A request that its rules admit at the moment: the `rows` that would wait for it, of a claim the `report`."""

    request: RequestRow
    share: AssignmentRow
    rows: Sequence[FormRow] = ()
    report: ReportRow | None = None


def admit(session: Session, asked: Asked, *, actor: Actor, at: datetime, by: Reckoning) -> Raised:
    """Return what is asked for as a request that nobody has asked yet; nothing is moved and nothing kept.

    Raises what `admit_extension`, `admit_dispute` and `admit_objection` raise.
    """
    if asked.new_due_on is not None:
        return admit_extension(session, asked.about_id, asked.new_due_on, reason=asked.reason, actor=actor, at=at)
    if asked.kind is RequestKind.DISPUTE:
        return admit_dispute(session, asked.about_id, reason=asked.reason, actor=actor, at=at, by=by)
    return admit_objection(session, asked.about_id, reason=asked.reason, actor=actor, at=at, by=by)


def admit_extension(
    session: Session, row_id: int, new_due_on: date, *, reason: str, actor: Actor, at: datetime
) -> Raised:
    """Check that more time may be asked for on a row, before its moment has passed.

    After a first filing only a running correction is extended. Raises NotFound, NotYourTask, NothingToExtend,
    EmergencyClock, RequestPending, ReasonRequired, NotAnExtension, ExtensionTooLate.
    """
    reason = check_reason(reason)
    row = lock_row(session, row_id)
    if row is None or row.assignment_id is None:
        raise NotFound()
    share, task = load_share(session, assignment_id=row.assignment_id, actor=actor, act="request_extension")
    if row.state not in (RowState.OPEN.value, RowState.RETURNED.value) or TaskState(task.state) not in TASK_OWING:
        raise NothingToExtend()
    series = session.get_one(SeriesRow, session.get_one(PeriodRow, row.period_id).series_id)
    if is_emergency_clock(CadenceKind(series.kind), by_event=series.trigger_id is not None):
        raise EmergencyClock()
    if row.pending_at is not None:
        raise RequestPending()
    due_at = moment_of(session, row)
    request = RequestRow(
        kind=RequestKind.EXTENSION.value,
        assignment_id=row.assignment_id,
        row_id=row.id,
        reason=reason,
        old_due_at=due_at,
        new_due_at=check_extension(due_at, now=at, new_due_on=new_due_on),
        by_leader=is_for_the_leader(session, row, task, new_due_on),
        asked_by=actor.name,
        asked_at=at,
    )
    return Raised(request, share, [row])


def admit_dispute(
    session: Session, assignment_id: int, *, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> Raised:
    """Check that a share may be disputed. Raises NotFound, NotYourTask, DisputeTooLate, ReasonRequired,
    TransitionRefused.
    """
    reason = check_reason(reason)
    share, _task = load_share(session, assignment_id=assignment_id, actor=actor, act="dispute")
    until = terms(session, by=by).last_day(share.got_on or local_day(at), workdays=DISPUTE_WORKDAYS)
    if local_day(at) > until:
        raise DisputeTooLate(until=until)
    advance_assignment(AssignmentState(share.state), AssignmentAction.DISPUTE)
    rows = _open_rows(session, assignment_id)
    request = RequestRow(
        kind=RequestKind.DISPUTE.value, assignment_id=assignment_id, reason=reason, asked_by=actor.name, asked_at=at
    )
    return Raised(request, share, [row for row in rows if row.pending_at is None])


def admit_objection(
    session: Session, report_id: int, *, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> Raised:
    """Check that a lowered claim may be answered. Raises ReasonRequired, NotFound, NotYourTask, NothingToObject,
    ObjectedAlready, ObjectionTooLate.
    """
    reason = check_reason(reason)
    share_id = session.scalars(select(col(ReportRow.assignment_id)).where(col(ReportRow.id) == report_id)).first()
    if share_id is None:
        raise NotFound()
    share, task = load_share(session, assignment_id=share_id, actor=actor, act="object")
    report = session.get_one(ReportRow, report_id, populate_existing=True)
    _check_lowered(session, report, share, task, at=at, by=by)
    request = RequestRow(
        kind=RequestKind.OBJECTION.value,
        assignment_id=share_id,
        report_id=report_id,
        reason=reason,
        asked_by=actor.name,
        asked_at=at,
    )
    return Raised(request, share, report=report)


def put(session: Session, raised: Raised, *, actor: Actor, at: datetime, petition_id: int | None = None) -> int:
    """Let a request leave the unit; from now on the office has the ball. Return its id. Records RequestAsked."""
    request, share, report = raised.request, raised.share, raised.report
    session.add(request)
    session.flush()
    if request.kind == RequestKind.DISPUTE.value:
        share.state = advance_assignment(AssignmentState(share.state), AssignmentAction.DISPUTE).value
    for row in raised.rows:
        row.pending_at = at
    event = RequestAsked(
        task_id=share.task_id,
        unit_id=share.unit_id,
        request_id=request.id or 0,
        kind=request.kind,
        reason=request.reason,
        rows=tuple(row.id or 0 for row in raised.rows),
        new_due_at=request.new_due_at,
        report_id=request.report_id,
        claim=report.verified_claim if report else None,
        own_claim=report.claim if report else None,
        petition_id=petition_id,
    )
    event_log.record(session, event, actor=actor, at=at)
    if request.kind == RequestKind.EXTENSION.value:  # a correction that is given more time holds what waits for it
        hold_again(session, share, actor=actor, at=at)
    return request.id or 0


def _open_rows(session: Session, assignment_id: int) -> list[FormRow]:
    wanted = select(FormRow).where(
        col(FormRow.assignment_id) == assignment_id,
        col(FormRow.state).in_([RowState.OPEN.value, RowState.RETURNED.value, RowState.FILED.value]),
        ~is_of_emergency(),
    )
    return list(session.scalars(wanted.order_by(col(FormRow.id)).with_for_update()))


def _check_lowered(
    session: Session, report: ReportRow, share: AssignmentRow, task: TaskRow, *, at: datetime, by: Reckoning
) -> None:
    asked = select(col(RequestRow.id)).where(col(RequestRow.report_id) == report.id)
    if session.scalars(asked).first() is not None:
        raise ObjectedAlready()
    ended = TaskState(task.state) not in TASK_GOES_ON or AssignmentState(share.state) in ASSIGNMENT_ENDED
    lowered = admits_objection(ReportKind(report.kind), own=report.claim, verified=report.verified_claim)
    if ended or not lowered or report.decided_at is None:
        raise NothingToObject()
    until = terms(session, by=by).last_day(local_day(report.decided_at), workdays=by.policy.objection_workdays)
    if local_day(at) > until:
        raise ObjectionTooLate(until=until)
