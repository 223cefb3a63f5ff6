"""A unit answers that its claim was lowered 「核定异议」; the office upholds its word or restores the unit's."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.requests import RequestGranted
from tracker.domain.filings import RequestKind, RequestState, check_reason
from tracker.domain.windows import Reckoning
from tracker.steps.raising import admit_objection, put
from tracker.steps.requests import decide_request, undecided_request
from tracker.store import event_log
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import AssignmentRow


def object_to_claim(session: Session, *, report_id: int, reason: str, actor: Actor, at: datetime, by: Reckoning) -> int:
    """Answer a lowered claim in writing, once and in time; return the request's id.

    The lowered claim stands until the office decides, and no moment of a row moves. Records RequestAsked. Raises
    ReasonRequired, NotFound, NotYourTask, NothingToObject, ObjectedAlready, ObjectionTooLate.
    """
    return put(
        session, admit_objection(session, report_id, reason=reason, actor=actor, at=at, by=by), actor=actor, at=at
    )


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
