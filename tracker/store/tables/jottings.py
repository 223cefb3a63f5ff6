"""What people have written into forms and not sent yet 「草稿」: their unit's own, no part of any record."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.filings import FilingKind
from tracker.store.tables.columns import partial_index, states


class JottingRow(SQLModel, table=True):
    """What stands in one field of a page that is not sent yet; an empty text is a field that was emptied.

    `field` is its name on the page. A form is that of a period, anything else that of a share and a kind; of a field
    of a form `assignment_id` is the share it is about, None where it is about the form as a whole. `unit_id` is the
    unit in which it was written.
    """

    __tablename__ = "jotting"
    __table_args__ = (
        states("kind", FilingKind, table="jotting"),
        CheckConstraint("(kind = 'form') = (period_id IS NOT NULL)", name="jotting_period"),
        CheckConstraint("kind = 'form' OR assignment_id IS NOT NULL", name="jotting_share"),
        partial_index("jotting_of_form", "period_id", "field", where="period_id IS NOT NULL", unique=True),
        partial_index("jotting_of_share", "assignment_id", "kind", "field", where="period_id IS NULL", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    kind: str
    period_id: int | None = Field(default=None, foreign_key="period.id")
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    field: str
    text: str
    written_by: str
    written_at: datetime
