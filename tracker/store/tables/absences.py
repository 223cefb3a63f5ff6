"""Leave with its deputies, and hand-overs of somebody's open work."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from tracker.store.tables.columns import partial_index

# Repeated word for word where the index is to be used.
IS_STANDING = "ended_at IS NULL"


class AbsenceRow(SQLModel, table=True):
    """Somebody is away, both days inclusive; `deputy_id` is of the same unit and role. `ended_at`: before its time."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="absence_days"),
        CheckConstraint("deputy_id IS NULL OR deputy_id <> user_id", name="absence_deputy"),
        partial_index("absence_of", "user_id", "last_on", where=IS_STANDING),
        partial_index("absence_deputy", "deputy_id", "last_on", where=IS_STANDING),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="person.id")
    deputy_id: int | None = Field(default=None, foreign_key="person.id")
    first_on: date
    last_on: date
    reason: str
    set_by: str
    set_at: datetime
    ended_at: datetime | None = None


class HandoverRow(SQLModel, table=True):
    """The hand-over sheet 「交接单」; `lines` are what was open then, each with kind, title and last day."""

    __tablename__ = "handover"

    id: int | None = Field(default=None, primary_key=True)
    from_id: int = Field(foreign_key="person.id", index=True)
    to_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    reason: str
    lines: list[list[str]] = Field(sa_column=Column(JSON, nullable=False))
    handed_by: str
    handed_at: datetime
