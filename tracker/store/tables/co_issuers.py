"""Organs that issue a paper together with its host, and what their heads countersigned."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from tracker.domain.circulars.joint import CoIssuerState, Purpose
from tracker.store.tables.columns import Versioned, partial_index, states


class CoIssuerRow(Versioned, table=True):
    """One co-issuer of one paper; of a withdrawal a row of its own. `name` is what the paper prints.

    `digest` is of the words that were asked, `matter` why the paper is to be withdrawn, `answer_by` inclusive.
    """

    __tablename__ = "co_issuer"
    __table_args__ = (
        states("state", CoIssuerState, table="co_issuer"),
        states("purpose", Purpose, table="co_issuer"),
        CheckConstraint("answered_at IS NOT NULL OR state IN ('named', 'asked', 'dropped')", name="co_issuer_answered"),
        CheckConstraint("asked_at IS NOT NULL OR state IN ('named', 'dropped')", name="co_issuer_told"),
        Index("co_issuer_of_circular", "circular_id", "id"),
        partial_index("co_issuer_once", "circular_id", "unit_id", "purpose", where="state <> 'dropped'", unique=True),
        partial_index("co_issuer_open", "unit_id", "asked_at", where="state = 'asked'"),
        partial_index("co_issuer_returned", "answered_at", "id", where="state = 'returned'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    circular_id: int = Field(foreign_key="circular.id")
    unit_id: int = Field(foreign_key="unit.id")
    purpose: str = Purpose.ISSUE.value
    place: int
    name: str
    state: str = CoIssuerState.NAMED.value
    digest: str | None = None
    matter: str | None = None
    asked_by: str | None = None
    asked_at: datetime | None = None
    answer_by: date | None = None
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    dropped_because: str | None = None
