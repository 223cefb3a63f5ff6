"""What a list may be narrowed by: units and documents that have series."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class Choice:
    id: int
    name: str


def unit_choices(session: Session) -> list[Choice]:
    """Return the units that owe reports at all, in official order."""
    rows = session.execute(
        select(col(UnitRow.id), col(UnitRow.short_name))
        .where(col(UnitRow.id).in_(select(col(SeriesRow.unit_id)).distinct()))
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    return [Choice(*row) for row in rows]


def document_choices(session: Session, *, unit_ids: Collection[int] | None) -> list[Choice]:
    """Return the documents with series, of some units or of all, the latest first."""
    wanted = select(col(SeriesRow.document_id)).distinct()
    if unit_ids is not None:
        wanted = wanted.where(col(SeriesRow.unit_id).in_(unit_ids))
    rows = session.execute(
        select(col(DocumentRow.id), col(DocumentRow.number))
        .where(col(DocumentRow.id).in_(wanted))
        .order_by(col(DocumentRow.issued_on).desc(), col(DocumentRow.id).desc())
    )
    return [Choice(*row) for row in rows]
