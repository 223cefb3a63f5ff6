"""The event log, its deliveries to reactions, the reminder ledger and other records of the machinery."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.store.tables.columns import partial_index, states

# The planner of SQLite takes a partial index only where a query repeats its condition word for word.
IS_OPEN_DELIVERY = "state IN ('pending', 'claimed')"
IS_OPEN_REMINDER = "state IN ('pending', 'claimed', 'handing_over')"
IS_ABOUT = "about IS NOT NULL"
IS_UNREAD = "channel = 'in_app' AND read_at IS NULL"


class DeliveryState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"


class ReminderState(StrEnum):
    PENDING = "pending"
    CLAIMED = "claimed"
    HANDING_OVER = "handing_over"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    CANCELLED = "cancelled"


class EventRow(SQLModel, table=True):
    """One appended fact. `hash` covers the row and the hash before it; rows are never changed or pruned."""

    __tablename__ = "event"
    __table_args__ = (
        Index("event_when", "occurred_at", "seq"),
        partial_index("event_about", "about", "seq", where=IS_ABOUT),
    )

    seq: int = Field(primary_key=True)
    type: str = Field(index=True)
    key: str | None = Field(default=None, unique=True)
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    occurred_at: datetime
    actor: str
    actor_id: int | None = None
    actor_unit: str | None = None
    payload: str
    previous_hash: str
    hash: str
    about: str | None = None


class ChainHeadRow(SQLModel, table=True):
    """The last link; its row lock makes writers append one after another."""

    __tablename__ = "chain_head"

    id: int = Field(primary_key=True)
    seq: int
    hash: str


class DeliveryRow(SQLModel, table=True):
    """One event for one reaction; the claim and the reaction's work commit together."""

    __tablename__ = "delivery"
    __table_args__ = (
        states("state", DeliveryState, table="delivery"),
        UniqueConstraint("event_seq", "reaction"),
        partial_index("delivery_due", "next_at", "id", where=IS_OPEN_DELIVERY),
    )

    id: int | None = Field(default=None, primary_key=True)
    event_seq: int = Field(foreign_key="event.seq")
    reaction: str
    state: str = DeliveryState.PENDING.value
    attempts: int = 0
    next_at: datetime
    claim_token: str | None = None
    claim_until: datetime | None = None
    rung_at: datetime | None = None
    last_error: str | None = None


class RelayCursorRow(SQLModel, table=True):
    __tablename__ = "relay_cursor"

    id: int = Field(primary_key=True)
    seq: int


class ReminderRow(SQLModel, table=True):
    """One message to one person by one channel; `ukey` makes it be sent once."""

    __tablename__ = "reminder"
    __table_args__ = (
        states("state", ReminderState, table="reminder"),
        partial_index("reminder_due", "next_at", "id", where=IS_OPEN_REMINDER),
        partial_index("reminder_unread", "recipient_id", where=IS_UNREAD),
        Index("reminder_ledger", "planned_for", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    ukey: str = Field(unique=True)
    kind: str
    channel: str
    recipient_id: int = Field(foreign_key="person.id", index=True)
    recipient: str
    address: str | None = None
    subject: str
    reason: str
    content: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    planned_for: datetime
    planned_on: date = Field(index=True)
    state: str = ReminderState.PENDING.value
    attempts: int = 0
    next_at: datetime
    claim_token: str | None = None
    claim_until: datetime | None = None
    rung_at: datetime | None = None
    sent_at: datetime | None = None
    read_at: datetime | None = None
    last_error: str | None = None


class DigestPassRow(SQLModel, table=True):
    """How far into the log the pass has looked that last planned digests, and of which day they were."""

    __tablename__ = "digest_pass"

    id: int = Field(primary_key=True)
    planned_on: date
    last_event: int
    # The hour of that day, in Shanghai, at which was looked.
    hour: int = 0


class OverdueRollupRow(SQLModel, table=True):
    """How many reports one unit owed overdue on one day, by document: the roll-up by unit, document and week."""

    __tablename__ = "overdue_rollup"

    as_of_on: date = Field(primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    document_id: int = Field(foreign_key="document.id", primary_key=True)
    week: str = Field(index=True)
    overdue: int


class DemonstrationClockRow(SQLModel, table=True):
    """What time it is in the demonstration, and as which scenario its units behave; None where none was played."""

    __tablename__ = "demonstration_clock"

    id: int = Field(primary_key=True)
    now: datetime
    scenario: str | None = None
