"""What leads handed in before the work was taken up again speaks of what was accepted then, and for nothing more."""

import json

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.decoding import decode_as
from tracker.domain.events.reports import ReportSentBack
from tracker.domain.events.tasks import TaskCompleted
from tracker.domain.falsity import NothingFoundUntrue
from tracker.domain.filings import ReportKind, ReportState, ReturnReason
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.domain.owed import RowState
from tracker.steps.locking import lock_rows_of
from tracker.steps.reports import decide_report, unit_of_report
from tracker.steps.resetting import Act
from tracker.steps.settling import settle_rows
from tracker.store import event_log
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def return_undecided_completions(session: Session, task: TaskRow, *, act: Act) -> None:
    """Return the completions of a reopened task that the office had not decided beside the one that it accepted.

    Whoever takes the work up again says that it is not done, whichever lead wrote that it is: nothing of them is
    corrected, and the work is asked for anew. Records ReportSentBack and RowSettled.
    """
    session.flush()
    wanted = (
        select(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .where(
            col(AssignmentRow.task_id) == task.id,
            col(AssignmentRow.role) == AssignmentRole.LEAD.value,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
            col(ReportRow.kind) == ReportKind.COMPLETION.value,
            is_one_of(col(ReportRow.state), ReportState.FILED.value),
        )
        .order_by(col(ReportRow.id))
        .with_for_update(of=ReportRow)
    )
    reports = session.scalars(wanted).all()
    rows = lock_rows_of(session, reports)
    for report in reports:
        report.reason_class, report.correct_by = ReturnReason.OTHER.value, None
        decide_report(report, ReportState.RETURNED, actor=act.actor, at=act.at, reason=act.reason)
        _tell_returned(session, report, task, act=act, reopened=False)
    left = [row for row in rows.values() if row.state == RowState.FILED.value]
    settle_rows(session, left, RowState.STANDS, cause=act.cause, reason=act.reason, actor=act.actor, at=act.at)


def accepted_completion(session: Session, task: TaskRow) -> ReportRow:
    """Return the report by which a task was completed, held until the transaction ends. Raises NothingFoundUntrue."""
    told = (
        select(col(EventRow.payload))
        .where(col(EventRow.task_id) == task.id, col(EventRow.type) == TaskCompleted.type)
        .order_by(col(EventRow.seq).desc())
    )
    payload = session.scalars(told).first()
    if task.completed_at is None or payload is None:
        raise NothingFoundUntrue()
    report_id = decode_as(TaskCompleted, json.loads(payload)).report_id
    return session.get_one(ReportRow, report_id, with_for_update=True)


def return_untrue_completion(session: Session, report: ReportRow, task: TaskRow, *, act: Act) -> None:
    """Return what was accepted and found untrue 「弄虚作假」: nothing of it holds any more, nor is it corrected.

    Its row, if it was on one, was reported for; the work is asked for anew. Records ReportSentBack.
    """
    report.verified_claim = report.verified_reason = report.verified_outcome = None
    report.reason_class, report.correct_by = ReturnReason.FALSIFIED.value, None
    decide_report(report, ReportState.RETURNED, actor=act.actor, at=act.at, reason=act.reason)
    _tell_returned(session, report, task, act=act, reopened=True)


def _tell_returned(session: Session, report: ReportRow, task: TaskRow, *, act: Act, reopened: bool) -> None:
    event = ReportSentBack(
        task_id=task.id,
        unit_id=unit_of_report(session, report),
        report_id=report.id or 0,
        kind=report.kind,
        reason=act.reason,
        reason_class=report.reason_class or "",
        correct_by=None,
        row_id=report.row_id,
        beside=not reopened,
        reopened=reopened,
    )
    event_log.record(session, event, actor=act.actor, at=act.at)
