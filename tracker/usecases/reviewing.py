"""The office reviews by row: accepts with its own word, lowers a claim with a reason, returns with a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.claims import Claim, check_verified
from tracker.domain.deadlines import due_day
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.filings import (
    NotUnderReview,
    Outcome,
    ReportKind,
    ReportState,
    ReturnReason,
    check_reason,
    open_correction,
)
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    ASSIGNMENT_TRANSITIONS,
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
from tracker.domain.reporting_events import ReportSentBack, ReportVerified
from tracker.domain.task_events import TaskCompleted
from tracker.domain.windows import CLOSING, Reckoning
from tracker.store import event_log
from tracker.store.queries.overdue_rows import overdue_leads
from tracker.store.queries.shares import facts_of_shares
from tracker.store.queries.units import units_acted_for
from tracker.store.tables.filings import CorrectionRow, FilingRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.holding import completion_under_review, free_rows, hold_again
from tracker.usecases.locking import lock_rows_of, lock_work
from tracker.usecases.settling import settle_rows, settle_shares


class LeadsStillOwe(Rejected):
    """A lead of this item owes an overdue report; a reason lets the completion pass; facts: units."""

    code = "leads_still_owe"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The office's word on one report.

    `claim` None confirms the unit's own; a lower one needs a `reason`. `outcome` ends a completion as met or unmet;
    `let_pass` says why a completion may stand while a lead of the item is overdue.
    """

    claim: Claim | None = None
    reason: str = ""
    outcome: Outcome | None = None
    let_pass: str = ""


def accept_report(
    session: Session, *, report_id: int, actor: Actor, at: datetime, verdict: Verdict = Verdict()
) -> None:
    """Accept one report 「审核通过」; accepting a lead's completion report completes the task 「办结」.

    Records ReportVerified, TaskCompleted and what settling records. Raises NotYourTask, NotFound, NotUnderReview,
    LeadsStillOwe, and what `check_verified` raises.
    """
    report, row = _under_review(session, report_id=report_id, actor=actor)
    scheduled = _scheduled(session, [report] if verdict.claim is not None else [])
    _accept(session, report, row, verdict, scheduled=report.assignment_id in scheduled, actor=actor, at=at)


def _accept(
    session: Session,
    report: ReportRow,
    row: FormRow | None,
    verdict: Verdict,
    *,
    scheduled: bool,
    actor: Actor,
    at: datetime,
) -> None:
    ends_task = False
    verified = check_verified(
        Claim(report.claim) if report.claim else None,
        verdict.claim,
        scheduled=scheduled,
        final=report.kind == ReportKind.COMPLETION.value,
        reason=verdict.reason,
    )
    share = session.get(AssignmentRow, report.assignment_id) if report.assignment_id else None
    if report.kind == ReportKind.COMPLETION.value and share is not None:
        ends_task = _complete_share(session, report, share, verdict, actor=actor, at=at)
    report.verified_claim = verified.value if verified else None
    report.verified_reason = verdict.reason.strip() or None
    _decide(report, ReportState.ACCEPTED, actor=actor, at=at, reason=None)
    if row is not None:
        row.state = RowState.ACCEPTED.value
        row.version += 1
    event = ReportVerified(
        task_id=share.task_id if share else None,
        unit_id=_unit_of(session, report),
        report_id=report.id or 0,
        kind=report.kind,
        row_id=report.row_id,
        claim=report.verified_claim,
        own_claim=report.claim,
        reason=verdict.reason.strip(),
    )
    event_log.record(session, event, actor=actor, at=at)
    if share is not None and ends_task:
        _end_task(session, share.task_id, actor=actor, at=at)


def _scheduled(session: Session, reports: Sequence[ReportRow]) -> frozenset[int]:
    """Return the shares of reports whose work has a schedule; only what lowers a claim needs to know."""
    shares = {report.assignment_id for report in reports if report.assignment_id is not None}
    facts = facts_of_shares(session, shares) if shares else {}
    return frozenset(id_ for id_, share in facts.items() if share.scheduled)


def accept_reports(
    session: Session, reports: Sequence[ReportRow], *, verdicts: Mapping[int, Verdict], actor: Actor, at: datetime
) -> None:
    """Accept reports that are locked and under review, each by the verdict of its id, else as the unit claims.

    Records and raises what `accept_report` does.
    """
    for report in reports:
        _require_reviewer(session, report, actor)
    rows, spoken_to = (
        lock_rows_of(session, reports),
        {id_ for id_, verdict in verdicts.items() if verdict.claim is not None},
    )
    scheduled = _scheduled(session, [report for report in reports if report.id in spoken_to])
    for report in reports:
        verdict, known = verdicts.get(report.id or 0, Verdict()), report.assignment_id in scheduled
        _accept(session, report, rows.get(report.row_id), verdict, scheduled=known, actor=actor, at=at)


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

    Records ReportSentBack. Raises NotYourTask, NotFound, NotUnderReview, ReasonRequired.
    """
    reason = check_reason(reason)
    report, row = _under_review(session, report_id=report_id, actor=actor)
    share = session.get(AssignmentRow, report.assignment_id) if report.assignment_id else None
    due_at, closing = at, False
    if row is not None:
        period = session.get_one(PeriodRow, row.period_id)
        due_at, closing = row.due_at or period.due_at, period.code == CLOSING
    correction = open_correction(
        due_at, now=at, calendar=by.calendar, correction_workdays=by.policy.correction_workdays
    )
    live = share is None or _is_live(session, share)
    if row is not None and not live:  # nothing is corrected any more: what was filed last stands
        settle_rows(session, [row], RowState.STANDS, cause="returned_after_the_end", actor=actor, at=at)
    elif row is not None:
        row.state, row.correction_due_at = RowState.RETURNED.value, correction.due_at
        row.version += 1
        session.add(CorrectionRow(row_id=row.id or 0, report_id=report_id, opened_at=at, due_at=correction.due_at))
    if report.kind == ReportKind.COMPLETION.value and share is not None:
        _return_completion(session, share, closing=closing)
        if share.role == AssignmentRole.LEAD.value:
            free_rows(session, share, report_id=report_id, actor=actor, at=at, by=by)
    report.reason_class, report.correct_by = reason_class.value, due_day(correction.due_at)
    _decide(report, ReportState.RETURNED, actor=actor, at=at, reason=reason)
    event = ReportSentBack(
        task_id=share.task_id if share else None,
        unit_id=_unit_of(session, report),
        report_id=report_id,
        kind=report.kind,
        reason=reason,
        reason_class=reason_class.value,
        correct_by=due_day(correction.due_at),
        row_id=report.row_id,
        correction_due_at=correction.due_at if row is not None and live else None,
        unfit=reason_class is ReturnReason.NO_SUBSTANCE and _was_empty_before(session, report),
        closing=closing,
    )
    event_log.record(session, event, actor=actor, at=at)
    if share is not None and live:
        hold_again(session, share, actor=actor, at=at)


def _was_empty_before(session: Session, report: ReportRow) -> bool:
    """Tell whether an earlier report on the same row was returned for want of substance."""
    before = select(ReportRow.id).where(
        col(ReportRow.row_id) == report.row_id,
        col(ReportRow.id) != report.id,
        col(ReportRow.reason_class) == ReturnReason.NO_SUBSTANCE.value,
    )
    return report.row_id is not None and session.exec(before).first() is not None


def _complete_share(
    session: Session, report: ReportRow, share: AssignmentRow, verdict: Verdict, *, actor: Actor, at: datetime
) -> bool:
    """Accept a share's completion; return whether the task is completed by it, which only a live lead's word does."""
    report.outcome = (verdict.outcome or Outcome(report.outcome or Outcome.MET.value)).value
    if (AssignmentState(share.state), AssignmentAction.ACCEPT) in ASSIGNMENT_TRANSITIONS:
        share.state = advance_assignment(AssignmentState(share.state), AssignmentAction.ACCEPT).value
        share.version += 1
    if share.role != AssignmentRole.LEAD.value or AssignmentState(share.state) in ASSIGNMENT_ENDED:
        return False
    owing = overdue_leads(session, task_id=share.task_id, but=report.row_id, now=at)
    if owing and not verdict.let_pass.strip():
        raise LeadsStillOwe(units="、".join(owing))
    task = session.get_one(TaskRow, share.task_id)
    if (TaskState(task.state), TaskAction.COMPLETE) not in TASK_TRANSITIONS:
        return False  # another lead's report completed it, or it was ended: this one is about its own share
    task.state = advance_task(TaskState(task.state), TaskAction.COMPLETE).value
    task.completed_at, task.outcome = at, report.outcome
    task.version += 1
    event = TaskCompleted(
        task_id=task.id, report_id=report.id or 0, outcome=report.outcome, let_pass=verdict.let_pass.strip()
    )
    event_log.record(session, event, actor=actor, at=at)
    return True


def _end_task(session: Session, task_id: int, *, actor: Actor, at: datetime) -> None:
    shares = session.exec(select(AssignmentRow.id).where(col(AssignmentRow.task_id) == task_id)).all()
    settle_shares(session, [id_ for id_ in shares if id_], cause="task_completed", actor=actor, at=at)


def _return_completion(session: Session, share: AssignmentRow, *, closing: bool) -> None:
    """Let the lead go on; what had lapsed awaits its closing report again 「失效待结」."""
    if (AssignmentState(share.state), AssignmentAction.RETURN) in ASSIGNMENT_TRANSITIONS:
        share.state = advance_assignment(AssignmentState(share.state), AssignmentAction.RETURN).value
        share.version += 1
    if share.role == AssignmentRole.LEAD.value and not _another_completion_waits(session, share):
        task = session.get_one(TaskRow, share.task_id)
        if (TaskState(task.state), TaskAction.RETURN) in TASK_TRANSITIONS:
            action = TaskAction.LAPSE if closing else TaskAction.RETURN
            task.state = advance_task(TaskState(task.state), action).value
            task.version += 1


def _another_completion_waits(session: Session, share: AssignmentRow) -> bool:
    """Tell whether another lead's completion is under review: then the task still is."""
    others = select(AssignmentRow).where(col(AssignmentRow.task_id) == share.task_id, col(AssignmentRow.id) != share.id)
    return any(completion_under_review(session, other) is not None for other in session.exec(others))


def _is_live(session: Session, share: AssignmentRow) -> bool:
    task = session.get_one(TaskRow, share.task_id)
    return TaskState(task.state) in TASK_OWING and AssignmentState(share.state) not in ASSIGNMENT_ENDED


def _under_review(session: Session, *, report_id: int, actor: Actor) -> tuple[ReportRow, FormRow | None]:
    of_share = select(col(ReportRow.assignment_id)).where(col(ReportRow.id) == report_id)
    lock_work(session, session.exec(of_share))
    wanted = select(ReportRow).where(col(ReportRow.id) == report_id).with_for_update()
    report = session.exec(wanted).first()
    if report is None:
        raise NotFound()
    _require_reviewer(session, report, actor)
    if report.state != ReportState.FILED.value:
        raise NotUnderReview()
    return report, lock_rows_of(session, [report]).get(report.row_id)


def _require_reviewer(session: Session, report: ReportRow, actor: Actor) -> None:
    """The office reviews; a report that the words address to another body is decided by whoever acts for it too."""
    if actor.role in (Role.LIAISON, Role.UNIT_HEAD):
        addressee = (
            select(SeriesRow.addressee_unit_id)
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .where(col(FormRow.id) == report.row_id)
        )
        if session.exec(addressee).first() not in units_acted_for(session, actor.unit_id):
            raise NotFound()
        return
    require_role(actor, Role.SUPERVISOR, act="review")


def _unit_of(session: Session, report: ReportRow) -> int:
    return session.get_one(FilingRow, report.filing_id).unit_id


def _decide(report: ReportRow, state: ReportState, *, actor: Actor, at: datetime, reason: str | None) -> None:
    report.state, report.decision_reason = state.value, reason
    report.decided_by, report.decided_at = actor.name, at
    report.version += 1
