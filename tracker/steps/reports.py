"""A report as whoever reviews it finds and decides it."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import NotFound
from tracker.domain.falsity import NotAccepted
from tracker.domain.filings import NotUnderReview, ReportKind, ReportState
from tracker.steps.locking import lock_rows_of, lock_work
from tracker.store.queries.units import units_acted_for
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow


def report_under_review(session: Session, *, report_id: int, actor: Actor) -> tuple[ReportRow, FormRow | None]:
    report = _locked(session, report_id=report_id, actor=actor)
    if report.state != ReportState.FILED.value:
        raise NotUnderReview()
    return report, lock_rows_of(session, [report]).get(report.row_id)


def accepted_progress(session: Session, *, report_id: int, actor: Actor) -> tuple[ReportRow, FormRow | None]:
    """Return a report on the progress of a share that was accepted. Raises NotFound, NotYourTask, NotAccepted."""
    report = _locked(session, report_id=report_id, actor=actor)
    is_progress = report.kind == ReportKind.PROGRESS.value and report.assignment_id is not None
    if report.state != ReportState.ACCEPTED.value or not is_progress:
        raise NotAccepted()
    return report, lock_rows_of(session, [report]).get(report.row_id)


def _locked(session: Session, *, report_id: int, actor: Actor) -> ReportRow:
    of_share = select(col(ReportRow.assignment_id)).where(col(ReportRow.id) == report_id)
    lock_work(session, session.scalars(of_share))
    wanted = select(ReportRow).where(col(ReportRow.id) == report_id).with_for_update()
    report = session.scalars(wanted).first()
    if report is None:
        raise NotFound()
    require_reviewer(session, report, actor)
    return report


def require_reviewer(session: Session, report: ReportRow, actor: Actor) -> None:
    """The office reviews; a report that the words address to another body is decided by whoever acts for it too."""
    if actor.role in (Role.LIAISON, Role.UNIT_HEAD):
        addressee = (
            select(col(SeriesRow.addressee_unit_id))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .where(col(FormRow.id) == report.row_id)
        )
        if session.scalars(addressee).first() not in units_acted_for(session, actor.unit_id):
            raise NotFound()
        return
    require_role(actor, Role.SUPERVISOR, act="review")


def unit_of_report(session: Session, report: ReportRow) -> int:
    return session.get_one(FilingRow, report.filing_id).unit_id


def decide_report(report: ReportRow, state: ReportState, *, actor: Actor, at: datetime, reason: str | None) -> None:
    report.state, report.decision_reason = state.value, reason
    report.decided_by, report.decided_at = actor.name, at
