"""What corrections of drafts taught of an issuer's documents 「沿用更正」."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.readings.lessons import LabelRole
from tracker.store.tables.columns import partial_index, states


class LessonRow(SQLModel, table=True):
    """A printed name that stands for a unit, or a label that speaks of a role, in documents of an issuer.

    `drafts` counts the documents that were read with it; one that was withdrawn is read with no more.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        states("role", LabelRole, table="lesson"),
        CheckConstraint("(unit_id IS NULL) = (role IS NOT NULL)", name="lesson_of_one_kind"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="lesson_withdrawn"),
        partial_index("lesson_stands", "issuer", "printed", where="withdrawn_at IS NULL", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    issuer: str
    printed: str
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    role: str | None = None
    draft_id: int = Field(foreign_key="draft.id", index=True)
    drafts: int = 0
    taught_by: str
    taught_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
