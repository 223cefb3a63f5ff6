"""Leaders' instructions 「批示」; each writing of one is an inquiry that names it."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from tracker.store.tables.columns import Versioned, partial_index


class InstructionRow(Versioned, table=True):
    """A leader's instruction on a task, open until `closed_at`; `read_at` is when he last read what was answered."""

    __tablename__ = "instruction"
    __table_args__ = (
        Index("instruction_of_task", "task_id", "id"),
        Index("instruction_of_leader", "leader_id", "id"),
        partial_index("instruction_open", "id", where="closed_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    leader_id: int = Field(foreign_key="person.id")
    read_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
