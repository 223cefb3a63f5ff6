"""The office reviews by row: accepts with its own word, lowers a claim with a reason, returns with a moment."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.deadlines import due_day
from tracker.domain.events.reports import ReportSentBack
from tracker.domain.falsity import AnotherUnderReview, ObjectionUndecided, check_return_reason
from tracker.domain.filings import (
    ReportKind,
    ReportState,
    RequestState,
    ReturnReason,
    open_correction,
)
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    ASSIGNMENT_TRANSITIONS,
    TASK_GOES_ON,
    TASK_OWING,
    TASK_TRANSITIONS,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
    advance_assignment,
    advance_task,
)
from tracker.domain.owed import RowState
from tracker.domain.windows import CLOSING, Reckoning
from tracker.steps.holding import completion_under_review, free_rows, hold_again
from tracker.steps.reports import accepted_progress, decide_report, report_under_review, unit_of_report
from tracker.steps.settling import settle_rows
from tracker.store import event_log
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import CorrectionRow, ReportRow, RequestRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def return_report(
    session: Session,
    *,
    report_id: int,
    reason: str,
    reason_class: ReturnReason,
    actor: Actor,
    at: datetime,
    by: Reckoning,
) -> None:
    """Return one report 「退回」 with a reason; a correction with a moment of its own runs, each return its own.

    Of what has ended meanwhile nothing is corrected, so no day is set; nor where a merger brought a second report to
    the row that was accepted or is still under review. That a report is untrue is for the office alone to find. Records
    ReportSentBack. Raises NotYourTask, NotFound, NotUnderReview, and what `check_return_reason` raises.
    """
    reason = check_return_reason(reason, reason_class)
    if reason_class is ReturnReason.FALSIFIED:
        require_role(actor, Role.SUPERVISOR, act="review")
    report, row = report_under_review(session, report_id=report_id, actor=actor)
    share = session.get(AssignmentRow, report.assignment_id) if report.assignment_id else None
    due_at, closing = _asked_by(session, row) if row is not None else (at, False)
    live = _is_live(session, share) if share is not None else row is not None and _is_ticked(session, row)
    asks_too = _another_completion(session, report)
    answered = asks_too if row is None else _is_answered(session, row, but=report_id)
    beside = answered or asks_too
    until = _correct_by(due_at, now=at, by=by) if live and not answered else None
    if row is not None and not answered:
        _return_row(session, row, report_id=report_id, due_at=until, actor=actor, at=at)
    if report.kind == ReportKind.COMPLETION.value and share is not None and not beside:
        _return_completion(session, share, report_id, closing=closing, actor=actor, at=at, by=by)
    report.reason_class, report.correct_by = reason_class.value, due_day(until) if until else None
    decide_report(report, ReportState.RETURNED, actor=actor, at=at, reason=reason)
    task_id, corrected_by = share.task_id if share else None, until if row is not None else None
    event = _sent_back(session, report, task_id=task_id, due_at=corrected_by, closing=closing, beside=beside)
    event_log.record(session, event, actor=actor, at=at)
    if share is not None and live:
        hold_again(session, share, actor=actor, at=at)


def return_untrue_report(
    session: Session, *, report_id: int, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> int:
    """Return an accepted report on progress that was found untrue afterwards 「弄虚作假」; return the task's id.

    Its acceptance, its values and its word hold no more. While the work goes on its row is corrected as after any
    return; of what has ended nothing is, nor where a merger brought another accepted report to the row. One that is
    under review there is decided first. A completion that was accepted is found untrue by taking the work up again
    (`reopen_task`). Records ReportSentBack. Raises NotYourTask, NotFound, NotAccepted, ObjectionUndecided,
    AnotherUnderReview, and what `check_return_reason` raises.
    """
    require_role(actor, Role.SUPERVISOR, act="review")
    reason = check_return_reason(reason, ReturnReason.FALSIFIED)
    report, row = accepted_progress(session, report_id=report_id, actor=actor)
    if _objected(session, report_id):
        raise ObjectionUndecided()
    share = session.get_one(AssignmentRow, report.assignment_id)
    others = _others_on(session, row, but=report_id) if row is not None else frozenset()
    if ReportState.FILED.value in others:
        raise AnotherUnderReview()
    until, closing, beside = None, False, ReportState.ACCEPTED.value in others
    if row is not None and row.state == RowState.ACCEPTED.value and not beside and _is_live(session, share):
        due_at, closing = _asked_by(session, row)
        until = _correct_by(due_at, now=at, by=by)
        _return_row(session, row, report_id=report_id, due_at=until, actor=actor, at=at)
    report.verified_claim = report.verified_reason = report.verified_outcome = None
    report.reason_class, report.correct_by = ReturnReason.FALSIFIED.value, due_day(until) if until else None
    decide_report(report, ReportState.RETURNED, actor=actor, at=at, reason=reason)
    event = _sent_back(session, report, task_id=share.task_id, due_at=until, closing=closing, beside=beside)
    event_log.record(session, replace(event, accepted=True), actor=actor, at=at)
    if _is_live(session, share):
        hold_again(session, share, actor=actor, at=at)
    return share.task_id


def _objected(session: Session, report_id: int) -> bool:
    waiting = select(col(RequestRow.id)).where(
        col(RequestRow.report_id) == report_id, is_one_of(col(RequestRow.state), RequestState.PENDING.value)
    )
    return session.scalars(waiting).first() is not None


def _others_on(session: Session, row: FormRow, *, but: int) -> frozenset[str]:
    """Return the states of the other reports on a row."""
    others = select(col(ReportRow.state)).where(col(ReportRow.row_id) == row.id, col(ReportRow.id) != but)
    return frozenset(session.scalars(others))


def _sent_back(
    session: Session, report: ReportRow, *, task_id: int | None, due_at: datetime | None, closing: bool, beside: bool
) -> ReportSentBack:
    reason_class = report.reason_class or ""
    return ReportSentBack(
        task_id=task_id,
        unit_id=unit_of_report(session, report),
        report_id=report.id or 0,
        kind=report.kind,
        reason=report.decision_reason or "",
        reason_class=reason_class,
        correct_by=report.correct_by,
        row_id=report.row_id,
        correction_due_at=due_at,
        unfit=reason_class == ReturnReason.NO_SUBSTANCE.value and _was_empty_before(session, report),
        closing=closing,
        beside=beside,
    )


def _correct_by(due_at: datetime, *, now: datetime, by: Reckoning) -> datetime:
    workdays = by.policy.correction_workdays
    return open_correction(due_at, now=now, calendar=by.calendar, correction_workdays=workdays).due_at


def _asked_by(session: Session, row: FormRow) -> tuple[datetime, bool]:
    """Return by when a row was asked, and whether it asks for a closing report."""
    period = session.get_one(PeriodRow, row.period_id)
    return row.due_at or period.due_at, period.code == CLOSING


def _return_row(
    session: Session, row: FormRow, *, report_id: int, due_at: datetime | None, actor: Actor, at: datetime
) -> None:
    """Have a row corrected by a moment; without one nothing is corrected any more, and what was filed last stands."""
    if due_at is None:
        settle_rows(session, [row], RowState.STANDS, cause="returned_after_the_end", actor=actor, at=at)
        return
    row.state, row.correction_due_at = RowState.RETURNED.value, due_at
    session.add(CorrectionRow(row_id=row.id or 0, report_id=report_id, opened_at=at, due_at=due_at))


def _is_answered(session: Session, row: FormRow, *, but: int) -> bool:
    """Tell whether another report on a row was accepted or is under review: two units that merged filed one each."""
    return row.state == RowState.ACCEPTED.value or ReportState.FILED.value in _others_on(session, row, but=but)


def _another_completion(session: Session, report: ReportRow) -> bool:
    """Tell whether another completion report of the same share is under review, of a unit that went up in its own."""
    others = select(col(ReportRow.id)).where(
        col(ReportRow.assignment_id) == report.assignment_id,
        col(ReportRow.id) != report.id,
        col(ReportRow.kind) == ReportKind.COMPLETION.value,
        col(ReportRow.state) == ReportState.FILED.value,
    )
    return report.kind == ReportKind.COMPLETION.value and session.scalars(others).first() is not None


def _was_empty_before(session: Session, report: ReportRow) -> bool:
    """Tell whether this report mends one of the same row that was returned for want of substance before."""
    before = select(col(ReportRow.id)).where(
        col(ReportRow.row_id) == report.row_id,
        col(ReportRow.id) != report.id,
        col(ReportRow.reason_class) == ReturnReason.NO_SUBSTANCE.value,
        col(ReportRow.decided_at) <= report.written_at,
    )
    return report.row_id is not None and session.scalars(before).first() is not None


def _return_completion(
    session: Session,
    share: AssignmentRow,
    report_id: int,
    *,
    closing: bool,
    actor: Actor,
    at: datetime,
    by: Reckoning,
) -> None:
    """Let the lead go on with all that waited; what had lapsed awaits its closing report again 「失效待结」."""
    if (AssignmentState(share.state), AssignmentAction.RETURN) in ASSIGNMENT_TRANSITIONS:
        share.state = advance_assignment(AssignmentState(share.state), AssignmentAction.RETURN).value
    if share.role == AssignmentRole.LEAD.value and not _another_completion_waits(session, share):
        task = session.get_one(TaskRow, share.task_id)
        if (TaskState(task.state), TaskAction.RETURN) in TASK_TRANSITIONS:
            action = TaskAction.LAPSE if closing else TaskAction.RETURN
            task.state = advance_task(TaskState(task.state), action).value
    if share.role == AssignmentRole.LEAD.value:
        free_rows(session, share, report_id=report_id, actor=actor, at=at, by=by)


def _another_completion_waits(session: Session, share: AssignmentRow) -> bool:
    """Tell whether another lead's completion is under review: then the task still is."""
    others = select(AssignmentRow).where(col(AssignmentRow.task_id) == share.task_id, col(AssignmentRow.id) != share.id)
    return any(completion_under_review(session, other) is not None for other in session.scalars(others))


def _is_ticked(session: Session, row: FormRow) -> bool:
    """Tell whether a unit still ticks in the form of a row that is of no share: its tick ends with what it was for."""
    running = (
        select(col(DutyRow.id))
        .join(PeriodRow, col(PeriodRow.series_id) == col(DutyRow.series_id))
        .where(
            col(PeriodRow.id) == row.period_id, col(DutyRow.assignment_id).is_(None), col(DutyRow.ended_at).is_(None)
        )
    )
    return session.scalars(running).first() is not None


def _is_live(session: Session, share: AssignmentRow) -> bool:
    task = session.get_one(TaskRow, share.task_id)
    # What is suspended goes on: its corrections have their days anew then.
    goes_on = TaskState(task.state) in TASK_OWING | TASK_GOES_ON
    return goes_on and AssignmentState(share.state) not in ASSIGNMENT_ENDED
