"""Circulars, one row for each edition, and how far each series of numbers has come."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.kinds import CircularType
from tracker.store.tables.columns import Versioned, states


class CircularRow(Versioned, table=True):
    """One edition: what it is made of (type, scope, cut-off, versions), its words, and how it was decided.

    `facts_sha256` is the digest of what was computed from the events up to `last_event` that had happened by `as_of`,
    as JSON in the evidence store; null of editions older than that. `sha256` is the file's, null until it is drawn.
    `remarks` and `deviations` are what the last check of the words' layout found, null before it.
    """

    __tablename__ = "circular"
    __table_args__ = (
        states("type", CircularType, table="circular"),
        states("state", EditionState, table="circular"),
        UniqueConstraint("series", "year", "running_number"),
        Index("circular_of_score_month", "score_month_id"),
        Index("circular_redrafted_from", "redrafted_from_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    type: str
    state: str = EditionState.DRAFT.value
    office: str = "office"
    unit_name: str | None = None
    document_number: str | None = None
    as_of: datetime
    last_event: int = 0
    facts_sha256: str | None = None
    template_version: str = ""
    rule_version: str = ""
    previous_id: int | None = Field(default=None, foreign_key="circular.id")
    title: str
    addressees: str = ""
    copies: str = ""
    note: str = ""
    urgency: str = ""
    # The words as they are read, the name of the type first, by which the paper is found; None where it is older.
    said: str | None = None
    statements: list[list[object]] = Field(sa_column=Column(JSON, nullable=False))
    drafted_by: str = ""
    drafted_by_id: int | None = None
    # In whose name, where a deputy drafted it.
    drafted_for_id: int | None = None
    drafted_at: datetime | None = None
    sent_back_because: str | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    approval_basis: str | None = None
    series: str
    year: int | None = None
    running_number: int | None = None
    number: str | None = None
    issued_at: datetime | None = None
    issued_by: str | None = None
    sha256: str | None = None
    name: str | None = None
    remarks: list[str] = Field(sa_column=Column(JSON, nullable=False))
    deviations: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    replaces_id: int | None = Field(default=None, foreign_key="circular.id")
    corrects_because: str | None = None
    closed_because: str | None = None
    # The draft that was given up for it, and what somebody had written there and it does not say.
    redrafted_from_id: int | None = Field(default=None, foreign_key="circular.id")
    left_behind: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    layout_id: int | None = Field(default=None, foreign_key="circular_template.id")
    # Of which month of evaluation it tells, and which of the results that were kept of it.
    score_month_id: int | None = Field(default=None, foreign_key="score_month.id")
    score_edition: int | None = None


class CircularTemplateRow(SQLModel, table=True):
    """A template that the office made in Word; its bytes lie in the evidence store under their digest."""

    __tablename__ = "circular_template"
    __table_args__ = (states("type", CircularType, table="circular_template"),)

    id: int | None = Field(default=None, primary_key=True)
    type: str
    name: str
    sha256: str
    fields: list[str] = Field(sa_column=Column(JSON, nullable=False))
    uploaded_by: str
    uploaded_at: datetime
    retired_at: datetime | None = None


class NumberSeriesRow(SQLModel, table=True):
    """The last number given in a series of a year; its row lock keeps the series without gaps and doubles."""

    __tablename__ = "number_series"

    series: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int
