"""What was handed in, by whom, when: counted against the quota of the unit."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class UploadRow(SQLModel, table=True):
    """A file that was taken; without a unit where somebody of no unit handed it in."""

    __tablename__ = "upload"

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    size_bytes: int
    at: datetime
