"""One task as a page shows it, and only to those who may see it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.items import UnitRole
from tracker.store.tables.documents import (
    DocumentRow,
    ItemCadenceRow,
    ItemEvidenceRow,
    ItemRow,
    ItemTargetRow,
    ItemUnitRow,
)
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow, EvidenceRow, PeriodRow, ReportRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class TaskHead:
    task_id: int
    state: str
    dormant: bool
    due_on: date | None
    item_id: int
    item_code: str
    label: str
    title: str
    text: str
    responsibility: str | None
    lead_basis: str
    document_number: str
    document_title: str
    note: str | None


@dataclass(frozen=True, slots=True)
class TaskShare:
    assignment_id: int
    unit_id: int
    unit_name: str
    role: str
    duty: str
    proposed: bool
    state: str


@dataclass(frozen=True, slots=True)
class TaskPeriod:
    period_id: int
    unit_id: int
    unit_name: str
    code: str
    kind: str
    due_on: date | None
    due_at: datetime | None
    state: str
    filed_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class TaskReport:
    report_id: int
    unit_id: int
    unit_name: str
    kind: str
    state: str
    text: str
    percent_done: int | None
    written_at: datetime
    period_code: str | None
    decision_reason: str | None


@dataclass(frozen=True, slots=True)
class TaskFile:
    evidence_id: int
    report_id: int
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class TaskEvent:
    type: str
    occurred_at: datetime
    actor: str
    actor_unit: str | None
    payload: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """A cadence, a target or evidence that the item demands, with its basis and its words."""

    what: str
    basis: str
    quote: str | None


@dataclass(frozen=True, slots=True)
class TaskView:
    head: TaskHead
    shares: tuple[TaskShare, ...]
    periods: tuple[TaskPeriod, ...]
    reports: tuple[TaskReport, ...]
    files: tuple[TaskFile, ...]
    events: tuple[TaskEvent, ...]
    cadences: tuple[Requirement, ...]
    targets: tuple[Requirement, ...]
    evidence: tuple[Requirement, ...]
    assigned: tuple[Requirement, ...]


def task_view(session: Session, *, task_id: int, unit_id: int | None) -> TaskView | None:
    """Return a task with its units, periods and timeline; None where it does not exist.

    With `unit_id` the viewer belongs to that unit: a task it has no share in is as good as missing, and reports,
    files and events of other units are left out.
    """
    head = _head(session, task_id)
    if head is None:
        return None
    shares = _shares(session, task_id)
    if unit_id is not None and unit_id not in {share.unit_id for share in shares}:
        return None
    reports = _reports(session, task_id, unit_id)
    return TaskView(
        head=head,
        shares=shares,
        periods=_periods(session, task_id),
        reports=reports,
        files=_files(session, [report.report_id for report in reports]),
        events=_events(session, task_id, unit_id),
        cadences=_requirements(session, ItemCadenceRow, head.item_id),
        targets=_requirements(session, ItemTargetRow, head.item_id),
        evidence=_requirements(session, ItemEvidenceRow, head.item_id),
        assigned=_assigned(session, head.item_id),
    )


def _head(session: Session, task_id: int) -> TaskHead | None:
    row = session.execute(
        select(
            col(TaskRow.id),
            col(TaskRow.state),
            col(TaskRow.dormant),
            col(TaskRow.due_on),
            col(ItemRow.id),
            col(ItemRow.code),
            col(ItemRow.label),
            col(ItemRow.title),
            col(ItemRow.text),
            col(ItemRow.responsibility),
            col(ItemRow.lead_basis),
            col(DocumentRow.number),
            col(DocumentRow.title),
            col(ItemRow.note),
        )
        .select_from(TaskRow)
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(TaskRow.id) == task_id)
    ).first()
    return TaskHead(*row) if row else None


def _shares(session: Session, task_id: int) -> tuple[TaskShare, ...]:
    rows = session.execute(
        select(
            col(AssignmentRow.id),
            col(UnitRow.id),
            col(UnitRow.short_name),
            col(AssignmentRow.role),
            col(AssignmentRow.duty),
            col(AssignmentRow.proposed),
            col(AssignmentRow.state),
        )
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(AssignmentRow.task_id) == task_id)
        .order_by(col(AssignmentRow.role), col(UnitRow.official_order), col(UnitRow.id))
    )
    return tuple(TaskShare(*row) for row in rows)


def _periods(session: Session, task_id: int) -> tuple[TaskPeriod, ...]:
    rows = session.execute(
        select(
            col(PeriodRow.id),
            col(UnitRow.id),
            col(UnitRow.short_name),
            col(PeriodRow.code),
            col(PeriodRow.kind),
            col(PeriodRow.due_on),
            col(PeriodRow.due_at),
            col(PeriodRow.state),
            col(PeriodRow.filed_at),
            col(PeriodRow.late),
        )
        .select_from(PeriodRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(AssignmentRow.task_id) == task_id)
        .order_by(col(UnitRow.official_order), col(PeriodRow.starts_on), col(PeriodRow.id))
    )
    return tuple(TaskPeriod(*row) for row in rows)


def _reports(session: Session, task_id: int, unit_id: int | None) -> tuple[TaskReport, ...]:
    wanted = (
        select(
            col(ReportRow.id),
            col(UnitRow.id),
            col(UnitRow.short_name),
            col(ReportRow.kind),
            col(ReportRow.state),
            col(ReportRow.text),
            col(ReportRow.percent_done),
            col(ReportRow.written_at),
            col(PeriodRow.code),
            col(ReportRow.decision_reason),
        )
        .select_from(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(ReportRow.period_id))
        .where(col(AssignmentRow.task_id) == task_id)
        .order_by(col(ReportRow.id).desc())
    )
    if unit_id is not None:
        wanted = wanted.where(col(AssignmentRow.unit_id) == unit_id)
    return tuple(TaskReport(*row) for row in session.execute(wanted))


def _files(session: Session, report_ids: list[int]) -> tuple[TaskFile, ...]:
    rows = session.execute(
        select(col(EvidenceRow.id), col(EvidenceRow.report_id), col(EvidenceRow.name), col(EvidenceRow.size_bytes))
        .where(col(EvidenceRow.report_id).in_(report_ids))
        .order_by(col(EvidenceRow.id))
    )
    return tuple(TaskFile(*row) for row in rows)


def _events(session: Session, task_id: int, unit_id: int | None) -> tuple[TaskEvent, ...]:
    wanted = (
        select(
            col(EventRow.type),
            col(EventRow.occurred_at),
            col(EventRow.actor),
            col(EventRow.actor_unit),
            col(EventRow.payload),
        )
        .where(col(EventRow.task_id) == task_id)
        .order_by(col(EventRow.seq).desc())
    )
    if unit_id is not None:
        wanted = wanted.where(col(EventRow.unit_id).is_(None) | (col(EventRow.unit_id) == unit_id))
    return tuple(TaskEvent(*row) for row in session.execute(wanted))


def _requirements(
    session: Session, table: type[ItemCadenceRow] | type[ItemTargetRow] | type[ItemEvidenceRow], item_id: int
) -> tuple[Requirement, ...]:
    columns = {
        ItemCadenceRow: (col(ItemCadenceRow.kind), col(ItemCadenceRow.basis), col(ItemCadenceRow.quote)),
        ItemTargetRow: (col(ItemTargetRow.metric), col(ItemTargetRow.op), col(ItemTargetRow.quote)),
        ItemEvidenceRow: (col(ItemEvidenceRow.what), col(ItemEvidenceRow.basis), col(ItemEvidenceRow.quote)),
    }[table]
    rows = session.execute(select(*columns).where(col(table.item_id) == item_id).order_by(col(table.position)))
    return tuple(Requirement(*row) for row in rows)


def _assigned(session: Session, item_id: int) -> tuple[Requirement, ...]:
    rows = session.execute(
        select(col(UnitRow.short_name), col(ItemUnitRow.role), col(ItemUnitRow.reason))
        .join(UnitRow, col(UnitRow.id) == col(ItemUnitRow.unit_id))
        .where(col(ItemUnitRow.item_id) == item_id, col(ItemUnitRow.role) == UnitRole.ASSIGNED_LEAD.value)
    )
    return tuple(Requirement(*row) for row in rows)
