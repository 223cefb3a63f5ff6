"""The reports on one task, the latest first, and what each viewer may read of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, label
from sqlalchemy.orm import Bundle
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.store.queries.beside_reports import evidence_of_reports
from tracker.store.queries.denied import denied_reports
from tracker.store.queries.evidence_states import Judged, brought_before, doubted
from tracker.store.queries.filings import ReportView, fill_reports, report_columns
from tracker.store.queries.readable_reports import name_of_report, readable_reports, reason_for_lacking
from tracker.store.rows import as_view
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import LegacyPeriodRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class TaskReport:
    """One report with whose it is and what period it answers.

    `called` is its kind as of `name_of_report`, `stayed` where the rest of its envelope left the unit without it,
    `denied` where its numbers deny its claim. `evidence` is what is asked for, judged, `evidence_reason` why the unit
    sent it without some.
    """

    report: ReportView
    unit_id: int
    unit_name: str
    written_at: datetime
    filed_at: datetime | None
    period_code: str | None
    called: str
    stayed: bool
    denied: bool
    evidence_reason: str | None
    evidence: tuple[Judged, ...]

    @property
    def doubts(self) -> tuple[Judged, ...]:
        return doubted(self.evidence)

    @property
    def brought_before(self) -> tuple[Judged, ...]:
        return brought_before(self.evidence)

    @property
    def standing(self) -> str:
        """How far its word holds: not yet signed, the unit's own, confirmed, sent back, or never left the unit."""
        if self.stayed:
            return "stayed"
        if self.report.state in ("awaiting_sign_off", "sent_back", "withdrawn"):
            return self.report.state
        if self.report.state == "returned":
            return "returned"
        return "verified" if self.report.verified_claim else "own"


_WHOSE: Bundle[Any] = Bundle(  # Any: `TaskReport` types it
    "whose",
    label("unit_id", col(UnitRow.id)),
    label("unit_name", col(UnitRow.short_name)),
    col(ReportRow.written_at),
    col(ReportRow.filed_at),
    func.coalesce(col(PeriodRow.code), col(LegacyPeriodRow.code)).label("period_code"),
    label("called", name_of_report()),
    reason_for_lacking(),
    and_(col(ReportRow.state) == "withdrawn", col(FilingRow.state) == "filed").label("stayed"),
)


def task_reports(session: Session, *, task_id: int, unit_ids: Scope) -> tuple[TaskReport, ...]:
    """Return the reports on a task that a viewer may read, the latest first."""
    wanted = (
        report_columns()
        .add_columns(_WHOSE)
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FilingRow.period_id))
        .outerjoin(LegacyPeriodRow, col(LegacyPeriodRow.id) == col(FilingRow.legacy_period_id))
        .where(col(AssignmentRow.task_id) == task_id, readable_reports(unit_ids))
        .order_by(col(ReportRow.id).desc())
    )
    rows = session.execute(wanted).all()
    reports = fill_reports(session, [row.report for row in rows])
    ids = [report.report_id for report in reports]
    denied, evidence = denied_reports(session, ids), evidence_of_reports(session, ids)
    return tuple(
        as_view(
            TaskReport,
            row.whose,
            report=report,
            denied=report.report_id in denied,
            evidence=evidence.get(report.report_id, ()),
        )
        for report, row in zip(reports, rows, strict=True)
    )
