"""Clocks of an event that is not over run for whoever reports now, after a share changed hands or a task goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.items import CadenceKind, Duty
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OPEN, TaskState
from tracker.domain.owed import RowState
from tracker.domain.triggers import EventClock
from tracker.steps.event_clocks import RUNNING, Clock, open_once, open_running, open_series
from tracker.steps.resetting import Act, tell_reset
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow, TriggerRow


@dataclass(frozen=True, slots=True)
class _Started:
    """A clock that an event has started, as the series of those who reported then tell it."""

    trigger: TriggerRow
    clock: Clock
    series: tuple[SeriesRow, ...]

    def of(self, unit_id: int) -> SeriesRow | None:
        return next((series for series in self.series if series.unit_id == unit_id), None)


def keep_clocks_running(session: Session, task: TaskRow, *, act: Act) -> None:
    """Let the clocks of events that are not over run for every live share of an open task that reports.

    Daily windows go on with the one of this day: nobody is asked for those that were over before. A single clock that
    still runs is asked of who takes a share over, unless its report has left the unit that had it; one that has run out
    is asked of nobody anew. Records SeriesOpened, FormOpened and RowsReset.
    """
    if TaskState(task.state) not in TASK_OPEN:
        return
    live = session.scalars(
        select(AssignmentRow)
        .where(
            col(AssignmentRow.task_id) == task.id,
            col(AssignmentRow.duty) == Duty.REPORT.value,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .order_by(col(AssignmentRow.id))
    ).all()
    for started in _started(session, task):
        for share in live:
            if CadenceKind(started.clock.kind) in RUNNING:
                _run_on(session, task, started, share, act=act)
            else:
                _ask_once(session, task, started, share, act=act)


def _started(session: Session, task: TaskRow) -> list[_Started]:
    rows = session.execute(
        select(TriggerRow, SeriesRow)
        .join(SeriesRow, col(SeriesRow.trigger_id) == col(TriggerRow.id))
        .where(col(TriggerRow.task_id) == task.id, col(TriggerRow.ended_at).is_(None))
        .order_by(col(SeriesRow.id))
    ).all()
    found: dict[tuple[int | None, str, str | None, int | None], list[SeriesRow]] = {}
    triggers = {trigger.id: trigger for trigger, _series in rows}
    for trigger, series in rows:
        key = (trigger.id, series.kind, series.addressee, series.addressee_unit_id)
        found.setdefault(key, []).append(series)
    return [
        _Started(
            triggers[trigger_id],
            Clock(CadenceKind(kind), 0, _moment(session, series), addressee, addressee_unit_id),
            tuple(series),
        )
        for (trigger_id, kind, addressee, addressee_unit_id), series in found.items()
    ]


def _moment(session: Session, series: Sequence[SeriesRow]) -> EventClock | None:
    """Return by when a single clock asks, as its first form has it; of running ones nothing is read."""
    if CadenceKind(series[0].kind) in RUNNING:
        return None
    period = session.scalars(select(PeriodRow).where(col(PeriodRow.series_id) == series[0].id)).first()
    return EventClock(period.scheduled_at, period.due_at) if period is not None else None


def _run_on(session: Session, task: TaskRow, started: _Started, share: AssignmentRow, *, act: Act) -> None:
    series = started.of(share.unit_id)
    if series is None:
        series = open_series(session, task, started.trigger, share, started.clock, actor=act.actor, at=act.at)
    elif series.extends_on is not None and _has_rows(session, series, share):
        return
    _ask_again(session, series, share, act=act)
    open_running(session, series, share, at=act.at, from_on=local_day(act.at))


def _ask_once(session: Session, task: TaskRow, started: _Started, share: AssignmentRow, *, act: Act) -> None:
    clock, series = started.clock.once, started.of(share.unit_id)
    if clock is None or clock.due_at <= act.at or (series is None and _was_reported(session, started, act=act)):
        return
    if series is not None:
        _ask_again(session, series, share, act=act)
        return
    series = open_series(session, task, started.trigger, share, started.clock, actor=act.actor, at=act.at)
    open_once(session, series, share, started.trigger, clock, actor=act.actor, at=act.at)


def _has_rows(session: Session, series: SeriesRow, share: AssignmentRow) -> bool:
    return bool(_rows(session, series, share))


def _ask_again(session: Session, series: SeriesRow, share: AssignmentRow, *, act: Act) -> None:
    """Let what still runs be owed that ended with the share or the task; what was filed or decided stays."""
    for row, period in _rows(session, series, share):
        if row.state == RowState.WAIVED.value and row.filed_at is None and period.due_at > act.at:
            row.state, row.settled_by, row.pending_at = RowState.OPEN.value, None, None
            tell_reset(session, row, period, act=act)


def _rows(session: Session, series: SeriesRow, share: AssignmentRow) -> list[tuple[FormRow, PeriodRow]]:
    found = session.execute(
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(col(PeriodRow.series_id) == series.id, col(FormRow.assignment_id) == share.id)
        .order_by(col(PeriodRow.starts_on))
        .with_for_update(of=FormRow)
    )
    return [(row, period) for row, period in found]


def _was_reported(session: Session, started: _Started, *, act: Act) -> bool:
    """Tell whether the share that was handed over just now had reported: then nobody has to report it twice."""
    reported = (
        select(col(FormRow.id))
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(
            col(PeriodRow.series_id).in_([series.id for series in started.series]),
            col(FormRow.filed_at).is_not(None),
            col(AssignmentRow.ended_at) == act.at,
        )
    )
    return session.scalars(reported).first() is not None
