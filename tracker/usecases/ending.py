"""How a task ends, pauses and goes on: 销号, 重启, 撤销, 中止, 恢复, 归档. Each with a reason, by the office."""

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import end_of_day, full_date, local_day
from tracker.domain.deadlines import needs_deadline
from tracker.domain.errors import BadInput
from tracker.domain.events.forms import DueMoved
from tracker.domain.events.tasks import (
    TaskArchived,
    TaskCancelled,
    TaskClosed,
    TaskReopened,
    TaskResumed,
    TaskSuspended,
)
from tracker.domain.falsity import check_return_reason
from tracker.domain.filings import ReturnReason, check_reason
from tracker.domain.lifecycle import (
    AssignmentAction,
    TaskAction,
    TaskState,
    advance_task,
)
from tracker.domain.owed import RowState
from tracker.domain.windows import Reckoning
from tracker.steps.behind_corrections import returned_completions
from tracker.steps.closing import check_no_closing_waits
from tracker.steps.inquiries import end_inquiries
from tracker.steps.lapsing import has_run_out
from tracker.steps.realigning import realign
from tracker.steps.reopened_completions import (
    accepted_completion,
    return_undecided_completions,
    return_untrue_completion,
)
from tracker.steps.resetting import Act
from tracker.steps.settling import settle_rows, settle_shares
from tracker.steps.taking_up import take_up
from tracker.steps.tasks import (
    advanced,
    check_deadline,
    enter_state,
    live_shares,
    load_task,
    move_share,
)
from tracker.store import event_log
from tracker.store.queries.demands import end_of_task
from tracker.store.tables.filings import CorrectionRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


class NewDeadlineNeeded(BadInput):
    """What goes on after its document or plan is over needs a deadline ahead; facts: ended_on."""

    code = "new_deadline_needed"


def close_task(session: Session, *, task_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Strike a completed task off 「销号」, an act of its own.

    Records TaskClosed. Raises NotYourTask, ReasonRequired, NotFound, TransitionRefused.
    """
    reason = check_reason(reason)
    task = advanced(session, task_id, TaskAction.CLOSE, actor=actor)
    event_log.record(session, TaskClosed(task_id=task.id, reason=reason), actor=actor, at=at)


def archive_task(session: Session, *, task_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Put a task on file 「归档」 that is closed, cancelled or lapsed; what a lapsed one still owes ends.

    Records TaskArchived and what settling records. Raises NotYourTask, ReasonRequired, NotFound, TransitionRefused.
    """
    reason = check_reason(reason)
    task = load_task(session, task_id, actor=actor)
    following = advance_task(TaskState(task.state), TaskAction.ARCHIVE)
    shares = [share.id or 0 for share in live_shares(session, task_id)]
    settle_shares(session, shares, cause="task_archived", actor=actor, at=at, reason=reason)
    enter_state(task, following)
    event_log.record(session, TaskArchived(task_id=task.id, reason=reason), actor=actor, at=at)


def cancel_task(session: Session, *, task_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Withdraw a task 「撤销」: its open rows end, the units are let go.

    Records TaskCancelled and what settling records. Raises NotYourTask, ReasonRequired, NotFound, TransitionRefused,
    ClosingUnderReview.
    """
    reason = check_reason(reason)
    task = load_task(session, task_id, actor=actor)
    following = advance_task(TaskState(task.state), TaskAction.CANCEL)
    check_no_closing_waits(session, col(AssignmentRow.task_id) == task_id)
    shares = live_shares(session, task_id)
    settle_shares(
        session, [share.id or 0 for share in shares], cause="task_cancelled", actor=actor, at=at, reason=reason
    )
    for share in shares:
        move_share(share, AssignmentAction.RELEASE)
        share.ended_at = at
    enter_state(task, following)
    event_log.record(session, TaskCancelled(task_id=task.id, reason=reason), actor=actor, at=at)


def suspend_task(session: Session, *, task_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Pause a task 「中止」: nothing is owed for it until it is resumed.

    What was overdue by then stays 漏报 in history; what falls due meanwhile is waived when it goes on. What ended
    with its document is paused no more, whether that is noted yet or not. Records TaskSuspended, RowSettled and
    InquiryEnded. Raises NotYourTask, ReasonRequired, NotFound, TransitionRefused.
    """
    reason = check_reason(reason)
    task = load_task(session, task_id, actor=actor)
    lapsed = has_run_out(session, task, today=local_day(at))
    enter_state(task, advance_task(TaskState.LAPSED if lapsed else TaskState(task.state), TaskAction.SUSPEND))
    overdue = [
        row
        for row, period in _open_rows(session, task_id)
        if row.required and row.pending_at is None and (row.due_at or period.due_at) <= at
    ]
    settle_rows(session, overdue, RowState.MISSED, cause="task_suspended", reason=reason, actor=actor, at=at)
    shares = [share.id or 0 for share in live_shares(session, task_id)]
    end_inquiries(session, shares, cause="task_suspended", actor=actor, at=at)
    event_log.record(session, TaskSuspended(task_id=task.id, reason=reason), actor=actor, at=at)


def resume_task(
    session: Session,
    *,
    task_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    by: Reckoning,
    new_deadline_on: date | None = None,
) -> None:
    """Let a suspended task go on 「恢复」, with a new deadline where one is given.

    What fell due meanwhile is waived; windows begin by the half rule; a correction that ran out has its working days
    anew. After the end of its document or plan it goes on towards a deadline ahead only. Records TaskResumed,
    RowSettled, RowsReset, DueMoved and what opening records. Raises NotYourTask, ReasonRequired, NotFound,
    TransitionRefused, DeadlineInThePast, NewDeadlineNeeded.
    """
    reason = check_reason(reason)
    task = advanced(session, task_id, TaskAction.RESUME, actor=actor)
    _set_deadline(session, task, new_deadline_on, today=local_day(at))
    correct_by = by.calendar.add_workdays(local_day(at), by.policy.correction_workdays)
    event = TaskResumed(
        task_id=task.id,
        reason=reason,
        new_deadline_on=new_deadline_on,
        reports=_renew_completions(session, task_id, correct_by=correct_by),
        correct_by=correct_by,
    )
    event_log.record(session, event, actor=actor, at=at)
    fell_due = [
        row
        for row, period in _open_rows(session, task_id)
        if (row.due_at or period.due_at) <= at and row.pending_at is None
    ]
    settle_rows(session, fell_due, RowState.WAIVED, cause="task_resumed", reason=reason, actor=actor, at=at)
    _renew_corrections(session, task_id, actor=actor, at=at, by=by)
    _begin_anew(session, task, act=Act(cause="task_resumed", actor=actor, at=at, by=by, reason=reason))


def reopen_task(
    session: Session,
    *,
    task_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    by: Reckoning,
    new_deadline_on: date | None = None,
    falsified: bool = False,
) -> None:
    """Take up a completed, closed or lapsed task again 「重启」, with a new deadline where one is given.

    Of a lapsed one the closing report is asked no more. Its series go on with the window of this day, by the half rule;
    where the old deadline stays and is past, the completion is due `arrears_workdays` after this day. After the end of
    its document or plan it goes on towards a deadline ahead only, which then is a term of its own. Completions that
    other leads had handed in before are returned with it: they speak of what it undoes. With `falsified` so is the one
    that was accepted, as found untrue. Records TaskReopened, ReportSentBack, RowsReset and what settling and opening
    record. Raises NotYourTask, NotFound, TransitionRefused, DeadlineInThePast, NewDeadlineNeeded, NothingFoundUntrue,
    and what `check_return_reason` raises.
    """
    reason = check_return_reason(reason, ReturnReason.FALSIFIED if falsified else ReturnReason.OTHER)
    task = advanced(session, task_id, TaskAction.REOPEN, actor=actor)
    untrue = accepted_completion(session, task) if falsified else None
    _set_deadline(session, task, new_deadline_on, today=local_day(at))
    event = TaskReopened(task_id=task.id, reason=reason, new_deadline_on=new_deadline_on)
    act = Act(cause="task_reopened", actor=actor, at=at, by=by, reason=reason)
    take_up(session, task, event, act=act)
    if untrue is not None:
        return_untrue_completion(session, untrue, task, act=act)
    return_undecided_completions(session, task, act=act)
    _begin_anew(session, task, act=act)


def _set_deadline(session: Session, task: TaskRow, new_on: date | None, *, today: date) -> None:
    """Give a task that goes on its new deadline; without one ahead nothing would be owed after the document's end."""
    check_deadline(new_on, today=today, old_on=task.due_on)
    task.due_on = new_on or task.due_on
    ended_on = end_of_task(session, task)
    if ended_on is not None and needs_deadline(task.due_on, ended_on=ended_on, today=today):
        raise NewDeadlineNeeded(ended_on=full_date(ended_on))


def _begin_anew(session: Session, task: TaskRow, *, act: Act) -> None:
    shares = live_shares(session, task.id or 0)
    for share in shares:
        share.got_on, share.from_on = local_day(act.at), None
    realign(session, task.id or 0, act=act, beginning=[share.id or 0 for share in shares])


def _open_rows(session: Session, task_id: int) -> list[tuple[FormRow, PeriodRow]]:
    rows = session.execute(
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(col(AssignmentRow.task_id) == task_id, col(FormRow.state) == RowState.OPEN.value)
        .order_by(col(FormRow.id))
        .with_for_update(of=FormRow)
    )
    return [(row, period) for row, period in rows]


def _renew_completions(session: Session, task_id: int, *, correct_by: date) -> tuple[int, ...]:
    """Give the days anew in which completions are corrected that no row asked for; return which."""
    renewed = [
        report
        for report in returned_completions(session, live_shares(session, task_id))
        if report.row_id is None and report.correct_by is not None and report.correct_by < correct_by
    ]
    for report in renewed:
        report.correct_by = correct_by
    return tuple(report.id or 0 for report in renewed)


def _renew_corrections(session: Session, task_id: int, *, actor: Actor, at: datetime, by: Reckoning) -> None:
    new_due_at = end_of_day(by.calendar.add_workdays(local_day(at), by.policy.correction_workdays))
    rows = session.execute(
        select(FormRow, AssignmentRow, CorrectionRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .join(CorrectionRow, col(CorrectionRow.row_id) == col(FormRow.id))
        .where(
            col(AssignmentRow.task_id) == task_id,
            col(FormRow.state) == RowState.RETURNED.value,
            col(FormRow.correction_due_at) < new_due_at,
            col(CorrectionRow.ended_at).is_(None),
        )
    )
    for row, share, correction in rows.all():
        event = DueMoved(
            task_id=task_id,
            unit_id=share.unit_id,
            period_id=row.period_id,
            row_id=row.id,
            old_due_at=row.correction_due_at or correction.due_at,
            new_due_at=new_due_at,
            cause="task_resumed",
            correction=True,
        )
        row.correction_due_at = new_due_at
        event_log.record(session, event, actor=actor, at=at)
