"""What leads and the office ask of other units of a task, and where it stands with each."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from tracker.domain.inquiries import AskedState
from tracker.domain.instructions import Haste
from tracker.store.tables.columns import Versioned, partial_index, states


class InquiryRow(Versioned, table=True):
    """One question 「协办」 on a task, of its lead by `assignment_id` or of the office, with whom it asks.

    From `coordination_at` the office has a clock of its own, while a unit is silent and nothing is decided. With
    `instruction_id` it is one writing of a leader's instruction: `asked_by` is he, `recorded_by` who of the office
    wrote it down for him.
    """

    __tablename__ = "inquiry"
    __table_args__ = (
        CheckConstraint("(coordination_at IS NULL) = (coordination_words IS NULL)", name="inquiry_coordination"),
        CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="inquiry_decision"),
        states("haste", Haste, table="inquiry"),
        CheckConstraint("(instruction_id IS NULL) = (given_on IS NULL)", name="inquiry_given"),
        CheckConstraint("(instruction_id IS NULL) = (haste IS NULL)", name="inquiry_instructed"),
        CheckConstraint("instruction_id IS NULL OR assignment_id IS NULL", name="inquiry_of_nobody_else"),
        Index("inquiry_of_task", "task_id", "id"),
        Index("inquiry_of_share", "assignment_id", "id"),
        partial_index("inquiry_of_instruction", "instruction_id", "id", where="instruction_id IS NOT NULL"),
        partial_index(
            "inquiry_to_coordinate", "coordination_at", "id", where="coordination_at IS NOT NULL AND decided_at IS NULL"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    words: str
    answer_by: date
    asked_by: str
    asked_at: datetime
    coordination_words: str | None = None
    coordination_by: str | None = None
    coordination_at: datetime | None = None
    decision: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    instruction_id: int | None = Field(default=None, foreign_key="instruction.id")
    given_on: date | None = None
    haste: str | None = None
    recorded_by: str | None = None


class AskedRow(Versioned, table=True):
    """One unit that is asked, by its share; `closed_at` is when it ceased to be, `cause` why where the work ended."""

    __tablename__ = "inquiry_asked"
    __table_args__ = (
        states("state", AskedState, table="inquiry_asked"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="inquiry_asked_closed"),
        CheckConstraint("(state = 'ended') = (cause IS NOT NULL)", name="inquiry_asked_cause"),
        Index("inquiry_asked_of", "inquiry_id", "id"),
        partial_index("inquiry_asked_open", "assignment_id", "id", where="state = 'open'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    inquiry_id: int = Field(foreign_key="inquiry.id")
    assignment_id: int = Field(foreign_key="assignment.id")
    state: str = AskedState.OPEN.value
    reminded_at: datetime | None = None
    closed_at: datetime | None = None
    cause: str | None = None
