"""Praise and criticism by name, as they were served on units before a paper was issued."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from tracker.domain.circulars.proposals import NamingAct
from tracker.domain.namings import NamingState
from tracker.store.tables.columns import Versioned, partial_index, states


class NamingRow(Versioned, table=True):
    """What a draft would say of one unit; `key` names its figure, `words` are those that were served.

    `answer_by` is the last day for an answer, that day included. `kept_because` is why the office names the unit in
    spite of its objection.
    """

    __tablename__ = "naming"
    __table_args__ = (
        states("state", NamingState, table="naming"),
        states("act", NamingAct, table="naming"),
        UniqueConstraint("circular_id", "unit_id", "act", name="naming_once"),
        CheckConstraint("answered_at IS NOT NULL OR state IN ('served', 'ended')", name="naming_answered"),
        CheckConstraint("(kept_because IS NULL) = (kept_by IS NULL)", name="naming_kept"),
        Index("naming_of_circular", "circular_id", "id"),
        partial_index("naming_open", "unit_id", "answer_by", where="state = 'served'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    circular_id: int = Field(foreign_key="circular.id")
    unit_id: int = Field(foreign_key="unit.id")
    act: str
    key: str
    words: str
    state: str = NamingState.SERVED.value
    served_at: datetime
    answer_by: date
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    kept_because: str | None = None
    kept_by: str | None = None
