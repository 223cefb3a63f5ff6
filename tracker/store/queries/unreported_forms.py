"""Every form that is unreported past its moment, where a list tells a series by its oldest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.owed import unreported
from tracker.store.queries.series import series_views
from tracker.store.rows import as_views
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.series import PeriodRow, SeriesRow


@dataclass(frozen=True, slots=True)
class NamedForm:
    """A form by its document and period."""

    period_id: int
    document_title: str
    code: str


def unreported_forms(session: Session, series_ids: Collection[int], *, now: datetime) -> list[tuple[datetime, int]]:
    """Return the moment and the period of each unreported form of the series that does not wait for the head."""
    found = [
        (period.moment, period.period_id)
        for series in series_views(session, series_ids, open_only=True)
        for period in unreported(series, now=now)
        if period.moment is not None
    ]
    wanted = select(col(FilingRow.period_id)).where(
        col(FilingRow.period_id).in_([period_id for _moment, period_id in found]),
        is_one_of(col(FilingRow.state), "awaiting_sign_off"),
    )
    waiting = set(session.scalars(wanted)) if found else set()
    return [(moment, period_id) for moment, period_id in found if period_id not in waiting]


def named_forms(session: Session, period_ids: Sequence[int]) -> list[NamedForm]:
    """Name forms, in the given order."""
    wanted = (
        select(
            label("period_id", col(PeriodRow.id)), label("document_title", col(DocumentRow.title)), col(PeriodRow.code)
        )
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
        .where(col(PeriodRow.id).in_(period_ids))
    )
    return sorted(as_views(NamedForm, session.execute(wanted)), key=lambda form: period_ids.index(form.period_id))
