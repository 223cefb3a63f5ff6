"""Messages about decisions: who decided what, until when there is something to do, and where it goes on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.deliveries import Delivery
from tracker.domain.events.forms import OFFICE, DueMoved
from tracker.domain.events.reports import ReportSentBack, ReportVerified
from tracker.domain.events.requests import RequestGranted, RequestRefused
from tracker.domain.events.tasks import TaskCompleted, TaskReopened, TaskResumed
from tracker.domain.filings import ReportKind, RequestKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, AssignmentState, TaskState
from tracker.domain.objections import admits_objection
from tracker.domain.owed import RowState
from tracker.domain.windows import Reckoning
from tracker.steps.document_notices import Notice, to_signers
from tracker.steps.row_moments import moment_of
from tracker.steps.task_notices import of_every_unit, of_task, with_limit
from tracker.store.queries.leads import leads_of
from tracker.store.queries.outages import terms
from tracker.store.queries.units import present_units, unit_names
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.wording.decisions import (
    STILL_PAUSED,
    SUSPENDED_CORRECTION,
    claim_held_words,
    claim_lowered_words,
    correction_words,
    former_unit_words,
    left_to_report_words,
    named_otherwise_words,
    outcome_lowered_words,
    outcome_words,
    return_class_words,
    taken_back_words,
)
from tracker.wording.notices import objection_invited
from tracker.wording.quoting import stopped


@dataclass(frozen=True, slots=True)
class _Left:
    """A row that its unit has to report or to correct; `period_id` is the form, where it takes reports."""

    code: str
    due_at: datetime
    correction: bool
    period_id: int | None


def _left(session: Session, rows: Iterable[FormRow], *, at: datetime) -> list[_Left]:
    """Return what of rows waits for the unit, the earliest first."""
    found = []
    for row in rows:
        if row.state in (RowState.OPEN.value, RowState.RETURNED.value) and row.required:
            period = session.get_one(PeriodRow, row.period_id)
            open_id = period.id if period.opens_at <= at else None
            correction = row.state == RowState.RETURNED.value
            found.append(_Left(period.code, moment_of(session, row), correction, open_id))
    return sorted(found, key=lambda one: one.due_at)


def of_decision(session: Session, event: RequestGranted | RequestRefused, delivery: Delivery) -> list[Notice]:
    """Tell a unit, and who signed it, what became of its request, and until when it reports now."""
    if event.unit_id is None:
        return []
    new_due_at = event.new_due_at if isinstance(event, RequestGranted) else None
    asked_due_at = event.asked_due_at if isinstance(event, RequestGranted) else None
    said = event.reason if asked_due_at is None else named_otherwise_words(asked_due_at, reason=event.reason)
    said, left = with_limit(said, moment=new_due_at), []
    if event.kind == RequestKind.OBJECTION.value:
        request = session.get_one(RequestRow, event.request_id)
        report = session.get_one(ReportRow, request.report_id)
        said = f"{claim_held_words(report.verified_claim)}{said}"
    else:
        rows = session.scalars(select(FormRow).where(col(FormRow.id).in_(event.rows)).order_by(col(FormRow.id)))
        left = _left(session, rows, at=delivery.at)
        said = f"{stopped(said) if said else ''}{_until(event, left, is_said=new_due_at is not None)}"
    words = f"{event.type}.{event.kind}{_own_part_goes_on(session, event)}"
    open_id = left[0].period_id if left else None
    told = of_task(session, delivery, event.unit_id, said=said, words=words, period_id=open_id)
    return [to_signers(session, told)]


def _own_part_goes_on(session: Session, event: RequestGranted | RequestRefused) -> str:
    """Say where a unit that found right in a dispute lost only what it had taken over, and goes on with its own."""
    if not isinstance(event, RequestGranted) or event.kind != RequestKind.DISPUTE.value:
        return ""
    request = session.get_one(RequestRow, event.request_id)
    share = session.get_one(AssignmentRow, request.assignment_id)
    return "" if AssignmentState(share.state) in ASSIGNMENT_ENDED else ".lowered"


def _until(event: RequestGranted | RequestRefused, left: list[_Left], *, is_said: bool) -> str:
    """Say until when the rows are to be reported that waited for a decision, or that they still wait for another.

    Nothing where that `is_said` with the reason.
    """
    if event.kind == RequestKind.EXTENSION.value and not event.rows:
        return STILL_PAUSED
    if is_said:
        return ""
    return left_to_report_words([(one.code, one.due_at, one.correction) for one in left])


def of_given_back(session: Session, event: ReportSentBack, delivery: Delivery) -> list[Notice]:
    """Tell a unit, and who signed it, why its report came back and by when to correct it; what has ended is not."""
    if event.unit_id is None:
        return []
    report = session.get_one(ReportRow, event.report_id)
    row = session.get(FormRow, report.row_id) if report.row_id is not None else None
    due_at = event.correction_due_at
    if due_at is None and row is None and event.correct_by is not None and _goes_on(session, report):
        due_at = end_of_day(event.correct_by)
    filed_under = return_class_words(event.reason_class, unfit=event.unfit)
    mended = correction_words(due_at, beside=event.beside, reason_class=event.reason_class, reopened=event.reopened)
    if event.accepted:
        period = session.get_one(PeriodRow, row.period_id).code if row is not None else ""
        filed_under = f"{taken_back_words(period)}{filed_under}"
    if due_at is not None and _is_paused(session, event.task_id):
        mended = SUSPENDED_CORRECTION
    [unit_id] = present_units(session, [event.unit_id])
    said = f"{_of_another(session, event.unit_id, now=unit_id)}{stopped(event.reason)}{filed_under}{mended}"
    open_id = row.period_id if row is not None and due_at is not None else None
    return [to_signers(session, of_task(session, delivery, unit_id, said=said, period_id=open_id))]


def _of_another(session: Session, unit_id: int, *, now: int) -> str:
    """Say whose report it was, where its unit went up in the one that hears of it."""
    return "" if unit_id == now else former_unit_words(unit_names(session, {unit_id})[unit_id])


def _is_paused(session: Session, task_id: int | None) -> bool:
    return task_id is not None and session.get_one(TaskRow, task_id).state == TaskState.SUSPENDED.value


def _goes_on(session: Session, report: ReportRow) -> bool:
    share = session.get(AssignmentRow, report.assignment_id) if report.assignment_id is not None else None
    return share is None or AssignmentState(share.state) not in ASSIGNMENT_ENDED


def of_moved_row(session: Session, event: DueMoved, delivery: Delivery) -> list[Notice]:
    """Tell a unit that the office moved its moment unasked; any other move is told by what caused it."""
    if event.cause != OFFICE or event.unit_id is None:
        return []
    period = session.get_one(PeriodRow, event.period_id)
    open_id = period.id if period.opens_at <= delivery.at else None
    said = with_limit(event.reason, moment=event.new_due_at)
    return [of_task(session, delivery, event.unit_id, said=said, period_id=open_id)]


def of_completed(session: Session, event: TaskCompleted, delivery: Delivery) -> list[Notice]:
    """Tell every unit of a task that it is completed, and whether what was aimed at was met; its leads' heads too."""
    leads = leads_of(session, event.task_id or 0)
    told = of_every_unit(session, delivery, said=outcome_words(event.outcome))
    return [to_signers(session, one) if one.unit_id in leads else one for one in told]


def of_resumed(session: Session, event: TaskReopened | TaskResumed, delivery: Delivery) -> list[Notice]:
    """Tell every unit of a task that goes on what it reports next, and by when."""
    given, found = stopped(with_limit(event.reason, day=event.new_deadline_on)), []
    for notice in of_every_unit(session, delivery, said=given):
        unit_id = notice.unit_id or 0
        left = _left(session, _rows_of_unit(session, event.task_id or 0, unit_id), at=delivery.at)[:1]
        by = left_to_report_words([(one.code, one.due_at, one.correction) for one in left])
        said = f"{given}{by}"
        found.append(of_task(session, delivery, unit_id, said=said, period_id=left[0].period_id if left else None))
    return found


def _rows_of_unit(session: Session, task_id: int, unit_id: int) -> Iterable[FormRow]:
    return session.scalars(
        select(FormRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(col(AssignmentRow.task_id) == task_id, col(AssignmentRow.unit_id) == unit_id)
        .order_by(col(FormRow.id))
    )


def of_reopened(session: Session, event: TaskReopened, delivery: Delivery) -> list[Notice]:
    """Tell every unit of a task that is taken up again by itself: of a whole document it is told once."""
    return [] if event.with_document else of_resumed(session, event, delivery)


def of_lowered_claim(session: Session, event: ReportVerified, delivery: Delivery, by: Reckoning) -> list[Notice]:
    """Tell a unit that less is held to be true than it claimed; a confirmed claim needs no word.

    Where it may answer it hears until when. Who signed the claim hears it too.
    """
    claim, own = event.claim, event.own_claim
    less = claim_lowered_words(claim, own=own) if own is not None and claim != own else ""
    if event.outcome and event.own_outcome and event.outcome != event.own_outcome:
        less += outcome_lowered_words(event.outcome, own=event.own_outcome)
    if not less or event.unit_id is None:
        return []
    said = f"{less}{stopped(event.reason)}"
    if admits_objection(ReportKind(event.kind), own=own, verified=claim):
        decided_on = local_day(delivery.at)
        until = terms(session, by=by).last_day(decided_on, workdays=by.policy.objection_workdays)
        said = f"{said}{objection_invited(until)}"
    return [to_signers(session, of_task(session, delivery, event.unit_id, said=said))]
