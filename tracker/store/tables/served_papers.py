"""Papers of the office as they were served on units 「送达」."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from tracker.domain.served_papers import ServedState
from tracker.store.tables.columns import Versioned, partial_index, states


class ServedPaperRow(Versioned, table=True):
    """One paper with one unit that it went to; `answer` is the unit's, which counts once its head has signed it.

    `answer_on` is the day by which it is wanted, that day included; None where the paper names none.
    """

    __tablename__ = "served_paper"
    __table_args__ = (
        states("state", ServedState, table="served_paper"),
        UniqueConstraint("circular_id", "unit_id", name="served_paper_once"),
        CheckConstraint("(state = 'answered') = (signed_at IS NOT NULL)", name="served_paper_signed"),
        CheckConstraint("answer IS NOT NULL OR state IN ('served', 'received', 'ended')", name="served_paper_answer"),
        Index("served_paper_of_unit", "unit_id", "id"),
        partial_index("served_paper_open", "unit_id", "answer_on", where="state IN ('served', 'received', 'written')"),
        partial_index("served_paper_unread", "signed_at", "id", where="state = 'answered' AND read_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    circular_id: int = Field(foreign_key="circular.id")
    unit_id: int = Field(foreign_key="unit.id")
    state: str = ServedState.SERVED.value
    wants_answer: bool
    answer_on: date | None = None
    served_at: datetime
    received_by: str | None = None
    received_at: datetime | None = None
    answer: str | None = None
    written_by: str | None = None
    written_at: datetime | None = None
    sent_back_because: str | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None
    read_by: str | None = None
    read_at: datetime | None = None
