"""Files beside what is said elsewhere than in a report 「附件」: an answer to a served paper, an instruction."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from tracker.store.tables.columns import partial_index


class EnclosureRow(SQLModel, table=True):
    """A file under the answer to a served paper, or beside one writing of a leader's instruction 「批示件」.

    Its bytes lie in the evidence store under their digest. `out_at`: the answer was written anew since, without it.
    """

    __tablename__ = "enclosure"
    __table_args__ = (
        CheckConstraint("(served_id IS NULL) <> (inquiry_id IS NULL)", name="enclosure_of_one"),
        partial_index("enclosure_of_served", "served_id", "id", where="served_id IS NOT NULL"),
        partial_index("enclosure_of_inquiry", "inquiry_id", "id", where="inquiry_id IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    served_id: int | None = Field(default=None, foreign_key="served_paper.id")
    inquiry_id: int | None = Field(default=None, foreign_key="inquiry.id")
    sha256: str
    name: str
    size_bytes: int
    media_type: str
    put_by: str
    put_at: datetime
    out_at: datetime | None = None
