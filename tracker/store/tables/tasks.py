"""Tasks, assignments, periods and what units hand in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.items import AssignmentRole, CadenceKind, Duty
from tracker.domain.lifecycle import AssignmentState, PeriodState, TaskState
from tracker.domain.reports import ExtensionState, ReportKind, ReportState
from tracker.store.tables.columns import partial_index, states

OWED = "state IN ('open', 'returned', 'missed')"


class TaskRow(SQLModel, table=True):
    __tablename__ = "task"
    __table_args__ = (states("state", TaskState, table="task"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", unique=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    state: str = TaskState.REGISTERED.value
    dormant: bool = False
    due_on: date | None = None
    issued_at: datetime | None = None
    completed_at: datetime | None = None
    version: int = 1


class AssignmentRow(SQLModel, table=True):
    __tablename__ = "assignment"
    __table_args__ = (
        states("state", AssignmentState, table="assignment"),
        states("role", AssignmentRole, table="assignment"),
        states("duty", Duty, table="assignment"),
        UniqueConstraint("task_id", "unit_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    role: str
    duty: str
    proposed: bool = False
    state: str = AssignmentState.PENDING_RECEIPT.value
    received_at: datetime | None = None
    version: int = 1


class PeriodRow(SQLModel, table=True):
    """One reporting period of one assignment and cadence; earlier rows stay as they were."""

    __tablename__ = "period"
    __table_args__ = (
        states("state", PeriodState, table="period"),
        states("kind", CadenceKind, table="period"),
        UniqueConstraint("assignment_id", "kind", "code"),
        partial_index("period_owed", "due_at", "id", where=OWED),
    )

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id")
    kind: str
    code: str
    starts_on: date
    ends_on: date
    scheduled_on: date | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    state: str = PeriodState.UPCOMING.value
    filed_at: datetime | None = None
    late: bool = False
    version: int = 1


class ReportRow(SQLModel, table=True):
    __tablename__ = "report"
    __table_args__ = (
        states("kind", ReportKind, table="report"),
        states("state", ReportState, table="report"),
        CheckConstraint("percent_done BETWEEN 0 AND 100", name="report_percent_done"),
        partial_index("report_under_review", "filed_at", "id", where="state = 'filed'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    assignment_id: int = Field(foreign_key="assignment.id", index=True)
    period_id: int | None = Field(default=None, foreign_key="period.id", index=True)
    kind: str
    state: str = ReportState.AWAITING_SIGN_OFF.value
    text: str
    percent_done: int | None = None
    nil_reason: str | None = Field(default=None)
    written_by: str
    written_at: datetime
    signed_by: str | None = None
    filed_at: datetime | None = None
    late: bool = False
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None
    version: int = 1


class ReportValueRow(SQLModel, table=True):
    """The value a report gives for one target of its item."""

    __tablename__ = "report_value"

    report_id: int = Field(foreign_key="report.id", primary_key=True)
    target_id: int = Field(foreign_key="item_target.id", primary_key=True)
    value: float


class EvidenceRow(SQLModel, table=True):
    """A file attached to a report; its bytes lie in the evidence store under their digest."""

    __tablename__ = "evidence"

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    requirement_id: int | None = Field(default=None, foreign_key="item_evidence.id")
    sha256: str = Field(index=True)
    name: str
    size_bytes: int
    media_type: str
    uploaded_by: str
    uploaded_at: datetime


class ExtensionRow(SQLModel, table=True):
    __tablename__ = "extension"
    __table_args__ = (
        states("state", ExtensionState, table="extension"),
        partial_index("extension_pending", "asked_at", "id", where="state = 'pending'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="period.id", index=True)
    state: str = ExtensionState.PENDING.value
    reason: str
    old_due_on: date
    new_due_on: date
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_reason: str | None = None


class TriggerRow(SQLModel, table=True):
    """An event that started a dormant task's clock."""

    __tablename__ = "trigger_event"

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    occurred_at: datetime
    matter: str
    recorded_by: str
