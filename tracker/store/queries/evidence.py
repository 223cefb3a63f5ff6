"""Files that units handed in, and to whom they may be shown."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.store.rows import as_view
from tracker.store.tables.circulars import CircularRow, CircularTemplateRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    sha256: str
    name: str
    media_type: str


def evidence_file(session: Session, *, evidence_id: int, unit_ids: Collection[int] | None) -> EvidenceFile | None:
    """Return a file; with `unit_ids` only where one of them handed it in, else None."""
    wanted = (
        select(col(EvidenceRow.sha256), col(EvidenceRow.name), col(EvidenceRow.media_type))
        .join(ReportRow, col(ReportRow.id) == col(EvidenceRow.report_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .where(col(EvidenceRow.id) == evidence_id)
    )
    if unit_ids is not None:
        wanted = wanted.where(col(FilingRow.unit_id).in_(unit_ids))
    row = session.execute(wanted).first()
    return as_view(EvidenceFile, row) if row else None


def every_digest(session: Session) -> list[str]:
    """Return the digests of all files that reports, circulars and templates refer to."""
    kept = (EvidenceRow.sha256, CircularRow.sha256, CircularRow.facts_sha256, CircularTemplateRow.sha256)
    found = {digest for column in kept for digest in session.scalars(select(col(column)).distinct())}
    return sorted(digest for digest in found if digest)
