"""What liaisons ask for that waits for the head of their unit, or did not get past him."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from tracker.domain.filings import RequestKind
from tracker.domain.petitions import PetitionState
from tracker.store.tables.columns import Versioned, partial_index, states

_WAITS = "state = 'awaiting_sign_off'"


class PetitionRow(Versioned, table=True):
    """One request of a unit, as its liaison wrote it; `request_id` is what it became once the head signed.

    Whose it is follows from its share. `ended_by` is who signed, sent it back or withdrew it, `ended_reason` why the
    head sent it back.
    """

    __tablename__ = "petition"
    __table_args__ = (
        states("kind", RequestKind, table="petition"),
        states("state", PetitionState, table="petition"),
        CheckConstraint("(kind = 'extension') = (row_id IS NOT NULL)", name="petition_row"),
        CheckConstraint("(kind = 'extension') = (new_due_on IS NOT NULL)", name="petition_new_due_on"),
        CheckConstraint("(kind = 'objection') = (report_id IS NOT NULL)", name="petition_report"),
        CheckConstraint("(state = 'signed') = (request_id IS NOT NULL)", name="petition_request"),
        partial_index("petition_of_row", "row_id", where=f"{_WAITS} AND row_id IS NOT NULL", unique=True),
        partial_index("petition_of_report", "report_id", where=f"{_WAITS} AND report_id IS NOT NULL", unique=True),
        partial_index("petition_of_dispute", "assignment_id", where=f"{_WAITS} AND kind = 'dispute'", unique=True),
        Index("petition_of_share", "assignment_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    assignment_id: int = Field(foreign_key="assignment.id")
    row_id: int | None = Field(default=None, foreign_key="form_row.id")
    report_id: int | None = Field(default=None, foreign_key="report.id")
    reason: str
    new_due_on: date | None = None
    written_by: str
    written_by_id: int | None = None
    written_at: datetime
    state: str = PetitionState.AWAITING_SIGN_OFF.value
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_reason: str | None = None
    request_id: int | None = Field(default=None, foreign_key="request.id")
