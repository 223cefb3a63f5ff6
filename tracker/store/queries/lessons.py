"""What corrections taught: for whoever reads the next document, and for the page on which it is taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.readings.lessons import LabelRole, Lessons, Taught
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.drafts import DraftRow
from tracker.store.tables.lessons import LessonRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLine:
    """One lesson: what it says, from which file and whose correction it is, and in how many drafts it was used.

    `unit` is what a name stands for, `role` of whom a label speaks.
    """

    lesson_id: int
    issuer: str
    printed: str
    unit: str | None
    role: str | None
    file_name: str
    document_id: int | None
    drafts: int
    taught_by: str
    taught_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


def standing_lessons(session: Session) -> Lessons:
    """Return what holds now, by the issuer whose documents it holds for."""
    rows = session.execute(
        select(col(LessonRow.issuer), col(LessonRow.printed), col(LessonRow.role), col(UnitRow.code))
        .outerjoin(UnitRow, col(UnitRow.id) == col(LessonRow.unit_id))
        .where(col(LessonRow.withdrawn_at).is_(None))
        .order_by(col(LessonRow.id))
    )
    units: dict[str, dict[str, str]] = {}
    labels: dict[str, dict[str, LabelRole]] = {}
    for issuer, printed, role, code in rows:
        if role is None:
            units.setdefault(issuer, {})[printed] = code
        else:
            labels.setdefault(issuer, {})[printed] = LabelRole(role)
    return {issuer: Taught(units.get(issuer, {}), labels.get(issuer, {})) for issuer in units.keys() | labels.keys()}


def lesson_lines(session: Session) -> list[LessonLine]:
    """Return all lessons, those that hold before those that were withdrawn, of each the newest first."""
    rows = session.execute(
        select(
            label("lesson_id", col(LessonRow.id)),
            col(LessonRow.issuer),
            col(LessonRow.printed),
            label("unit", col(UnitRow.short_name)),
            col(LessonRow.role),
            col(DraftRow.file_name),
            label("document_id", col(DocumentRow.id)),
            col(LessonRow.drafts),
            col(LessonRow.taught_by),
            col(LessonRow.taught_at),
            col(LessonRow.withdrawn_by),
            col(LessonRow.withdrawn_at),
        )
        .join(DraftRow, col(DraftRow.id) == col(LessonRow.draft_id))
        .outerjoin(DocumentRow, col(DocumentRow.id) == col(DraftRow.document_id))
        .outerjoin(UnitRow, col(UnitRow.id) == col(LessonRow.unit_id))
        .order_by(col(LessonRow.withdrawn_at).is_not(None), col(LessonRow.id).desc())
    )
    return [LessonLine(**row) for row in rows.mappings()]


def taught_anywhere(session: Session, names: Iterable[str]) -> tuple[str, str] | None:
    """Return the first of the names that stands for a unit in some issuer's documents, with that issuer."""
    found = session.execute(
        select(col(LessonRow.printed), col(LessonRow.issuer))
        .where(
            col(LessonRow.printed).in_(tuple(names)),
            col(LessonRow.unit_id).is_not(None),
            col(LessonRow.withdrawn_at).is_(None),
        )
        .order_by(col(LessonRow.id))
    ).first()
    return (found.printed, found.issuer) if found else None
