"""Record the event that a waiting task waits for; its clocks and daily reports run until it is recorded to be over."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import SYSTEM, Actor, Role, require_role
from tracker.domain.cadences import EMERGENCY, RHYTHMS, label, spans_from
from tracker.domain.calendar import WorkdayCalendar, at_local, end_of_day, local_day
from tracker.domain.deadlines import hour_clock, workday_clock
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events import TriggerRecorded
from tracker.domain.filings import check_reason
from tracker.domain.items import EVENT_BOUND, CadenceKind, Duty
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_GOES_ON, TASK_OPEN, AssignmentState, TaskState
from tracker.domain.owed import RowState
from tracker.domain.reporting_events import FormOpened, SeriesOpened
from tracker.domain.task_events import TriggerEnded
from tracker.domain.triggers import KnownEvent, check_new, check_occurrence
from tracker.store import event_log
from tracker.store.tables.documents import DocumentRow, ItemCadenceRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow, TriggerRow
from tracker.usecases.locking import lock_growth, lock_task
from tracker.usecases.opening import opened_row
from tracker.usecases.settling import settle_rows

_DEFAULT_WORKDAYS = 3
_RUNNING = frozenset(kind for kind in EMERGENCY if RHYTHMS[kind].spans is not None)
_BATCH = 25


class NotWaiting(Rejected):
    """The task waits for no event, or is not open."""

    code = "not_waiting"


class TriggerOver(Rejected):
    """The event is recorded to be over already."""

    code = "trigger_over"


@dataclass(frozen=True, slots=True)
class RecordTrigger:
    """`occurred_at` is when the event happened, aware; `matter` says what it was."""

    task_id: int
    occurred_at: datetime
    matter: str


@dataclass(frozen=True, slots=True)
class _Clock:
    """A rhythm that an event starts: one moment, or every window of it until the event is over."""

    kind: CadenceKind
    due_at: datetime | None
    addressee: str | None
    addressee_unit_id: int | None


def record_trigger(
    session: Session, command: RecordTrigger, *, actor: Actor, at: datetime, calendar: WorkdayCalendar
) -> int:
    """Record an event and open a series a reporting unit and clock; return how many forms opened.

    An hour clock runs on through nights and holidays, daily and two-daily reports run until the event is over; where
    the text gives no number the office's three working days apply. Records TriggerRecorded, SeriesOpened, FormOpened.
    Raises NotYourTask, NotFound, NotWaiting, ReasonRequired, and what `check_occurrence` and `check_new` raise.
    """
    require_role(actor, Role.SUPERVISOR, act="record_trigger")
    matter = check_reason(command.matter)
    task = lock_task(session, command.task_id)
    if task is None:
        raise NotFound()
    document = session.get_one(DocumentRow, task.document_id)
    check_occurrence(command.occurred_at, now=at, issued_on=document.issued_on)
    clocks = _clocks(session, task, occurred_at=command.occurred_at, calendar=calendar)
    if not clocks or not task.dormant or TaskState(task.state) not in TASK_OPEN:
        raise NotWaiting()
    known = session.exec(select(TriggerRow).where(col(TriggerRow.task_id) == task.id).order_by(col(TriggerRow.id)))
    events = [KnownEvent(row.occurred_at, row.ended_at is not None) for row in known]
    check_new(command.occurred_at, events, runs=any(clock.due_at is None for clock in clocks))
    trigger = TriggerRow(
        task_id=command.task_id, occurred_at=command.occurred_at, matter=matter, recorded_by=actor.name
    )
    session.add(trigger)
    session.flush()
    event = TriggerRecorded(
        task_id=command.task_id, trigger_id=trigger.id or 0, occurred_at=command.occurred_at, matter=matter
    )
    event_log.record(session, event, actor=actor, at=at)
    return _open_series(session, task, trigger, clocks, actor=actor, at=at)


def end_trigger(session: Session, *, trigger_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Record that an event is over 「终止响应」: no further daily form opens, those not yet due are waived.

    Return the task's id. Records TriggerEnded and RowSettled.
    Raises NotYourTask, NotFound, TriggerOver, ReasonRequired.
    """
    require_role(actor, Role.SUPERVISOR, act="record_trigger")
    reason = check_reason(reason)
    lock_task(session, session.exec(select(TriggerRow.task_id).where(col(TriggerRow.id) == trigger_id)).first())
    trigger = session.exec(select(TriggerRow).where(col(TriggerRow.id) == trigger_id).with_for_update()).first()
    if trigger is None:
        raise NotFound()
    if trigger.ended_at is not None:
        raise TriggerOver()
    trigger.ended_at = at
    event_log.record(
        session, TriggerEnded(task_id=trigger.task_id, trigger_id=trigger_id, reason=reason), actor=actor, at=at
    )
    for series in session.exec(select(SeriesRow).where(col(SeriesRow.trigger_id) == trigger_id)):
        series.extends_on = None
        if CadenceKind(series.kind) in _RUNNING:
            future = (
                select(FormRow)
                .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
                .where(
                    col(PeriodRow.series_id) == series.id,
                    col(FormRow.state) == RowState.OPEN.value,
                    col(PeriodRow.due_at) > at,
                )
            )
            rows = session.exec(future.order_by(col(FormRow.id)).with_for_update(of=FormRow)).all()
            settle_rows(session, rows, RowState.WAIVED, cause="trigger_ended", reason=reason, actor=actor, at=at)
    return trigger.task_id


def extend_triggered(session: Session, *, now: datetime, limit: int = _BATCH) -> int:
    """Open the next forms of daily reports whose event goes on; return how many series were looked at.

    Idempotent: a period is unique by its series and code. Records FormOpened.
    """
    wanted = (
        select(SeriesRow)
        .where(
            col(SeriesRow.trigger_id).is_not(None),
            col(SeriesRow.extends_on).is_not(None),
            col(SeriesRow.extends_on) <= local_day(now),
        )
        .order_by(col(SeriesRow.extends_on), col(SeriesRow.id))
        .limit(limit)
    )
    lock_growth(session, [series.id or 0 for series in session.exec(wanted)])
    due = session.exec(wanted.with_for_update().execution_options(populate_existing=True)).all()
    for series in due:
        rows = session.exec(
            select(FormRow.assignment_id)
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .where(col(PeriodRow.series_id) == series.id)
            .distinct()
        ).all()
        for assignment_id in rows:
            share = session.get_one(AssignmentRow, assignment_id)
            if _goes_on(session, share):
                _open_running(session, series, share, at=now)
            else:
                series.extends_on = None
    session.flush()
    return len(due)


def _goes_on(session: Session, share: AssignmentRow) -> bool:
    task = session.get_one(TaskRow, share.task_id)
    running = TASK_GOES_ON  # rows of a pause are waived when it ends
    return TaskState(task.state) in running and AssignmentState(share.state) not in ASSIGNMENT_ENDED


def _clocks(session: Session, task: TaskRow, *, occurred_at: datetime, calendar: WorkdayCalendar) -> list[_Clock]:
    cadences = session.exec(select(ItemCadenceRow).where(col(ItemCadenceRow.item_id) == task.item_id)).all()
    clocks: list[_Clock] = []
    for cadence in cadences:
        kind = CadenceKind(cadence.kind)
        due_at: datetime | None = None
        if kind is CadenceKind.WITHIN_HOURS:
            due_at = hour_clock(cadence.n or 24, occurred_at=occurred_at)
        elif kind in EVENT_BOUND:
            n = cadence.n if kind is CadenceKind.WITHIN_WORKDAYS and cadence.n else _DEFAULT_WORKDAYS
            due_at = workday_clock(n, occurred_at=occurred_at, calendar=calendar)
        elif kind not in _RUNNING:
            continue
        clocks.append(_Clock(kind, due_at, cadence.addressee, cadence.addressee_unit_id))
    if not clocks and task.dormant:
        due_at = end_of_day(calendar.add_workdays(local_day(occurred_at), _DEFAULT_WORKDAYS))
        clocks.append(_Clock(CadenceKind.ON_EVENT, due_at, None, None))
    return clocks


def _open_series(
    session: Session, task: TaskRow, trigger: TriggerRow, clocks: list[_Clock], *, actor: Actor, at: datetime
) -> int:
    shares = session.exec(
        select(AssignmentRow).where(
            col(AssignmentRow.task_id) == trigger.task_id,
            col(AssignmentRow.duty) == Duty.REPORT.value,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
    ).all()
    for share in shares:
        for clock in clocks:
            series = SeriesRow(
                unit_id=share.unit_id,
                document_id=task.document_id,
                kind=clock.kind.value,
                key=f"{clock.kind.value}/T{trigger.id}/A{share.id}",
                addressee=clock.addressee,
                addressee_unit_id=clock.addressee_unit_id,
                trigger_id=trigger.id,
            )
            session.add(series)
            session.flush()
            event = SeriesOpened(
                task_id=task.id,
                unit_id=share.unit_id,
                series_id=series.id or 0,
                document_id=task.document_id,
                kind=series.kind,
                addressee=clock.addressee,
                trigger_id=trigger.id,
            )
            event_log.record(session, event, actor=actor, at=at)
            if clock.due_at is None:
                series.extends_on = local_day(trigger.occurred_at)
                _open_running(session, series, share, at=at)
            else:
                _open_once(session, series, share, trigger, clock.due_at, actor=actor, at=at)
    return len(shares) * len(clocks)


def _open_once(
    session: Session,
    series: SeriesRow,
    share: AssignmentRow,
    trigger: TriggerRow,
    due_at: datetime,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    period = PeriodRow(
        series_id=series.id or 0,
        code=f"T{trigger.id}",
        starts_on=local_day(trigger.occurred_at),
        ends_on=local_day(due_at),
        opens_at=trigger.occurred_at,
        scheduled_at=due_at,
        due_at=due_at,
    )
    _enter(session, series, share, period, actor=actor, at=at)


def _open_running(session: Session, series: SeriesRow, share: AssignmentRow, *, at: datetime) -> None:
    """Open every window of a running rhythm up to today and one ahead; nights and holidays do not exist for it."""
    trigger = session.get_one(TriggerRow, series.trigger_id)
    kind = CadenceKind(series.kind)
    known = set(session.exec(select(PeriodRow.code).where(col(PeriodRow.series_id) == series.id)))
    for span in spans_from(kind, local_day(trigger.occurred_at)):
        code = label(kind, span.starts_on)
        if code not in known:
            due_at = end_of_day(span.ends_on)
            period = PeriodRow(
                series_id=series.id or 0,
                code=code,
                starts_on=span.starts_on,
                ends_on=span.ends_on,
                opens_at=at_local(span.starts_on, 0, 0),
                scheduled_at=due_at,
                due_at=due_at,
            )
            _enter(session, series, share, period, actor=None, at=at)
        if span.starts_on > local_day(at):
            series.extends_on = span.starts_on
            break


def _enter(
    session: Session, series: SeriesRow, share: AssignmentRow, period: PeriodRow, *, actor: Actor | None, at: datetime
) -> None:
    session.add(period)
    session.flush()
    row = FormRow(period_id=period.id or 0, assignment_id=share.id, act=True)
    session.add(row)
    session.flush()
    event = FormOpened(
        unit_id=share.unit_id,
        series_id=series.id or 0,
        period_id=period.id or 0,
        code=period.code,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        opens_at=period.opens_at,
        due_at=period.due_at,
        rows=(opened_row(row, share.task_id),),
    )
    event_log.record(session, event, actor=actor or SYSTEM, at=at)
