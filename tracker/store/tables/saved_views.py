"""Views of the ledger of tasks that somebody keeps for himself."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class SavedViewRow(SQLModel, table=True):
    """A question to the ledger under a name of the person's own; `asked` is what stands behind the address."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="person.id")
    name: str
    asked: str
    saved_at: datetime
