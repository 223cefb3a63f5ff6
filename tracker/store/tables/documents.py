"""Issued documents, their action items and what each item demands."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.items import (
    Basis,
    Bearer,
    CadenceKind,
    DemandKind,
    ItemKind,
    LeadBasis,
    Measure,
    Origin,
    QuestionTopic,
    SpanRole,
    UnitRole,
)
from tracker.store.tables.columns import states


class DocumentRow(SQLModel, table=True):
    __tablename__ = "document"
    __table_args__ = (states("origin", Origin, table="document"),)

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    title: str
    issuer: str | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    ends_on: date | None = None
    filing_on: date | None = None
    text: str
    text_sha256: str
    origin: str = Origin.PUBLISHED.value


class DocumentSpanRow(SQLModel, table=True):
    """A stretch that a reader declared to be no item; coverage is computed from these and the items."""

    __tablename__ = "document_span"
    __table_args__ = (
        states("role", SpanRole, table="document_span"),
        CheckConstraint("start_at < end_at", name="document_span_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    start_at: int
    end_at: int
    role: str


class ItemRow(SQLModel, table=True):
    __tablename__ = "item"
    __table_args__ = (
        states("kind", ItemKind, table="item"),
        states("lead_basis", LeadBasis, table="item"),
        states("deadline_bearer", Bearer, table="item"),
        CheckConstraint("start_at < end_at", name="item_span_order"),
    )

    id: int | None = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    code: str = Field(unique=True)
    label: str
    kind: str
    title: str
    text: str
    start_at: int
    end_at: int
    responsibility: str | None = None
    responsibility_start_at: int | None = None
    responsibility_end_at: int | None = None
    lead_basis: str
    deadline_on: date | None = None
    deadline_basis: str | None = None
    deadline_quote: str | None = None
    deadline_bearer: str = Bearer.LEAD.value
    outlives: bool = False
    level: str | None = None
    scoring: dict[str, object] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    note: str | None = None


class ItemSuccessionRow(SQLModel, table=True):
    """Which item of a newer edition goes on with an item; `likeness` of their words, 0 to 1."""

    __tablename__ = "item_succession"

    old_item_id: int = Field(foreign_key="item.id", primary_key=True)
    new_item_id: int = Field(foreign_key="item.id", index=True)
    likeness: float


class ItemUnitRow(SQLModel, table=True):
    """A unit that an item names, or that the office assigned as its lead with a reason."""

    __tablename__ = "item_unit"
    __table_args__ = (states("role", UnitRole, table="item_unit"), UniqueConstraint("item_id", "role", "position"))

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    role: str
    position: int
    printed: str
    unit_id: int = Field(foreign_key="unit.id")
    reason: str | None = None


class ItemGroupRow(SQLModel, table=True):
    __tablename__ = "item_group"
    __table_args__ = (UniqueConstraint("item_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    position: int
    printed: str
    inherited_from: str | None = None


class ItemGroupMemberRow(SQLModel, table=True):
    __tablename__ = "item_group_member"

    item_group_id: int = Field(foreign_key="item_group.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)


class ItemCadenceRow(SQLModel, table=True):
    __tablename__ = "item_cadence"
    __table_args__ = (
        states("kind", CadenceKind, table="item_cadence"),
        states("basis", Basis, table="item_cadence"),
        states("bearer", Bearer, table="item_cadence"),
        UniqueConstraint("item_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    position: int
    kind: str
    n: int | None = None
    basis: str
    quote: str | None = None
    bearer: str = Bearer.LEAD.value
    addressee: str | None = None
    addressee_unit_id: int | None = Field(default=None, foreign_key="unit.id")


class ItemTargetRow(SQLModel, table=True):
    __tablename__ = "item_target"
    __table_args__ = (
        CheckConstraint("op IN ('>', '>=', '=', '<=', '<')", name="item_target_op"),
        states("measure", Measure, table="item_target"),
        states("bearer", Bearer, table="item_target"),
        UniqueConstraint("item_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    position: int
    metric: str
    op: str
    value: float
    unit: str | None = None
    per: str | None = None
    quote: str
    measure: str | None = None
    bearer: str = Bearer.LEAD.value


class ItemEvidenceRow(SQLModel, table=True):
    __tablename__ = "item_evidence"
    __table_args__ = (
        states("basis", Basis, table="item_evidence"),
        states("bearer", Bearer, table="item_evidence"),
        UniqueConstraint("item_id", "position"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    position: int
    what: str
    basis: str
    quote: str | None = None
    form: str = "document"
    mandatory: bool = True
    per: str = "period"
    bearer: str = Bearer.LEAD.value


class ItemBearerRow(SQLModel, table=True):
    """A unit that a demand names itself; the unit is unknown where nobody listed a collective's members.

    `demand_position` is the place of the cadence, target or evidence; 0 for the deadline. `instead_of_unit_id` is the
    unit that the words name, where another took over its share 「改派」.
    """

    __tablename__ = "item_bearer"
    __table_args__ = (states("demand", DemandKind, table="item_bearer"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    demand: str
    demand_position: int
    printed: str
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    instead_of_unit_id: int | None = Field(default=None, foreign_key="unit.id")


class QuestionRow(SQLModel, table=True):
    """What a document leaves open, put to the office 「待督查室明确」; its answer is a decision on record."""

    __tablename__ = "question"
    __table_args__ = (states("topic", QuestionTopic, table="question"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", index=True)
    topic: str
    words: str
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
