"""What a unit owes and what waits for whom: one statement fills one list of frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.lifecycle import PERIOD_OWED
from tracker.domain.reports import ExtensionState, ReportState
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.tasks import AssignmentRow, ExtensionRow, PeriodRow, ReportRow, TaskRow
from tracker.store.tables.units import UnitRow

_OWED = [state.value for state in PERIOD_OWED]


@dataclass(frozen=True, slots=True)
class OwedPeriod:
    """A period that a unit still owes, with what it takes to show its light and its sentence."""

    period_id: int
    assignment_id: int
    task_id: int
    unit_name: str
    task_state: str
    assignment_state: str
    period_state: str
    kind: str
    code: str
    due_on: date | None
    due_at: datetime | None
    item_code: str
    item_label: str
    item_title: str
    document_number: str
    awaiting_sign_off: bool
    extension_asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewAssignment:
    """An assignment that its unit has not acknowledged."""

    assignment_id: int
    task_id: int
    role: str
    item_label: str
    item_title: str
    document_number: str
    issued_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """A report that waits for the head of its unit, or for the office."""

    report_id: int
    task_id: int
    unit_name: str
    kind: str
    text: str
    percent_done: int | None
    nil_reason: str | None
    written_by: str
    written_at: datetime
    filed_at: datetime | None
    late: bool
    period_code: str | None
    due_on: date | None
    item_code: str
    item_label: str
    item_title: str
    item_text: str
    document_number: str


@dataclass(frozen=True, slots=True)
class WaitingExtension:
    """A request for more time that waits for the office."""

    extension_id: int
    task_id: int
    unit_name: str
    reason: str
    old_due_on: date
    new_due_on: date
    asked_by: str
    asked_at: datetime
    period_code: str
    item_label: str
    item_title: str
    document_number: str


def owed_by_unit(session: Session, *, unit_id: int) -> list[OwedPeriod]:
    """Return what one unit owes, the earliest due first, continuous periods last."""
    wanted = _owed().where(col(AssignmentRow.unit_id) == unit_id)
    ordered = wanted.order_by(col(PeriodRow.due_at).is_(None), col(PeriodRow.due_at), col(PeriodRow.id))
    return [OwedPeriod(*row) for row in session.execute(ordered)]


def overdue(session: Session, *, now: datetime, unit_id: int | None, limit: int, offset: int = 0) -> list[OwedPeriod]:
    """Return overdue periods of all units, or of one, the longest overdue first."""
    wanted = _owed().where(col(PeriodRow.due_at) <= now)
    if unit_id is not None:
        wanted = wanted.where(col(AssignmentRow.unit_id) == unit_id)
    ordered = wanted.order_by(col(PeriodRow.due_at), col(PeriodRow.id)).limit(limit).offset(offset)
    return [OwedPeriod(*row) for row in session.execute(ordered)]


def count_overdue(session: Session, *, now: datetime, unit_id: int | None) -> int:
    """Count what `overdue` would return without a limit."""
    wanted = (
        select(func.count())
        .select_from(PeriodRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
        .where(col(PeriodRow.state).in_(_OWED), col(PeriodRow.due_at) <= now)
    )
    if unit_id is not None:
        wanted = wanted.where(col(AssignmentRow.unit_id) == unit_id)
    return int(session.execute(wanted).scalar_one())


def new_assignments(session: Session, *, unit_id: int) -> list[NewAssignment]:
    """Return what one unit has not acknowledged, in the order of the documents."""
    wanted = (
        select(
            col(AssignmentRow.id),
            col(TaskRow.id),
            col(AssignmentRow.role),
            col(ItemRow.label),
            col(ItemRow.title),
            col(DocumentRow.number),
            col(TaskRow.issued_at),
        )
        .select_from(AssignmentRow)
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(AssignmentRow.unit_id) == unit_id, col(AssignmentRow.state) == "pending_receipt")
        .order_by(col(TaskRow.id))
    )
    return [NewAssignment(*row) for row in session.execute(wanted)]


def awaiting_sign_off(session: Session, *, unit_id: int) -> list[WaitingReport]:
    """Return the reports that wait for the head of a unit, the oldest first."""
    wanted = _waiting(ReportState.AWAITING_SIGN_OFF).where(col(AssignmentRow.unit_id) == unit_id)
    return [WaitingReport(*row) for row in session.execute(wanted.order_by(col(ReportRow.id)))]


def awaiting_review(session: Session, *, limit: int) -> list[WaitingReport]:
    """Return the reports that wait for the office, the oldest first."""
    ordered = _waiting(ReportState.FILED).order_by(col(ReportRow.filed_at), col(ReportRow.id)).limit(limit)
    return [WaitingReport(*row) for row in session.execute(ordered)]


def count_awaiting_review(session: Session) -> int:
    wanted = select(func.count()).select_from(ReportRow).where(col(ReportRow.state) == ReportState.FILED.value)
    return int(session.execute(wanted).scalar_one())


def pending_extensions(session: Session) -> list[WaitingExtension]:
    """Return the requests for more time that wait for the office, the oldest first."""
    wanted = (
        select(
            col(ExtensionRow.id),
            col(TaskRow.id),
            col(UnitRow.short_name),
            col(ExtensionRow.reason),
            col(ExtensionRow.old_due_on),
            col(ExtensionRow.new_due_on),
            col(ExtensionRow.asked_by),
            col(ExtensionRow.asked_at),
            col(PeriodRow.code),
            col(ItemRow.label),
            col(ItemRow.title),
            col(DocumentRow.number),
        )
        .select_from(ExtensionRow)
        .join(PeriodRow, col(PeriodRow.id) == col(ExtensionRow.period_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(ExtensionRow.state) == ExtensionState.PENDING.value)
        .order_by(col(ExtensionRow.asked_at), col(ExtensionRow.id))
    )
    return [WaitingExtension(*row) for row in session.execute(wanted)]


def _owed() -> Select[*tuple[Any, ...]]:  # Any: the columns are unpacked into a typed row at once
    waiting = aliased(ReportRow)
    awaiting = exists().where(
        col(waiting.period_id) == col(PeriodRow.id), col(waiting.state) == ReportState.AWAITING_SIGN_OFF.value
    )
    asked = (
        select(func.min(col(ExtensionRow.asked_at)))
        .where(
            col(ExtensionRow.period_id) == col(PeriodRow.id), col(ExtensionRow.state) == ExtensionState.PENDING.value
        )
        .scalar_subquery()
    )
    columns = (
        col(PeriodRow.id),
        col(AssignmentRow.id),
        col(TaskRow.id),
        col(UnitRow.short_name),
        col(TaskRow.state),
        col(AssignmentRow.state),
        col(PeriodRow.state),
        col(PeriodRow.kind),
        col(PeriodRow.code),
        col(PeriodRow.due_on),
        col(PeriodRow.due_at),
        col(ItemRow.code),
        col(ItemRow.label),
        col(ItemRow.title),
        col(DocumentRow.number),
        awaiting,
        asked,
    )
    return (
        select(*columns)
        .select_from(PeriodRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(PeriodRow.state).in_(_OWED))
    )


def _waiting(state: ReportState) -> Select[*tuple[Any, ...]]:  # Any: the columns are unpacked into a typed row at once
    columns = (
        col(ReportRow.id),
        col(TaskRow.id),
        col(UnitRow.short_name),
        col(ReportRow.kind),
        col(ReportRow.text),
        col(ReportRow.percent_done),
        col(ReportRow.nil_reason),
        col(ReportRow.written_by),
        col(ReportRow.written_at),
        col(ReportRow.filed_at),
        col(ReportRow.late),
        col(PeriodRow.code),
        col(PeriodRow.due_on),
        col(ItemRow.code),
        col(ItemRow.label),
        col(ItemRow.title),
        col(ItemRow.text),
        col(DocumentRow.number),
    )
    return (
        select(*columns)
        .select_from(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(ReportRow.period_id))
        .where(col(ReportRow.state) == state.value)
    )
