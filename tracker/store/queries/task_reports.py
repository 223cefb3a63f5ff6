"""The reports on one task, the latest first, and what each viewer may read of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, label, or_
from sqlalchemy.orm import Bundle
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.store.queries.filings import ReportView, fill_reports, report_columns
from tracker.store.rows import as_view
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import LegacyPeriodRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow

_LEFT_THE_UNIT = ("filed", "accepted", "returned")
_NEWS = "update"
_FOR_THE_LEAD = (_NEWS, "reply")


@dataclass(frozen=True, slots=True)
class TaskReport:
    """One report with whose it is and what period it answers; `own` where the viewer's unit wrote it.

    `stayed` where the rest of its envelope left the unit without it.
    """

    report: ReportView
    unit_id: int
    unit_name: str
    written_at: datetime
    filed_at: datetime | None
    period_code: str | None
    stayed: bool
    own: bool

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
    and_(col(ReportRow.state) == "withdrawn", col(FilingRow.state) == "filed").label("stayed"),
)


def task_reports(session: Session, *, task_id: int, unit_ids: Scope, leads: bool) -> tuple[TaskReport, ...]:
    """Return the reports on a task that a viewer may read, the latest first.

    The office reads what has left its unit, and news before it is signed; a unit its own, and as a lead also the news
    and the replies of the others.
    """
    news = and_(col(ReportRow.kind) == _NEWS, col(ReportRow.state) == "awaiting_sign_off")
    readable = or_(col(ReportRow.state).in_(_LEFT_THE_UNIT), news)
    if not isinstance(unit_ids, EveryUnit):
        others = and_(readable, col(ReportRow.kind).in_(_FOR_THE_LEAD)) if leads else None
        own = col(FilingRow.unit_id).in_(unit_ids)
        readable = own if others is None else or_(own, others)
    wanted = (
        report_columns()
        .add_columns(_WHOSE)
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FilingRow.period_id))
        .outerjoin(LegacyPeriodRow, col(LegacyPeriodRow.id) == col(FilingRow.legacy_period_id))
        .where(col(AssignmentRow.task_id) == task_id, readable)
        .order_by(col(ReportRow.id).desc())
    )
    rows = session.execute(wanted).all()
    reports = fill_reports(session, [row.report for row in rows])
    return tuple(
        as_view(TaskReport, row.whose, report=report, own=row.whose.unit_id in unit_ids)
        for report, row in zip(reports, rows, strict=True)
    )
