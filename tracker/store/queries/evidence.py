"""Files that units handed in, and to whom they may be shown."""

from dataclasses import dataclass

from sqlalchemy import select, true
from sqlmodel import Session, SQLModel, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.store.queries.readable_reports import readable_reports
from tracker.store.queries.verifying import may_read_file
from tracker.store.rows import as_view
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.tasks import AssignmentRow

# Every column that names a file of the evidence store: what is audited, backed up, and never swept away.
FILE_COLUMNS = (
    ("evidence", "sha256"),
    ("box_file", "sha256"),
    ("circular", "sha256"),
    ("circular", "facts_sha256"),
    ("circular_template", "sha256"),
    ("draft", "file_sha256"),
)
# Digests of what stands elsewhere than in a file.
OTHER_DIGESTS = (
    ("document", "text_sha256"),
    ("login", "key_sha256"),
    ("login_throttle", "key_sha256"),
    ("person", "calendar_sha256"),
    ("half_log_in", "key_sha256"),
    ("half_log_in", "password_sha256"),
)


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    sha256: str
    name: str
    media_type: str


def evidence_file(session: Session, *, evidence_id: int, unit_ids: Scope) -> EvidenceFile | None:
    """Return a file under a report that a scope may read, or that one of its units verifies as a lead; else None."""
    verifies = not isinstance(unit_ids, EveryUnit) and may_read_file(
        session, evidence_id=evidence_id, unit_ids=unit_ids
    )
    wanted = (
        select(col(EvidenceRow.sha256), col(EvidenceRow.name), col(EvidenceRow.media_type))
        .join(ReportRow, col(ReportRow.id) == col(EvidenceRow.report_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .where(col(EvidenceRow.id) == evidence_id, true() if verifies else readable_reports(unit_ids))
    )
    row = session.execute(wanted).first()
    return as_view(EvidenceFile, row) if row else None


def every_digest(session: Session) -> list[str]:
    """Return the digests of all files that any row names."""
    columns = [SQLModel.metadata.tables[table].c[name] for table, name in FILE_COLUMNS]
    found = {digest for column in columns for digest in session.scalars(select(column).distinct())}
    return sorted(digest for digest in found if digest)
