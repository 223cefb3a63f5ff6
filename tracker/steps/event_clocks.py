"""The clocks that an event starts: a series a unit and clock, with one form, or with every window until it is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM, Actor
from tracker.domain.cadences import EMERGENCY, RHYTHMS, label
from tracker.domain.calendar import WorkdayCalendar, at_local, end_of_day, local_day
from tracker.domain.deadlines import hour_clock, workday_clock
from tracker.domain.events.forms import FormOpened, SeriesOpened
from tracker.domain.items import EVENT_BOUND, CadenceKind, Duty
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_GOES_ON, AssignmentState, TaskState
from tracker.domain.triggers import AskedLate, EventClock, RunAnew, asked_spans, event_clock, event_code
from tracker.steps.growing import opened_row
from tracker.steps.locking import lock_growth
from tracker.store import event_log
from tracker.store.queries.bearers import named_bearers
from tracker.store.tables.documents import ItemCadenceRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow, TriggerRow

RUNNING = frozenset(kind for kind in EMERGENCY if RHYTHMS[kind].spans is not None)
_DEFAULT_HOURS = 24
_DEFAULT_WORKDAYS = 3
_BATCH = 25


@dataclass(frozen=True, slots=True)
class Clock:
    """A rhythm that an event starts: `once` where it asks for one report, else every window until the event is over."""

    kind: CadenceKind
    n: int
    once: EventClock | None
    addressee: str | None = None
    addressee_unit_id: int | None = None


def clocks_of(
    session: Session, task: TaskRow, *, occurred_at: datetime, recorded_at: datetime, calendar: WorkdayCalendar
) -> list[Clock]:
    """Return the clocks that an event starts for a task by its document; the office's own where a step states none."""
    cadences = session.scalars(
        select(ItemCadenceRow).where(col(ItemCadenceRow.item_id) == task.item_id).order_by(col(ItemCadenceRow.position))
    ).all()
    moments = partial(event_clock, occurred_at=occurred_at, recorded_at=recorded_at)
    clocks: list[Clock] = []
    for cadence in cadences:
        kind, to, unit_id = CadenceKind(cadence.kind), cadence.addressee, cadence.addressee_unit_id
        if kind is CadenceKind.WITHIN_HOURS:
            n = cadence.n or _DEFAULT_HOURS
            clocks.append(Clock(kind, n, moments(partial(_after_hours, n)), to, unit_id))
        elif kind in EVENT_BOUND:
            n = cadence.n if kind is CadenceKind.WITHIN_WORKDAYS and cadence.n else _DEFAULT_WORKDAYS
            clocks.append(Clock(kind, n, moments(partial(_after_workdays, n, calendar)), to, unit_id))
        elif kind in RUNNING:
            clocks.append(Clock(kind, cadence.n or 1, None, to, unit_id))
    if not clocks and task.dormant:
        own = partial(_after_workdays, _DEFAULT_WORKDAYS, calendar)
        clocks.append(Clock(CadenceKind.ON_EVENT, _DEFAULT_WORKDAYS, moments(own)))
    return clocks


def counted_from_recording(clocks: Sequence[Clock], *, occurred_at: datetime, recorded_at: datetime) -> AskedLate:
    """Return which clocks count from the recording, as the log, the page and the message tell it."""
    anew = tuple(
        RunAnew(kind=clock.kind.value, n=clock.n, scheduled_at=clock.once.scheduled_at, due_at=clock.once.due_at)
        for clock in clocks
        if clock.once is not None and clock.once.runs_anew
    )
    occurred_on, asked_on = local_day(occurred_at), local_day(recorded_at)
    firsts = [
        next(asked_spans(clock.kind, occurred_on=occurred_on, asked_on=asked_on)).starts_on
        for clock in clocks
        if clock.once is None
    ]
    return AskedLate(anew, min((day for day in firsts if day != occurred_on), default=None))


def open_clocks(
    session: Session, task: TaskRow, trigger: TriggerRow, clocks: Sequence[Clock], *, actor: Actor, at: datetime
) -> int:
    """Open a series a reporting unit and clock with its first forms; return how many series."""
    shares = session.scalars(
        select(AssignmentRow).where(
            col(AssignmentRow.task_id) == trigger.task_id,
            col(AssignmentRow.duty) == Duty.REPORT.value,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
    ).all()
    for share in shares:
        for clock in clocks:
            series = open_series(session, task, trigger, share, clock, actor=actor, at=at)
            if clock.once is None:
                series.extends_on = local_day(trigger.occurred_at)
                open_running(session, series, share, at=at)
            else:
                open_once(session, series, share, trigger, clock.once, actor=actor, at=at)
    return len(shares) * len(clocks)


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
    found = [series.id or 0 for series in session.scalars(wanted)]
    lock_growth(session, found)
    due = session.scalars(wanted.with_for_update()).all() if found else []
    for series in due:
        rows = session.scalars(
            select(col(FormRow.assignment_id))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .where(col(PeriodRow.series_id) == series.id)
            .distinct()
        ).all()
        shares = [session.get_one(AssignmentRow, assignment_id) for assignment_id in sorted(filter(None, rows))]
        live = [share for share in shares if _goes_on(session, share)]
        series.extends_on = series.extends_on if live else None
        for share in live:
            open_running(session, series, share, at=now)
    session.flush()
    return len(due)


def _goes_on(session: Session, share: AssignmentRow) -> bool:
    task = session.get_one(TaskRow, share.task_id)
    running = TASK_GOES_ON  # rows of a pause are waived when it ends
    return TaskState(task.state) in running and AssignmentState(share.state) not in ASSIGNMENT_ENDED


def _after_hours(n: int, starts_at: datetime) -> datetime:
    return hour_clock(n, occurred_at=starts_at)


def _after_workdays(n: int, calendar: WorkdayCalendar, starts_at: datetime) -> datetime:
    return workday_clock(n, occurred_at=starts_at, calendar=calendar)


def open_series(
    session: Session,
    task: TaskRow,
    trigger: TriggerRow,
    share: AssignmentRow,
    clock: Clock,
    *,
    actor: Actor,
    at: datetime,
) -> SeriesRow:
    """Open the series of a unit and clock. Records SeriesOpened."""
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
    return series


def open_once(
    session: Session,
    series: SeriesRow,
    share: AssignmentRow,
    trigger: TriggerRow,
    clock: EventClock,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Open the one form of a clock that asks for one report. Records FormOpened."""
    period = PeriodRow(
        series_id=series.id or 0,
        code=event_code(trigger.occurred_at),
        starts_on=local_day(trigger.occurred_at),
        ends_on=local_day(clock.due_at),
        opens_at=trigger.occurred_at,
        scheduled_at=clock.scheduled_at,
        due_at=clock.due_at,
    )
    _enter(session, series, share, period, actor=actor, at=at)


def open_running(
    session: Session, series: SeriesRow, share: AssignmentRow, *, at: datetime, from_on: date | None = None
) -> None:
    """Open every window of a running rhythm up to today and one ahead; nights and holidays do not exist for it.

    The first is the one that ran when the event was recorded: the earliest that exists, and at the recording itself
    that of the day. Of those that were over before `from_on` none is opened, nor by a later pass: nobody was asked for
    them. Records FormOpened.
    """
    trigger = session.get_one(TriggerRow, series.trigger_id)
    kind = CadenceKind(series.kind)
    windows = session.scalars(select(PeriodRow).where(col(PeriodRow.series_id) == series.id))
    known = [window.starts_on for window in windows]
    asked_on, last_on = min(known, default=local_day(at)), max(known, default=date.min)
    for span in asked_spans(kind, occurred_on=local_day(trigger.occurred_at), asked_on=asked_on):
        code = label(kind, span.starts_on)
        if span.starts_on > last_on and (from_on is None or span.ends_on >= from_on):
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
    here = (share.task_id, share.unit_id)
    event = FormOpened(
        unit_id=share.unit_id,
        series_id=series.id or 0,
        period_id=period.id or 0,
        code=period.code,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        opens_at=period.opens_at,
        due_at=period.due_at,
        rows=(opened_row(row, share.task_id, named=here in named_bearers(session, [share.task_id])),),
    )
    event_log.record(session, event, actor=actor or SYSTEM, at=at)
