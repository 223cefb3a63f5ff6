"""Tasks, assignments and the events that start waiting tasks."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.filings import Outcome
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.lifecycle import AssignmentState, TaskState
from tracker.store.tables.columns import Versioned, partial_index, states

# The planner of SQLite takes a partial index only where a query repeats its condition word for word.
RUNNING_TASK = ("issued", "in_progress", "under_review", "returned", "suspended")


class TaskRow(Versioned, table=True):
    """A supervised matter. `due_on` is its deadline; `outcome` how its completion ended 「达标 / 未达标」.

    `is_key` where the office wants it reported monthly 「重点」, with a reason.
    """

    __tablename__ = "task"
    __table_args__ = (
        states("state", TaskState, table="task"),
        states("outcome", Outcome, table="task"),
        partial_index(
            "task_running",
            "document_id",
            "id",
            where="state IN ('issued', 'in_progress', 'under_review', 'returned', 'suspended')",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = Field(foreign_key="item.id", unique=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    state: str = TaskState.REGISTERED.value
    dormant: bool = False
    due_on: date | None = None
    issued_at: datetime | None = None
    completed_at: datetime | None = None
    outcome: str | None = None
    is_key: bool = False
    key_reason: str | None = None


class AssignmentRow(Versioned, table=True):
    """One unit's share.

    `got_on` is the day it got the task, `from_on` the day from which the office wants reports, where that is earlier.
    `own_role` and `own_duty` are the part it had before it took over another's 「改派」, and has again when that is
    taken away; `taken_role` and `taken_duty` what it took over, whether or not that added anything. All four are null
    where it took over none.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        states("state", AssignmentState, table="assignment"),
        states("role", AssignmentRole, table="assignment"),
        states("duty", Duty, table="assignment"),
        states("own_role", AssignmentRole, table="assignment"),
        states("own_duty", Duty, table="assignment"),
        states("taken_role", AssignmentRole, table="assignment"),
        states("taken_duty", Duty, table="assignment"),
        UniqueConstraint("task_id", "unit_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    role: str
    duty: str
    own_role: str | None = None
    own_duty: str | None = None
    taken_role: str | None = None
    taken_duty: str | None = None
    proposed: bool = False
    state: str = AssignmentState.PENDING_RECEIPT.value
    got_on: date | None = None
    from_on: date | None = None
    received_at: datetime | None = None
    ended_at: datetime | None = None


class TriggerRow(SQLModel, table=True):
    """An event that started a waiting task's clock, until it is recorded to be over."""

    __tablename__ = "trigger_event"

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    occurred_at: datetime
    matter: str
    recorded_by: str
    ended_at: datetime | None = None


class TargetPointRow(SQLModel, table=True):
    """What the office expects of a target by a day 「序时节点」, inclusive; those of one target are set together."""

    __tablename__ = "target_point"
    __table_args__ = (UniqueConstraint("target_id", "due_on"),)

    id: int | None = Field(default=None, primary_key=True)
    target_id: int = Field(foreign_key="item_target.id")
    due_on: date
    value: float
    reason: str
    set_by: str
    set_at: datetime
