"""Files that units handed in, and to whom they may be shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, true
from sqlmodel import Session, SQLModel, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.store.queries.readable_reports import readable_reports
from tracker.store.queries.verifying import may_read_file
from tracker.store.rows import as_view
from tracker.store.stored_rows import UNREADABLE, stored_rows
from tracker.store.tables.boxes import BoxFileRow
from tracker.store.tables.enclosures import EnclosureRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.store.tables.tasks import AssignmentRow

# Every column that names a file of the evidence store: what is audited, backed up, and never swept away.
FILE_COLUMNS = (
    ("evidence", "sha256"),
    ("box_file", "sha256"),
    ("circular", "sha256"),
    ("circular", "facts_sha256"),
    ("circular_template", "sha256"),
    ("draft", "file_sha256"),
    ("score_input", "file_sha256"),
    ("project_import", "sha256"),
    ("site_photo", "sha256"),
    ("enclosure", "sha256"),
)
# Digests of what stands elsewhere than in a file.
OTHER_DIGESTS = (
    ("document", "text_sha256"),
    ("score_scheme", "sha256"),
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


@dataclass(frozen=True, slots=True)
class NamedBy:
    """A row that names a file; `unit` is the short name of whose it is, none of what is the office's."""

    table: str
    row_id: int
    unit: str | None = None


def named_files(session: Session) -> Mapping[str, Sequence[NamedBy]]:
    """Return which rows name each file, by its digest; a digest that cannot be read is left out."""
    units, found = _units_of_files(session), defaultdict[str, list[NamedBy]](list)
    for table, name in FILE_COLUMNS:
        for held in stored_rows(session, SQLModel.metadata.tables[table], (name,)):
            if held[name] and held[name] is not UNREADABLE:
                found[str(held[name])].append(NamedBy(table, held["id"], units.get((table, held["id"]))))
    return found


def _units_of_files(session: Session) -> Mapping[tuple[str, int], str]:
    """Return the short names of the units that handed files in or keep them in their boxes, by table and id."""
    stored = stored_rows(session, SQLModel.metadata.tables["unit"], ("short_name",))
    names = {row["id"]: row["short_name"] for row in stored if row["short_name"] is not UNREADABLE}
    handed_in = (
        select(col(EvidenceRow.id), col(FilingRow.unit_id))
        .join(ReportRow, col(ReportRow.id) == col(EvidenceRow.report_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
    )
    kept = select(col(BoxFileRow.id), col(BoxFileRow.unit_id))
    answered = select(col(EnclosureRow.id), col(ServedPaperRow.unit_id)).join(
        ServedPaperRow, col(ServedPaperRow.id) == col(EnclosureRow.served_id)
    )
    return {
        (table, row.id): names[row.unit_id]
        for table, wanted in (("evidence", handed_in), ("box_file", kept), ("enclosure", answered))
        for row in session.execute(wanted)
        if row.unit_id in names
    }


def every_digest(session: Session) -> list[str]:
    """Return the digests of all files that any row names."""
    columns = [SQLModel.metadata.tables[table].c[name] for table, name in FILE_COLUMNS]
    found = {digest for column in columns for digest in session.scalars(select(column).distinct())}
    return sorted(digest for digest in found if digest)
