"""Where a file came from that a lead took over from another unit's answer: whose it was, and of which day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, label, select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.store.rows import as_views
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class Origin:
    """The unit whose answer a file lay under, and when that left it."""

    report_id: int
    unit: str
    at: datetime

    @property
    def on(self) -> date:
        return local_day(self.at)


def origins(session: Session, report_ids: Collection[int | None]) -> dict[int | None, Origin]:
    """Return by the report that a file came with where it is from; what a unit brought itself has none."""
    known = {id_ for id_ in report_ids if id_ is not None}
    if not known:
        return {}
    rows = session.execute(
        select(
            label("report_id", col(ReportRow.id)),
            label("unit", col(UnitRow.short_name)),
            func.coalesce(col(ReportRow.filed_at), col(ReportRow.written_at)).label("at"),
        )
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id))
        .where(col(ReportRow.id).in_(known))
    )
    return {one.report_id: one for one in as_views(Origin, rows)}
