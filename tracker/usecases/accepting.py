"""The office accepts several reports at once: those of an envelope, or those that a task's lead found true."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import Rejected
from tracker.domain.filings import NotUnderReview, ReportKind, ReportState
from tracker.domain.verifying import DecidedSingly
from tracker.store.queries.lead_words import lead_words
from tracker.store.tables.filings import ReportRow
from tracker.usecases.locking import lock_filing, lock_work
from tracker.usecases.reviewing import Verdict, accept_reports


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

    Raises DecidedSingly where only such are left, OutcomeNeeded, and what `accept_report` raises.
    """
    lock_filing(session, filing_id)
    of_filing = select(ReportRow.id).where(col(ReportRow.filing_id) == filing_id)
    reports = _under_review(session, [id_ or 0 for id_ in session.exec(of_filing)])
    said = lead_words(session, [report.id for report in reports])
    together = [report for report in reports if not (report.id in said and said[report.id or 0].singly)]
    if reports and not together:
        raise DecidedSingly()
    return _accept(session, together, actor=actor, at=at, verdicts=verdicts or {})


def accept_confirmed(session: Session, *, report_ids: Collection[int], actor: Actor, at: datetime) -> int:
    """Accept what leads found true, as far as it is still under review 「按牵头意见通过」; return how many.

    Raises NotYourTask, DecidedSingly where one of them is in the sample or was not found true, NotUnderReview where
    none is left, and what `accept_report` raises.
    """
    require_role(actor, Role.SUPERVISOR, act="review")
    lock_work(session, session.exec(select(ReportRow.assignment_id).where(col(ReportRow.id).in_(report_ids))).all())
    reports = _under_review(session, report_ids)
    said = lead_words(session, [report.id for report in reports])
    if any(report.id not in said or said[report.id].singly for report in reports):
        raise DecidedSingly()
    return _accept(session, reports, actor=actor, at=at, verdicts={})


def _under_review(session: Session, report_ids: Collection[int]) -> list[ReportRow]:
    wanted = select(ReportRow).where(col(ReportRow.id).in_(report_ids), col(ReportRow.state) == ReportState.FILED.value)
    return list(session.exec(wanted.order_by(col(ReportRow.id)).with_for_update()))


def _accept(
    session: Session, reports: list[ReportRow], *, actor: Actor, at: datetime, verdicts: Mapping[int, Verdict]
) -> int:
    if not reports:
        raise NotUnderReview()
    for report in reports:
        verdict = verdicts.get(report.id or 0, Verdict())
        if report.kind == ReportKind.COMPLETION.value and report.outcome is None and verdict.outcome is None:
            raise OutcomeNeeded()
    accept_reports(session, reports, verdicts=verdicts, actor=actor, at=at)
    return len(reports)
