"""The box of evidence of each unit 「佐证箱」: files at hand for any report, beside those that reports carry."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer
from sqlmodel import Field

from tracker.store.tables.columns import Versioned, partial_index


class BoxFileRow(Versioned, table=True):
    """A file in the box of a unit; what reports carry of it is theirs, and stays when the file is taken out.

    `good_until` is the last day on which it may be attached; `replaces_id` the version before, which is out since.
    `from_report_id` is the other unit's answer that it came with.
    """

    __tablename__ = "box_file"
    __table_args__ = (
        CheckConstraint("(out_at IS NULL) = (out_by IS NULL)", name="box_file_out"),
        Index("box_file_of_unit", "unit_id", "id"),
        partial_index("box_file_once", "unit_id", "sha256", "name", where="out_at IS NULL", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    name: str
    sha256: str
    size_bytes: int
    media_type: str
    good_until: date | None = None
    replaces_id: int | None = Field(default=None, foreign_key="box_file.id")
    from_report_id: int | None = Field(
        default=None, sa_column=Column(Integer, ForeignKey("report.id", name="box_file_from"))
    )
    put_by: str
    put_at: datetime
    out_at: datetime | None = None
    out_by: str | None = None
