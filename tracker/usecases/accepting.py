"""The office accepts several reports at once: those of an envelope, or those that a task's lead found true."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.claims import Claim, check_verified
from tracker.domain.errors import Rejected
from tracker.domain.events.reports import ReportVerified
from tracker.domain.events.tasks import TaskCompleted
from tracker.domain.filings import (
    NotUnderReview,
    Outcome,
    ReportKind,
    ReportState,
)
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    ASSIGNMENT_TRANSITIONS,
    TASK_TRANSITIONS,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
    advance_assignment,
    advance_task,
)
from tracker.domain.owed import RowState
from tracker.domain.verdicts import AS_CLAIMED, LeadsStillOwe, Verdict, verified_outcome
from tracker.domain.verifying import DecidedSingly
from tracker.steps.locking import lock_filing, lock_rows_of, lock_work
from tracker.steps.reports import decide_report, report_under_review, require_reviewer, unit_of_report
from tracker.steps.settling import end_correction, settle_shares
from tracker.store import event_log
from tracker.store.queries.beside_reports import marked_reports
from tracker.store.queries.lead_words import lead_words
from tracker.store.queries.overdue_rows import overdue_leads
from tracker.store.queries.shares import facts_of_shares
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


class OutcomeNeeded(Rejected):
    """A completion whose unit did not say whether the goal was met is decided by itself."""

    code = "outcome_needed"


def accept_filing(
    session: Session,
    *,
    filing_id: int,
    actor: Actor,
    at: datetime,
    verdicts: Mapping[int, Verdict] | None = None,
) -> int:
    """Accept every report of an envelope that is under review and not decided by itself; return how many.

    By themselves are decided the sample, what a lead did not find true, what its own numbers deny, and a correction
    that says the same as what was returned. Raises
    DecidedSingly where only such are left, OutcomeNeeded, and what `accept_report` raises.
    """
    lock_filing(session, filing_id)
    of_filing = select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)
    reports = _under_review(session, [id_ or 0 for id_ in session.scalars(of_filing)])
    said = lead_words(session, [report.id for report in reports])
    together = [report for report in _unmarked(session, reports) if not (report.id in said and said[report.id].singly)]
    if reports and not together:
        raise DecidedSingly()
    return _accept(session, together, actor=actor, at=at, verdicts=verdicts or {})


def accept_confirmed(session: Session, *, report_ids: Collection[int], actor: Actor, at: datetime) -> int:
    """Accept what leads found true, as far as it is still under review 「按牵头意见通过」; return how many.

    What its own numbers deny, and a correction that says the same as before, are left to be decided by themselves.

    Raises NotYourTask, DecidedSingly where one of them is in the sample or was not found true, NotUnderReview where
    none is left, and what `accept_report` raises.
    """
    require_role(actor, Role.SUPERVISOR, act="review")
    lock_work(
        session, session.scalars(select(col(ReportRow.assignment_id)).where(col(ReportRow.id).in_(report_ids))).all()
    )
    reports = _under_review(session, report_ids)
    said = lead_words(session, [report.id for report in reports])
    together = _unmarked(session, reports)
    if any(report.id not in said or said[report.id].singly for report in reports) or (reports and not together):
        raise DecidedSingly()
    return _accept(session, together, actor=actor, at=at, verdicts={})


def _unmarked(session: Session, reports: Sequence[ReportRow]) -> list[ReportRow]:
    """Return those of some reports that neither their numbers deny nor the report that they mend equals."""
    ids = [report.id or 0 for report in reports]
    marked = marked_reports(session, ids)
    return [report for report in reports if report.id not in marked]


def _under_review(session: Session, report_ids: Collection[int]) -> list[ReportRow]:
    wanted = select(ReportRow).where(col(ReportRow.id).in_(report_ids), col(ReportRow.state) == ReportState.FILED.value)
    return list(session.scalars(wanted.order_by(col(ReportRow.id)).with_for_update()))


def _accept(
    session: Session, reports: list[ReportRow], *, actor: Actor, at: datetime, verdicts: Mapping[int, Verdict]
) -> int:
    if not reports:
        raise NotUnderReview()
    for report in reports:
        verdict = verdicts.get(report.id or 0, AS_CLAIMED)
        if report.kind == ReportKind.COMPLETION.value and report.outcome is None and verdict.outcome is None:
            raise OutcomeNeeded()
    accept_reports(session, reports, verdicts=verdicts, actor=actor, at=at)
    return len(reports)


def accept_report(
    session: Session, *, report_id: int, actor: Actor, at: datetime, verdict: Verdict = AS_CLAIMED
) -> None:
    """Accept one report 「审核通过」; accepting a lead's completion report completes the task 「办结」.

    Records ReportVerified, TaskCompleted and what settling records. Raises NotYourTask, NotFound, NotUnderReview,
    LeadsStillOwe, and what `check_verified` and `verified_outcome` raise.
    """
    report, row = report_under_review(session, report_id=report_id, actor=actor)
    scheduled = _scheduled(session, [report] if verdict.claim is not None else [])
    _accept_report(session, report, row, verdict, scheduled=report.assignment_id in scheduled, actor=actor, at=at)


def _accept_report(
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
    report.verified_claim = verified.value if verified else None
    if report.kind == ReportKind.COMPLETION.value and share is not None:
        ends_task = _complete_share(session, report, share, verdict, actor=actor, at=at)
    report.verified_reason = verdict.reason.strip() or None
    decide_report(report, ReportState.ACCEPTED, actor=actor, at=at, reason=None)
    if row is not None:
        if row.state == RowState.RETURNED.value:  # as a merger of an earlier version may have left it
            end_correction(session, row, RowState.ACCEPTED, actor=actor, at=at)
        row.state = RowState.ACCEPTED.value
    _tell_verified(session, report, task_id=share.task_id if share else None, actor=actor, at=at)
    if share is not None and ends_task:
        _end_task(session, share.task_id, actor=actor, at=at)


def _tell_verified(session: Session, report: ReportRow, *, task_id: int | None, actor: Actor, at: datetime) -> None:
    event = ReportVerified(
        task_id=task_id,
        unit_id=unit_of_report(session, report),
        report_id=report.id or 0,
        kind=report.kind,
        row_id=report.row_id,
        claim=report.verified_claim,
        own_claim=report.claim,
        outcome=report.verified_outcome,
        own_outcome=report.outcome,
        reason=report.verified_reason or "",
    )
    event_log.record(session, event, actor=actor, at=at)


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
        require_reviewer(session, report, actor)
    rows, spoken_to = (
        lock_rows_of(session, reports),
        {id_ for id_, verdict in verdicts.items() if verdict.claim is not None},
    )
    scheduled = _scheduled(session, [report for report in reports if report.id in spoken_to])
    for report in reports:
        verdict, known = verdicts.get(report.id or 0, AS_CLAIMED), report.assignment_id in scheduled
        _accept_report(session, report, rows.get(report.row_id), verdict, scheduled=known, actor=actor, at=at)


def _complete_share(
    session: Session, report: ReportRow, share: AssignmentRow, verdict: Verdict, *, actor: Actor, at: datetime
) -> bool:
    """Accept a share's completion; return whether the task is completed by it, which only a live lead's word does."""
    own = Outcome(report.outcome) if report.outcome else None
    held = verified_outcome(own, verdict, lowered=report.verified_claim != report.claim)
    report.verified_outcome = held.value
    if (AssignmentState(share.state), AssignmentAction.ACCEPT) in ASSIGNMENT_TRANSITIONS:
        share.state = advance_assignment(AssignmentState(share.state), AssignmentAction.ACCEPT).value
    if share.role != AssignmentRole.LEAD.value or AssignmentState(share.state) in ASSIGNMENT_ENDED:
        return False
    owing = overdue_leads(session, task_id=share.task_id, but=report.row_id, now=at)
    if owing and not verdict.let_pass.strip():
        raise LeadsStillOwe(units="、".join(owing))
    task = session.get_one(TaskRow, share.task_id)
    if (TaskState(task.state), TaskAction.COMPLETE) not in TASK_TRANSITIONS:
        return False  # another lead's report completed it, or it was ended: this one is about its own share
    task.state = advance_task(TaskState(task.state), TaskAction.COMPLETE).value
    task.completed_at, task.outcome = at, held.value
    event = TaskCompleted(
        task_id=task.id, report_id=report.id or 0, outcome=held.value, let_pass=verdict.let_pass.strip()
    )
    event_log.record(session, event, actor=actor, at=at)
    return True


def _end_task(session: Session, task_id: int, *, actor: Actor, at: datetime) -> None:
    shares = session.scalars(select(col(AssignmentRow.id)).where(col(AssignmentRow.task_id) == task_id)).all()
    settle_shares(session, [id_ for id_ in shares if id_], cause="task_completed", actor=actor, at=at)
