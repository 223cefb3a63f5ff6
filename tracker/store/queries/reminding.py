"""What the planner of reminders reads, and the ledger 「提醒台账」 as it is shown and printed."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from tracker.domain.accounts import Role
from tracker.domain.lifecycle import PERIOD_OWED, TaskState
from tracker.domain.reports import ExtensionState, ReportState
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.tasks import AssignmentRow, ExtensionRow, PeriodRow, ReportRow, TaskRow
from tracker.store.tables.units import UnitRow, UserRow

_OWED = [state.value for state in PERIOD_OWED]
_SUSPENDED = [TaskState.SUSPENDED.value]


@dataclass(frozen=True, slots=True)
class OwedForReminder:
    """A period that a unit still owes, with what decides whether its liaison hears of it."""

    period_id: int
    unit_id: int
    task_id: int
    kind: str
    state: str
    code: str
    starts_on: date
    ends_on: date
    due_at: datetime | None
    item_code: str
    item_label: str
    item_title: str
    document_number: str
    paused: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    user_id: int
    name: str
    address: str | None
    unit_id: int
    unit_name: str


def owed_for_reminders(session: Session) -> list[OwedForReminder]:
    """Return every owed period of every unit, in reading order of the documents.

    One whose report waits for the head's signature, or whose extension is undecided, is paused.
    """
    waiting = exists().where(
        col(ReportRow.period_id) == col(PeriodRow.id), col(ReportRow.state) == ReportState.AWAITING_SIGN_OFF.value
    )
    asked = exists().where(
        col(ExtensionRow.period_id) == col(PeriodRow.id), col(ExtensionRow.state) == ExtensionState.PENDING.value
    )
    wanted = (
        select(
            col(PeriodRow.id),
            col(AssignmentRow.unit_id),
            col(TaskRow.id),
            col(PeriodRow.kind),
            col(PeriodRow.state),
            col(PeriodRow.code),
            col(PeriodRow.starts_on),
            col(PeriodRow.ends_on),
            col(PeriodRow.due_at),
            col(ItemRow.code),
            col(ItemRow.label),
            col(ItemRow.title),
            col(DocumentRow.number),
            asked | waiting | col(TaskRow.state).in_(_SUSPENDED),
        )
        .select_from(PeriodRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(PeriodRow.state).in_(_OWED))
        .order_by(col(PeriodRow.due_at), col(TaskRow.id), col(PeriodRow.id))
    )
    return [OwedForReminder(*row) for row in session.execute(wanted)]


def liaisons(session: Session, *, unit_id: int | None = None) -> list[Recipient]:
    """Return the active liaisons of all units, or of one."""
    columns = (col(UserRow.id), col(UserRow.name), col(UserRow.email), col(UnitRow.id), col(UnitRow.short_name))
    wanted = (
        select(*columns)
        .join(UnitRow, col(UnitRow.id) == col(UserRow.unit_id))
        .where(col(UserRow.role) == Role.LIAISON.value, col(UserRow.active).is_(True))
    )
    if unit_id is not None:
        wanted = wanted.where(col(UserRow.unit_id) == unit_id)
    return [Recipient(*row) for row in session.execute(wanted.order_by(col(UserRow.id)))]


def happened_to_periods(session: Session, type_: str, *, since: datetime, until: datetime) -> dict[int, datetime]:
    """Return the latest time of an event of this type by period, in (since, until]."""
    rows = session.execute(
        select(col(EventRow.payload), col(EventRow.occurred_at))
        .where(col(EventRow.type) == type_, col(EventRow.occurred_at) > since, col(EventRow.occurred_at) <= until)
        .order_by(col(EventRow.seq))
    )
    return {int(json.loads(payload)["period_id"] or 0): at for payload, at in rows}


def ledger(
    session: Session,
    *,
    since: date | None = None,
    on: date | None = None,
    state: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[ReminderRow]:
    """Return the ledger's rows, the newest first."""
    wanted = select(ReminderRow)
    if since is not None:
        wanted = wanted.where(col(ReminderRow.planned_on) >= since)
    if on is not None:
        wanted = wanted.where(col(ReminderRow.planned_on) == on)
    if state is not None:
        wanted = wanted.where(col(ReminderRow.state) == state)
    ordered = wanted.order_by(col(ReminderRow.planned_for).desc(), col(ReminderRow.id).desc())
    return list(session.execute(ordered.limit(limit).offset(offset)).scalars())


def count_ledger(session: Session, *, state: str | None = None) -> int:
    wanted = select(func.count()).select_from(ReminderRow)
    if state is not None:
        wanted = wanted.where(col(ReminderRow.state) == state)
    return int(session.execute(wanted).scalar_one())


def notices_for(session: Session, *, user_id: int, limit: int) -> list[ReminderRow]:
    """Return a person's in-app messages, the newest first."""
    wanted = (
        select(ReminderRow)
        .where(col(ReminderRow.recipient_id) == user_id, col(ReminderRow.channel) == "in_app")
        .order_by(col(ReminderRow.planned_for).desc(), col(ReminderRow.id).desc())
    )
    return list(session.execute(wanted.limit(limit)).scalars())


def count_unread(session: Session, *, user_id: int) -> int:
    wanted = (
        select(func.count())
        .select_from(ReminderRow)
        .where(
            col(ReminderRow.recipient_id) == user_id,
            col(ReminderRow.channel) == "in_app",
            col(ReminderRow.read_at).is_(None),
        )
    )
    return int(session.execute(wanted).scalar_one())
