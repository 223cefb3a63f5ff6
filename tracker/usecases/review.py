"""The office reviews what units hand in: accept, return with a reason, close."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.errors import NotFound
from tracker.domain.events import ReportAccepted, ReportReturned, TaskClosed
from tracker.domain.lifecycle import (
    AssignmentAction,
    AssignmentState,
    PeriodState,
    TaskAction,
    TaskState,
    advance_assignment,
    advance_task,
)
from tracker.domain.periods import accept, return_
from tracker.domain.policy import ReminderPolicy
from tracker.domain.reports import NotUnderReview, ReportKind, ReportState, check_reason
from tracker.store import event_log
from tracker.store.tables.tasks import AssignmentRow, PeriodRow, ReportRow, TaskRow


def accept_report(session: Session, *, report_id: int, actor: Actor, at: datetime) -> None:
    """Accept a report 「审核通过」; accepting a completion report completes the task 「办结」.

    Records ReportAccepted. Raises NotYourTask, NotFound, NotUnderReview.
    """
    report, assignment = _under_review(session, report_id=report_id, actor=actor)
    if report.period_id is not None:
        period = session.get_one(PeriodRow, report.period_id)
        period.state = accept(PeriodState(period.state)).value
        period.version += 1
    if report.kind == ReportKind.COMPLETION.value:
        task = _move_task(session, assignment, TaskAction.COMPLETE)
        task.completed_at = at
        assignment.state = advance_assignment(AssignmentState(assignment.state), AssignmentAction.ACCEPT).value
    _decide(report, ReportState.ACCEPTED, actor=actor, at=at, reason=None)
    event = ReportAccepted(
        task_id=assignment.task_id,
        unit_id=assignment.unit_id,
        report_id=report_id,
        kind=report.kind,
        period_id=report.period_id,
    )
    event_log.record(session, event, actor=actor, at=at)


def return_report(
    session: Session,
    *,
    report_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    calendar: WorkdayCalendar,
    policy: ReminderPolicy,
) -> None:
    """Return a report 「退回」 with a reason and the time to mend it.

    Records ReportReturned. Raises NotYourTask, NotFound, NotUnderReview, ReasonRequired.
    """
    reason = check_reason(reason)
    report, assignment = _under_review(session, report_id=report_id, actor=actor)
    correct_by = calendar.add_workdays(local_day(at), policy.correction_workdays)
    if report.period_id is not None:
        period = session.get_one(PeriodRow, report.period_id)
        returned = return_(
            PeriodState(period.state),
            now=at,
            due_at=period.due_at,
            calendar=calendar,
            correction_workdays=policy.correction_workdays,
        )
        period.state, period.due_at = returned.state.value, returned.due_at
        period.version += 1
    if report.kind == ReportKind.COMPLETION.value:
        _move_task(session, assignment, TaskAction.RETURN)
        assignment.state = advance_assignment(AssignmentState(assignment.state), AssignmentAction.RETURN).value
    _decide(report, ReportState.RETURNED, actor=actor, at=at, reason=reason)
    event = ReportReturned(
        task_id=assignment.task_id,
        unit_id=assignment.unit_id,
        report_id=report_id,
        kind=report.kind,
        reason=reason,
        correct_by=correct_by,
        period_id=report.period_id,
    )
    event_log.record(session, event, actor=actor, at=at)


def close_task(session: Session, *, task_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Strike a completed task off 「销号」.

    Records TaskClosed. Raises NotYourTask, NotFound, ReasonRequired, TransitionRefused.
    """
    require_role(actor, Role.SUPERVISOR, act="close")
    task = session.exec(select(TaskRow).where(col(TaskRow.id) == task_id).with_for_update()).first()
    if task is None:
        raise NotFound()
    task.state = advance_task(TaskState(task.state), TaskAction.CLOSE).value
    task.version += 1
    event_log.record(session, TaskClosed(task_id=task_id, reason=check_reason(reason)), actor=actor, at=at)


def _under_review(session: Session, *, report_id: int, actor: Actor) -> tuple[ReportRow, AssignmentRow]:
    require_role(actor, Role.SUPERVISOR, act="review")
    report = session.exec(select(ReportRow).where(col(ReportRow.id) == report_id).with_for_update()).first()
    if report is None:
        raise NotFound()
    if report.state != ReportState.FILED.value:
        raise NotUnderReview()
    return report, session.get_one(AssignmentRow, report.assignment_id)


def _decide(report: ReportRow, state: ReportState, *, actor: Actor, at: datetime, reason: str | None) -> None:
    report.state, report.decision_reason = state.value, reason
    report.decided_by, report.decided_at = actor.name, at
    report.version += 1


def _move_task(session: Session, assignment: AssignmentRow, action: TaskAction) -> TaskRow:
    task = session.exec(select(TaskRow).where(col(TaskRow.id) == assignment.task_id).with_for_update()).one()
    task.state = advance_task(TaskState(task.state), action).value
    task.version += 1
    return task
