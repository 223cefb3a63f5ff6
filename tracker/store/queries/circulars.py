"""The data behind circulars, and the circulars that were issued."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.circulars import DocumentStanding, OverdueRow, SupervisionFigures, TaskCounts, UnitStanding
from tracker.domain.lifecycle import PERIOD_OWED, TASK_OPEN, TaskState
from tracker.domain.policy import ReminderPolicy
from tracker.domain.reports import ExtensionState, ReportKind, ReportState
from tracker.messages import period_label
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.events import CircularRow
from tracker.store.tables.tasks import AssignmentRow, ExtensionRow, PeriodRow, ReportRow, TaskRow
from tracker.store.tables.units import UnitRow

_OWED = {state.value for state in PERIOD_OWED}
_DONE = {TaskState.COMPLETED.value, TaskState.CLOSED.value, TaskState.ARCHIVED.value}
_ANSWER_WORKDAYS = 5


@dataclass(frozen=True, slots=True)
class _Period:
    unit: str
    task_id: int
    document_id: int
    item_code: str
    title: str
    document: str
    code: str
    state: str
    due_on: date
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class IssuedCircular:
    circular_id: int
    number: str
    title: str
    as_of: datetime
    issued_at: datetime
    sha256: str
    name: str


def supervision_figures(
    session: Session, *, as_of: datetime, calendar: WorkdayCalendar, policy: ReminderPolicy
) -> SupervisionFigures:
    """Compute a supervision circular from the data as they stand, of what was due by `as_of`.

    A task is overdue where any of its periods is; counts add up by construction.
    """
    periods = _periods(session)
    due = [period for period in periods if period.due_at <= as_of]
    overdue = [period for period in due if period.state in _OWED]
    soon_on = calendar.add_workdays(local_day(as_of), policy.warn_workdays)
    warned = {p.task_id for p in periods if p.state in _OWED and p.due_at > as_of and p.due_on <= soon_on}
    documents = _documents(session, {p.task_id for p in overdue}, warned, {p.task_id for p in periods})
    units = _units(due)
    return SupervisionFigures(
        as_of=as_of,
        since_on=_since(session, as_of),
        counts=_sum(documents),
        documents=documents,
        good=tuple(unit for unit in units if unit.overdue == 0 and unit.reports_late == 0),
        behind=tuple(unit for unit in units if unit.overdue),
        overdue=tuple(_overdue_row(period, as_of=as_of, calendar=calendar) for period in overdue),
        reports_due=len(due),
        reports_on_time=sum(not p.late and p.state not in _OWED for p in due),
        reports_late=sum(p.late and p.state not in _OWED for p in due),
        nil_reports=_count(session, ReportRow, col(ReportRow.kind) == ReportKind.NIL.value),
        returned=_count(session, ReportRow, col(ReportRow.state) == ReportState.RETURNED.value),
        extended=_count(session, ExtensionRow, col(ExtensionRow.state) == ExtensionState.GRANTED.value),
        silent_supports=0,
        answer_by=calendar.add_workdays(local_day(as_of), _ANSWER_WORKDAYS),
    )


def issued_circulars(session: Session) -> tuple[IssuedCircular, ...]:
    """Return the circulars that were issued, the newest first."""
    columns = (
        col(CircularRow.id),
        col(CircularRow.number),
        col(CircularRow.title),
        col(CircularRow.as_of),
        col(CircularRow.issued_at),
        col(CircularRow.sha256),
        col(CircularRow.name),
    )
    rows = session.execute(select(*columns).order_by(col(CircularRow.id).desc()))
    return tuple(IssuedCircular(*row) for row in rows)


def last_running_number(session: Session, *, series: str, year: int) -> int:
    """Return the last number used in a series of a year, 0 where none was."""
    wanted = select(func.max(col(CircularRow.running_number)))
    found = session.execute(wanted.where(col(CircularRow.series) == series, col(CircularRow.year) == year))
    return int(found.scalar_one() or 0)


def _periods(session: Session) -> list[_Period]:
    columns = (
        col(UnitRow.short_name),
        col(TaskRow.id),
        col(TaskRow.document_id),
        col(ItemRow.code),
        col(ItemRow.title),
        col(DocumentRow.number),
        col(PeriodRow.code),
        col(PeriodRow.state),
        col(PeriodRow.due_on),
        col(PeriodRow.due_at),
        col(PeriodRow.late),
    )
    rows = session.execute(
        select(*columns)
        .select_from(PeriodRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(PeriodRow.due_at).is_not(None))
        .order_by(col(UnitRow.official_order), col(PeriodRow.due_at), col(PeriodRow.id))
    )
    return [_Period(*row) for row in rows]


def _units(due: list[_Period]) -> list[UnitStanding]:
    by_unit: dict[str, list[_Period]] = defaultdict(list)
    for period in due:
        by_unit[period.unit].append(period)
    return [
        UnitStanding(
            unit_name=name,
            reports_due=len(periods),
            reports_on_time=sum(not p.late and p.state not in _OWED for p in periods),
            reports_late=sum(p.late and p.state not in _OWED for p in periods),
            overdue=sum(p.state in _OWED for p in periods),
            item_codes=tuple(dict.fromkeys(p.item_code for p in periods if p.state in _OWED)),
        )
        for name, periods in by_unit.items()
    ]


def _documents(session: Session, overdue: set[int], warned: set[int], begun: set[int]) -> tuple[DocumentStanding, ...]:
    rows = session.execute(
        select(col(DocumentRow.number), col(DocumentRow.title), col(TaskRow.id), col(TaskRow.state))
        .join(TaskRow, col(TaskRow.document_id) == col(DocumentRow.id))
        .where(col(TaskRow.state).in_([*(state.value for state in TASK_OPEN), *_DONE]))
        .order_by(col(DocumentRow.issued_on), col(DocumentRow.id), col(TaskRow.id))
    )
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, title, task_id, state in rows:
        place = "on_schedule" if task_id in begun else "not_started"
        if task_id in warned:
            place = "warned"
        if task_id in overdue:
            place = "overdue"
        places[number, title].append("completed" if state in _DONE else place)
    parts = ("completed", "on_schedule", "warned", "overdue", "not_started")
    return tuple(
        DocumentStanding(number, title, TaskCounts(len(found), *(found.count(part) for part in parts)))
        for (number, title), found in places.items()
    )


def _sum(documents: tuple[DocumentStanding, ...]) -> TaskCounts:
    counts = [document.counts for document in documents]
    names = ("total", "completed", "on_schedule", "warned", "overdue", "not_started")
    return TaskCounts(*(sum(getattr(count, name) for count in counts) for name in names))


def _overdue_row(period: _Period, *, as_of: datetime, calendar: WorkdayCalendar) -> OverdueRow:
    return OverdueRow(
        item_code=period.item_code,
        title=period.title,
        document_number=period.document,
        unit_name=period.unit,
        period_label=period_label(period.code),
        due_on=period.due_on,
        workdays_late=calendar.workdays_between(period.due_on, local_day(as_of)),
    )


def _since(session: Session, as_of: datetime) -> date:
    first = session.execute(select(func.min(col(TaskRow.issued_at)))).scalar_one()
    return local_day(first or as_of)


def _count(session: Session, table: type[ReportRow] | type[ExtensionRow], condition: ColumnElement[bool]) -> int:
    return int(session.execute(select(func.count()).select_from(table).where(condition)).scalar_one())
