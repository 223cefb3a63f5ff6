"""A unit answers that its claim was lowered 「核定异议」; the office upholds its word or restores the unit's."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.events.requests import RequestAsked, RequestGranted
from tracker.domain.filings import ReportKind, RequestKind, RequestState, check_reason
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_GOES_ON, AssignmentState, TaskState
from tracker.domain.objections import NothingToObject, ObjectedAlready, ObjectionTooLate, admits_objection
from tracker.domain.windows import Reckoning
from tracker.steps.requests import decide_request, undecided_request
from tracker.steps.shares import load_share
from tracker.store import event_log
from tracker.store.queries.outages import terms
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def object_to_claim(session: Session, *, report_id: int, reason: str, actor: Actor, at: datetime, by: Reckoning) -> int:
    """Answer a lowered claim in writing, once and in time; return the request's id.

    The lowered claim stands until the office decides, and no moment of a row moves. Records RequestAsked. Raises
    ReasonRequired, NotFound, NotYourTask, NothingToObject, ObjectedAlready, ObjectionTooLate.
    """
    reason = check_reason(reason)
    share_id = session.scalars(select(col(ReportRow.assignment_id)).where(col(ReportRow.id) == report_id)).first()
    if share_id is None:
        raise NotFound()
    share, task = load_share(session, assignment_id=share_id, actor=actor, act="object")
    report = session.get_one(ReportRow, report_id, populate_existing=True)
    _check(session, report, share, task, at=at, by=by)
    request = RequestRow(
        kind=RequestKind.OBJECTION.value,
        assignment_id=share_id,
        report_id=report_id,
        reason=reason,
        asked_by=actor.name,
        asked_at=at,
    )
    session.add(request)
    session.flush()
    event = RequestAsked(
        task_id=share.task_id,
        unit_id=share.unit_id,
        request_id=request.id or 0,
        kind=request.kind,
        reason=reason,
        rows=(),
        report_id=report_id,
        claim=report.verified_claim,
        own_claim=report.claim,
    )
    event_log.record(session, event, actor=actor, at=at)
    return request.id or 0


def restore_claim(session: Session, *, request_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Find for the unit: what it claimed is what the office holds to be true 「恢复自报」, from now on.

    Records RequestGranted. Raises ReasonRequired, NotYourTask, NotFound, RequestAlreadyDecided.
    """
    reason = check_reason(reason)
    request = undecided_request(session, request_id=request_id, kind=RequestKind.OBJECTION, actor=actor)
    report = session.scalars(select(ReportRow).where(col(ReportRow.id) == request.report_id).with_for_update()).one()
    report.verified_claim, report.verified_reason = report.claim, reason
    decide_request(request, RequestState.GRANTED, reason=reason, actor=actor, at=at)
    share = session.get_one(AssignmentRow, request.assignment_id)
    event = RequestGranted(
        task_id=share.task_id,
        unit_id=share.unit_id,
        request_id=request_id,
        kind=request.kind,
        rows=(),
        reason=reason,
        report_id=request.report_id,
        claim=report.verified_claim,
    )
    event_log.record(session, event, actor=actor, at=at)


def _check(
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
