"""Record the event that a dormant task waits for; its clock starts."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import WorkdayCalendar, end_of_day, local_day
from tracker.domain.deadlines import due_day, hour_clock, workday_clock
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events import PeriodOpened, TriggerRecorded
from tracker.domain.items import EVENT_BOUND, CadenceKind, Duty
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OPEN, PeriodAction, PeriodState, TaskState, advance_period
from tracker.domain.reports import check_reason
from tracker.store import event_log
from tracker.store.tables.documents import ItemCadenceRow
from tracker.store.tables.tasks import AssignmentRow, PeriodRow, TaskRow, TriggerRow
from tracker.usecases.reporting import identity

_DEFAULT_WORKDAYS = 3


class NotWaiting(Rejected):
    """The task waits for no event, or is not open."""

    code = "not_waiting"


@dataclass(frozen=True, slots=True)
class RecordTrigger:
    """`occurred_at` is when the event happened, aware; `matter` says what it was."""

    task_id: int
    occurred_at: datetime
    matter: str


def record_trigger(
    session: Session, command: RecordTrigger, *, actor: Actor, at: datetime, calendar: WorkdayCalendar
) -> int:
    """Record an event and open one period a reporting unit, due when its clock ends; return how many opened.

    An hour clock runs on through nights and holidays; where the text gives no number the office's three working
    days apply. Records TriggerRecorded and PeriodOpened. Raises NotYourTask, NotFound, NotWaiting, ReasonRequired.
    """
    require_role(actor, Role.SUPERVISOR, act="record_trigger")
    matter = check_reason(command.matter)
    task = session.exec(select(TaskRow).where(col(TaskRow.id) == command.task_id).with_for_update()).first()
    if task is None:
        raise NotFound()
    clocks = _clocks(session, task, occurred_at=command.occurred_at, calendar=calendar)
    if not clocks or TaskState(task.state) not in TASK_OPEN:
        raise NotWaiting()
    trigger = TriggerRow(
        task_id=command.task_id, occurred_at=command.occurred_at, matter=matter, recorded_by=actor.name
    )
    session.add(trigger)
    session.flush()
    event = TriggerRecorded(
        task_id=command.task_id,
        trigger_id=identity(trigger.id),
        occurred_at=command.occurred_at,
        matter=matter,
    )
    event_log.record(session, event, actor=actor, at=at)
    return _open_periods(session, trigger, clocks, actor=actor, at=at)


def _clocks(
    session: Session, task: TaskRow, *, occurred_at: datetime, calendar: WorkdayCalendar
) -> dict[CadenceKind, datetime]:
    cadences = session.exec(select(ItemCadenceRow).where(col(ItemCadenceRow.item_id) == task.item_id)).all()
    clocks: dict[CadenceKind, datetime] = {}
    for cadence in cadences:
        kind = CadenceKind(cadence.kind)
        if kind is CadenceKind.WITHIN_HOURS:
            clocks[kind] = hour_clock(cadence.n or 24, occurred_at=occurred_at)
        elif kind in EVENT_BOUND:
            n = cadence.n if kind is CadenceKind.WITHIN_WORKDAYS and cadence.n else _DEFAULT_WORKDAYS
            clocks[kind] = workday_clock(n, occurred_at=occurred_at, calendar=calendar)
    if not clocks and task.dormant:
        due_on = calendar.add_workdays(local_day(occurred_at), _DEFAULT_WORKDAYS)
        clocks[CadenceKind.ON_EVENT] = end_of_day(due_on)
    return clocks


def _open_periods(
    session: Session, trigger: TriggerRow, clocks: dict[CadenceKind, datetime], *, actor: Actor, at: datetime
) -> int:
    assignments = session.exec(
        select(AssignmentRow).where(
            col(AssignmentRow.task_id) == trigger.task_id,
            col(AssignmentRow.duty) == Duty.REPORT.value,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
    ).all()
    begun_on = local_day(trigger.occurred_at)
    for assignment in assignments:
        for kind, due_at in clocks.items():
            last_on = due_day(due_at)
            row = PeriodRow(
                assignment_id=identity(assignment.id),
                kind=kind.value,
                code=f"T{trigger.id}",
                starts_on=begun_on,
                ends_on=last_on,
                scheduled_on=last_on,
                due_on=last_on,
                due_at=due_at,
                state=advance_period(PeriodState.UPCOMING, PeriodAction.OPEN).value,
            )
            session.add(row)
            session.flush()
            event = PeriodOpened(
                task_id=trigger.task_id,
                unit_id=assignment.unit_id,
                period_id=identity(row.id),
                code=row.code,
                due_on=last_on,
            )
            event_log.record(session, event, actor=actor, at=at)
    return len(assignments) * len(clocks)
