"""The boxes of evidence of units: what lies in them, what may be attached, and where it was used."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, label, or_, select
from sqlmodel import Session, col

from tracker.domain.entries import AttachedFile
from tracker.store.rows import as_view, as_views
from tracker.store.tables.boxes import BoxFileRow
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

MOST_OFFERED = 500
_COLUMNS: tuple[Any, ...] = (  # Any: `BoxFile` types them
    label("number", col(BoxFileRow.id)),
    col(BoxFileRow.unit_id),
    col(BoxFileRow.version),
    col(BoxFileRow.name),
    col(BoxFileRow.sha256),
    col(BoxFileRow.size_bytes),
    col(BoxFileRow.media_type),
    col(BoxFileRow.good_until),
    col(BoxFileRow.replaces_id),
    col(BoxFileRow.from_report_id),
    col(BoxFileRow.put_by),
    col(BoxFileRow.put_at),
    col(BoxFileRow.out_at),
    col(BoxFileRow.out_by),
)


@dataclass(frozen=True, slots=True)
class BoxFile:
    """A file of a box; `from_report_id` is the other unit's answer that it came with."""

    number: int
    unit_id: int
    version: int
    name: str
    sha256: str
    size_bytes: int
    media_type: str
    good_until: date | None
    replaces_id: int | None
    from_report_id: int | None
    put_by: str
    put_at: datetime
    out_at: datetime | None
    out_by: str | None


@dataclass(frozen=True, slots=True)
class Use:
    """A task for which a report of the unit carries the file."""

    task_id: int
    document_number: str
    label: str
    title: str


def box_files(
    session: Session, *, unit_ids: Set[int], named: str = "", out: bool = False, limit: int, offset: int = 0
) -> list[BoxFile]:
    """Return the files in the boxes of units whose names hold some words, the last one first; `out`: taken out."""
    wanted = select(*_COLUMNS).where(*_asked(unit_ids, named, out=out)).order_by(col(BoxFileRow.id).desc())
    return as_views(BoxFile, session.execute(wanted.limit(limit).offset(offset)))


def count_box_files(session: Session, *, unit_ids: Set[int], named: str = "", out: bool = False) -> int:
    wanted = select(func.count()).select_from(BoxFileRow).where(*_asked(unit_ids, named, out=out))
    return session.scalars(wanted).one()


def offered_files(session: Session, *, unit_ids: Set[int], today: date) -> list[BoxFile]:
    """Return what may be attached on a day from the boxes of units, the last `MOST_OFFERED`, the last one first."""
    good = or_(col(BoxFileRow.good_until).is_(None), col(BoxFileRow.good_until) >= today)
    wanted = select(*_COLUMNS).where(*_asked(unit_ids, "", out=False), good).order_by(col(BoxFileRow.id).desc())
    return as_views(BoxFile, session.execute(wanted.limit(MOST_OFFERED)))


def chosen_files(session: Session, numbers: Collection[int], *, unit_ids: Set[int]) -> dict[int, BoxFile]:
    """Return by their numbers the files that lie in the boxes of units."""
    wanted = select(*_COLUMNS).where(*_asked(unit_ids, "", out=False), col(BoxFileRow.id).in_(list(numbers)))
    return {one.number: one for one in as_views(BoxFile, session.execute(wanted))}


def boxed_already(session: Session, files: Sequence[AttachedFile], *, unit_id: int) -> frozenset[int]:
    """Return the numbers under which some files lie in the box of a unit already."""
    wanted = select(col(BoxFileRow.id), col(BoxFileRow.sha256), col(BoxFileRow.name)).where(
        col(BoxFileRow.unit_id) == unit_id,
        col(BoxFileRow.out_at).is_(None),
        col(BoxFileRow.sha256).in_([file.sha256 for file in files]),
    )
    same = {(file.sha256, file.name) for file in files}
    return frozenset(row.id for row in session.execute(wanted) if (row.sha256, row.name) in same)


def numbers_of(session: Session, digests: Collection[str], *, unit_id: int, today: date) -> dict[str, int]:
    """Return by the digests of files the numbers under which a unit may attach them from its box, the last of each."""
    good = or_(col(BoxFileRow.good_until).is_(None), col(BoxFileRow.good_until) >= today)
    wanted = select(col(BoxFileRow.sha256), col(BoxFileRow.id)).where(
        *_asked({unit_id}, "", out=False), good, col(BoxFileRow.sha256).in_(list(digests))
    )
    return {row.sha256: row.id for row in session.execute(wanted.order_by(col(BoxFileRow.id)))}


def replaced_by(session: Session, numbers: Collection[int]) -> Mapping[int, int]:
    """Return by which file each of some files that were found for somebody was replaced, as far as they were."""
    wanted = select(BoxFileRow).where(col(BoxFileRow.replaces_id).in_(list(numbers))).order_by(col(BoxFileRow.id))
    return {row.replaces_id or 0: row.id or 0 for row in session.scalars(wanted)}


def box_file(session: Session, number: int, *, unit_ids: Set[int]) -> BoxFile | None:
    """Return a file that lies or lay in the box of one of the units; else None."""
    wanted = select(*_COLUMNS).where(col(BoxFileRow.id) == number, col(BoxFileRow.unit_id).in_(list(unit_ids)))
    row = session.execute(wanted).first()
    return as_view(BoxFile, row) if row else None


def uses(session: Session, digests: Collection[str], *, unit_ids: Set[int]) -> Mapping[str, tuple[Use, ...]]:
    """Return by the digests of files for which tasks reports of the units carry them, each task once.

    A draft that was taken back or sent back carries nothing.
    """
    wanted = (
        select(
            col(EvidenceRow.sha256),
            label("task_id", col(TaskRow.id)),
            label("document_number", col(DocumentRow.number)),
            label("label", col(ItemRow.label)),
            label("title", col(ItemRow.title)),
        )
        .join(ReportRow, col(ReportRow.id) == col(EvidenceRow.report_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(
            col(EvidenceRow.sha256).in_(list(digests)),
            col(FilingRow.unit_id).in_(list(unit_ids)),
            col(FilingRow.state).in_(("awaiting_sign_off", "filed")),
        )
        .order_by(col(EvidenceRow.id).desc())
    )
    found: dict[str, dict[int, Use]] = defaultdict(dict)
    for row in session.execute(wanted):
        found[row.sha256].setdefault(
            row.task_id, Use(task_id=row.task_id, document_number=row.document_number, label=row.label, title=row.title)
        )
    return {sha256: tuple(tasks.values()) for sha256, tasks in found.items()}


def _asked(unit_ids: Set[int], named: str, *, out: bool) -> tuple[ColumnElement[bool], ...]:
    inside = col(BoxFileRow.out_at).is_not(None) if out else col(BoxFileRow.out_at).is_(None)
    words = [func.lower(col(BoxFileRow.name)).contains(word, autoescape=True) for word in named.lower().split()]
    return (col(BoxFileRow.unit_id).in_(list(unit_ids)), inside, and_(True, *words))
