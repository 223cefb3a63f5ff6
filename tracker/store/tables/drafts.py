"""Documents that are being broken down 「拆解草稿」; what is approved moves on into the tables of documents."""

from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter
from sqlalchemy import JSON, Column
from sqlmodel import Field

from tracker.domain.readings.reading import Reading
from tracker.store.tables.columns import Versioned, states

_CONTENT = TypeAdapter(Reading)


class DraftState(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    DISCARDED = "discarded"


class DraftRow(Versioned, table=True):
    """`content` is a reading as `content_of` writes it; `hands` are the persons who uploaded or corrected it."""

    __tablename__ = "draft"
    __table_args__ = (states("state", DraftState, table="draft"),)

    id: int | None = Field(default=None, primary_key=True)
    state: str = DraftState.OPEN.value
    file_name: str
    file_sha256: str
    content: str
    hands: list[int] = Field(sa_column=Column(JSON, nullable=False))
    uploaded_by: str
    uploaded_at: datetime
    document_id: int | None = Field(default=None, foreign_key="document.id")


def content_of(draft: Reading) -> str:
    """Return a draft as the JSON that is kept of it; whoever changes its shape migrates what is kept."""
    return _CONTENT.dump_json(draft).decode()


def read_content(content: str) -> Reading:
    return _CONTENT.validate_json(content)
