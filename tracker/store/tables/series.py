"""Series, their duties, periods and rows: what is owed. Source of the shape: docs/owed.md."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.items import CadenceKind
from tracker.domain.owed import RowState
from tracker.store.tables.columns import partial_index, states

# The planner of SQLite takes a partial index only where a query repeats its condition word for word.
IS_OVERDUE_SOMETIME = "overdue_from IS NOT NULL"
IS_UNASKED = "unasked"
OPEN_ROW = ("open", "returned", "filed")
IS_OPEN_ROW = "state IN ('open', 'returned', 'filed')"


class SeriesRow(SQLModel, table=True):
    """Who owes whom what kind of report in which rhythm.

    `overdue_from` is the earliest moment of its live rows outside the office's court, past or future; `unasked` says
    that a row was accepted whose window holds a deadline by which it was not asked for the completion; one function
    rewrites both (`store.reckoning`). `overdue_noted` is the moment whose passing was put into the log.
    `extends_on` is the day on which the period ahead begins, so that another one must be made.
    """

    __tablename__ = "series"
    __table_args__ = (
        states("kind", CadenceKind, table="series"),
        UniqueConstraint("unit_id", "document_id", "key"),
        partial_index("series_overdue", "overdue_from", "id", "unit_id", "document_id", where=IS_OVERDUE_SOMETIME),
        partial_index("series_overdue_of_unit", "unit_id", "overdue_from", "id", where=IS_OVERDUE_SOMETIME),
        partial_index("series_extends", "extends_on", "id", where="extends_on IS NOT NULL"),
        partial_index("series_unasked", "id", where=IS_UNASKED),
        Index("series_document", "document_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    document_id: int = Field(foreign_key="document.id")
    kind: str
    key: str
    addressee: str | None = None
    addressee_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    trigger_id: int | None = Field(default=None, foreign_key="trigger_event.id")
    overdue_from: datetime | None = None
    overdue_noted: datetime | None = None
    extends_on: date | None = None
    unasked: bool = False
    version: int = 1


class DutyRow(SQLModel, table=True):
    """What puts a row into each period of a series: one share of one item; no share: the tick for all others.

    `got_on` is the day the unit got the task, `from_on` the day from which the office wants reports on a task that was
    registered late. An ended duty puts no further rows. A series that an event started has none.
    """

    __tablename__ = "duty"
    __table_args__ = (
        UniqueConstraint("series_id", "assignment_id"),
        partial_index("duty_tick", "series_id", where="assignment_id IS NULL", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    series_id: int = Field(foreign_key="series.id", index=True)
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id", index=True)
    act: bool = False
    soft: bool = False
    until_on: date | None = None
    completes: bool = False
    statistic: bool = False
    counted: bool = False
    got_on: date
    from_on: date | None = None
    ended_at: datetime | None = None


class PeriodRow(SQLModel, table=True):
    """One window of a series. `frozen_at` is its first filing: duties that come later enter the next form."""

    __tablename__ = "period"
    __table_args__ = (UniqueConstraint("series_id", "code"), Index("period_due", "due_at", "id"))

    id: int | None = Field(default=None, primary_key=True)
    series_id: int = Field(foreign_key="series.id")
    code: str
    starts_on: date
    ends_on: date
    opens_at: datetime
    scheduled_at: datetime
    due_at: datetime
    frozen_at: datetime | None = None
    version: int = 1


class FormRow(SQLModel, table=True):
    """One row of a form 「行」, accepted, returned, extended, disputed or waived by itself.

    `due_at` is its own moment, None where it follows the period. `filed_at` and `late` are those of the first filing
    and never change; `late` is None before it and while a decision that fixes it is open. `pending_at` is when an
    undecided extension or dispute was asked. A row without a share is the tick for all others.
    """

    __tablename__ = "form_row"
    __table_args__ = (
        states("state", RowState, table="form_row"),
        UniqueConstraint("period_id", "assignment_id"),
        CheckConstraint("(state = 'returned') = (correction_due_at IS NOT NULL)", name="form_row_correction"),
        partial_index("form_row_tick", "period_id", where="assignment_id IS NULL", unique=True),
        Index("form_row_of_share", "assignment_id", "id"),
        partial_index("form_row_open", "period_id", "id", where=IS_OPEN_ROW),
        partial_index("form_row_due", "due_at", where="due_at IS NOT NULL"),
        partial_index("form_row_correction_due", "correction_due_at", where="correction_due_at IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="period.id")
    assignment_id: int | None = Field(default=None, foreign_key="assignment.id")
    required: bool = True
    act: bool = False
    soft: bool = False
    final: bool = False
    state: str = RowState.OPEN.value
    due_at: datetime | None = None
    correction_due_at: datetime | None = None
    pending_at: datetime | None = None
    filed_at: datetime | None = None
    late: bool | None = None
    settled_by: str | None = None
    version: int = 1


class LegacyPeriodRow(SQLModel, table=True):
    """A period of one share and rhythm as it was reckoned before series: history, never owed."""

    __tablename__ = "legacy_period"

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    kind: str
    code: str
    starts_on: date
    ends_on: date
    scheduled_on: date | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    state: str
    filed_at: datetime | None = None
    late: bool = False
    version: int = 1


class LegacyExtensionRow(SQLModel, table=True):
    """A request for more time on a legacy period."""

    __tablename__ = "legacy_extension"

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="legacy_period.id", index=True)
    state: str
    reason: str
    old_due_on: date
    new_due_on: date
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
