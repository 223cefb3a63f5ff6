"""What time brings about: periods open, fall due, are missed; tasks lapse. Any number of sweeps may run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import DayOffRule, WorkdayCalendar, end_of_day, local_day
from tracker.domain.deadlines import due
from tracker.domain.events import PeriodMissed, PeriodOpened, PeriodOverdue, TaskLapsed
from tracker.domain.items import AssignmentRole, CadenceKind, Duty
from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    TASK_OPEN,
    PeriodAction,
    PeriodState,
    TaskAction,
    TaskState,
    advance_period,
    advance_task,
)
from tracker.domain.periods import Window, is_missed, next_ends_on, windows
from tracker.domain.policy import ReminderPolicy
from tracker.store import event_log
from tracker.store.tables.documents import DocumentRow, ItemCadenceRow
from tracker.store.tables.tasks import AssignmentRow, PeriodRow, TaskRow
from tracker.usecases.reporting import identity

_OPEN_TASKS = [state.value for state in TASK_OPEN]
_ENDED = [state.value for state in ASSIGNMENT_ENDED]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One cadence of a task as it applies to one reporting assignment."""

    kind: CadenceKind
    issued_on: date
    until: date | None
    plan: tuple[date, date] | None
    day_off_rule: DayOffRule


def open_periods(session: Session, *, now: datetime, calendar: WorkdayCalendar, policy: ReminderPolicy) -> int:
    """Open every period that should exist by now and does not; return how many.

    Idempotent: a period is unique by assignment, cadence and code. Records PeriodOpened for each.
    """
    today = local_day(now)
    opened = 0
    tasks = _running(session)
    cadences = _cadences(session)
    assignments = _reporting(session)
    known = _known(session)
    for task, document in tasks:
        mine = assignments.get(identity(task.id), [])
        printed_lead = any(row.role == AssignmentRole.LEAD.value and not row.proposed for row in mine)
        for assignment in mine:
            for rhythm in _rhythms(
                task, document, cadences.get(task.item_id, []), assignment, printed_lead=printed_lead
            ):
                for window in _begun(rhythm, today=today):
                    if (assignment.id, rhythm.kind.value, window.label()) not in known:
                        row = _row(window, rhythm, assignment, calendar=calendar, policy=policy)
                        _open(session, row, assignment=assignment, at=now)
                        opened += 1
    return opened


def record_overdue(session: Session, *, now: datetime) -> int:
    """Record each owed period whose due time has passed; return how many were looked at.

    Idempotent: the event's key is the period and its due date. Records PeriodOverdue.
    """
    rows = session.exec(
        select(PeriodRow, AssignmentRow)
        .join(AssignmentRow)
        .where(col(PeriodRow.state).in_(["open", "returned", "missed"]), col(PeriodRow.due_at) <= now)
        .order_by(col(PeriodRow.due_at), col(PeriodRow.id))
    )
    count = 0
    for period, assignment in rows:
        if period.due_on is not None:
            event = PeriodOverdue(
                task_id=assignment.task_id,
                unit_id=assignment.unit_id,
                period_id=identity(period.id),
                code=period.code,
                due_on=period.due_on,
            )
            event_log.record(session, event, actor=SYSTEM, at=now)
            count += 1
    return count


def record_missed(session: Session, *, now: datetime) -> int:
    """Turn overdue periods whose successor has ended into missed ones 「漏报」; return how many.

    Idempotent: a missed period is no longer open or returned. Records PeriodMissed.
    """
    rows = session.exec(
        select(PeriodRow, AssignmentRow, TaskRow, DocumentRow)
        .select_from(PeriodRow)
        .join(AssignmentRow)
        .join(TaskRow)
        .join(DocumentRow)
        .where(col(PeriodRow.state).in_(["open", "returned"]), col(PeriodRow.due_at) <= now)
        .with_for_update(of=PeriodRow)
    )
    missed = 0
    for period, assignment, task, document in rows.all():
        following = _next_ends_on(period, task, document)
        state = PeriodState(period.state)
        if not is_missed(state, due_at=period.due_at, next_ends_on=following, now=now):
            continue
        period.state = advance_period(PeriodState(period.state), PeriodAction.MISS).value
        period.version += 1
        event = PeriodMissed(
            task_id=assignment.task_id,
            unit_id=assignment.unit_id,
            period_id=identity(period.id),
            code=period.code,
        )
        event_log.record(session, event, actor=SYSTEM, at=now)
        missed += 1
    return missed


def lapse_expired(session: Session, *, now: datetime) -> int:
    """Turn the open tasks of expired documents into lapsed ones 「失效待结」; return how many.

    A document is valid through the whole day it expires on. Idempotent. Records TaskLapsed.
    """
    rows = session.exec(
        select(TaskRow, DocumentRow)
        .join(DocumentRow)
        .where(
            col(TaskRow.state).in_([*_OPEN_TASKS, TaskState.SUSPENDED.value]),
            col(DocumentRow.expires_on) < local_day(now),
        )
        .with_for_update(of=TaskRow)
    )
    lapsed = 0
    for task, document in rows.all():
        assert document.expires_on is not None
        task.state = advance_task(TaskState(task.state), TaskAction.LAPSE).value
        task.version += 1
        event = TaskLapsed(task_id=task.id, expired_on=document.expires_on)
        event_log.record(session, event, actor=SYSTEM, at=now)
        lapsed += 1
    return lapsed


def _running(session: Session) -> list[tuple[TaskRow, DocumentRow]]:
    rows = session.exec(
        select(TaskRow, DocumentRow)
        .join(DocumentRow)
        .where(col(TaskRow.state).in_(_OPEN_TASKS), col(TaskRow.dormant).is_(False))
        .order_by(col(TaskRow.id))
    )
    return list(rows.all())


def _cadences(session: Session) -> dict[int, list[ItemCadenceRow]]:
    found: dict[int, list[ItemCadenceRow]] = {}
    for row in session.exec(select(ItemCadenceRow).order_by(col(ItemCadenceRow.position))):
        found.setdefault(row.item_id, []).append(row)
    return found


def _reporting(session: Session) -> dict[int, list[AssignmentRow]]:
    """Return the assignments that owe reports, by task."""
    wanted = (
        select(AssignmentRow)
        .join(TaskRow)
        .where(
            col(TaskRow.state).in_(_OPEN_TASKS),
            col(AssignmentRow.duty) == Duty.REPORT.value,
            col(AssignmentRow.state).not_in(_ENDED),
        )
    )
    found: dict[int, list[AssignmentRow]] = {}
    for row in session.exec(wanted.order_by(col(AssignmentRow.id))):
        found.setdefault(row.task_id, []).append(row)
    return found


def _known(session: Session) -> set[tuple[int, str, str]]:
    rows = session.exec(
        select(PeriodRow.assignment_id, PeriodRow.kind, PeriodRow.code)
        .join(AssignmentRow)
        .join(TaskRow)
        .where(col(TaskRow.state).in_(_OPEN_TASKS))
    )
    return {(assignment_id, kind, code) for assignment_id, kind, code in rows}


def _rhythms(
    task: TaskRow,
    document: DocumentRow,
    cadences: list[ItemCadenceRow],
    assignment: AssignmentRow,
    *,
    printed_lead: bool,
) -> Iterator[Rhythm]:
    """Yield the cadences that bind this assignment.

    Where the text names a lead, its stated cadences are the lead's, and a group's members report their share in
    the office's default rhythm; where it names only a collective, they are each member's own.
    """
    assert task.issued_at is not None
    begins = document.issued_on or local_day(task.issued_at)
    member_of_led_task = printed_lead and assignment.role == AssignmentRole.SUPPORT.value
    kinds = {CadenceKind.QUARTERLY} if member_of_led_task else {CadenceKind(row.kind) for row in cadences}
    for kind in sorted(kinds):
        yield Rhythm(
            kind=kind,
            issued_on=begins,
            until=task.due_on,
            plan=_plan_years(document, task),
            day_off_rule=DayOffRule(document.day_off_rule),
        )


def _plan_years(document: DocumentRow, task: TaskRow) -> tuple[date, date] | None:
    if document.issued_on is None:
        return None
    last = task.due_on or date(document.issued_on.year + 3, 12, 31)
    return date(document.issued_on.year, 1, 1), last


def _next_ends_on(period: PeriodRow, task: TaskRow, document: DocumentRow) -> date | None:
    kind = CadenceKind(period.kind)
    window = Window(kind, period.starts_on, period.ends_on, final=period.ends_on == task.due_on)
    plan = _plan_years(document, task)
    return next_ends_on(window, issued_on=period.starts_on, until=task.due_on, plan=plan)


def _begun(rhythm: Rhythm, *, today: date) -> tuple[Window, ...]:
    return windows(rhythm.kind, issued_on=rhythm.issued_on, until=rhythm.until, upto=today, plan=rhythm.plan)


def _row(
    window: Window,
    rhythm: Rhythm,
    assignment: AssignmentRow,
    *,
    calendar: WorkdayCalendar,
    policy: ReminderPolicy,
) -> PeriodRow:
    due_on = due(window, policy=policy, calendar=calendar, day_off_rule=rhythm.day_off_rule)
    return PeriodRow(
        assignment_id=identity(assignment.id),
        kind=rhythm.kind.value,
        code=window.label(),
        starts_on=window.starts_on,
        ends_on=window.ends_on,
        scheduled_on=due_on,
        due_on=due_on,
        due_at=end_of_day(due_on) if due_on else None,
        state=advance_period(PeriodState.UPCOMING, PeriodAction.OPEN).value,
    )


def _open(session: Session, row: PeriodRow, *, assignment: AssignmentRow, at: datetime) -> None:
    session.add(row)
    session.flush()
    event = PeriodOpened(
        task_id=assignment.task_id,
        unit_id=assignment.unit_id,
        period_id=identity(row.id),
        code=row.code,
        due_on=row.due_on,
    )
    event_log.record(session, event, actor=SYSTEM, at=at)
