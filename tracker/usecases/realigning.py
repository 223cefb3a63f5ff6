"""Bring a task's series in line with what it demands now: after it goes on again, changes its deadline or its units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor
from tracker.domain.cadences import RHYTHMS
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.owed import ROW_ENDED, RowState
from tracker.domain.reporting_events import RowsReset
from tracker.domain.series import RowDuty, asked_late, row_duties, ticked_units
from tracker.domain.windows import Reckoning, RowWindow, row_windows
from tracker.store import event_log
from tracker.store.queries.demands import TaskDemands, document_frames, task_demands
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.holding import hold_shares_again
from tracker.usecases.opening import open_for_tasks, opened_row, series_key
from tracker.usecases.settling import settle_rows

# The cause of what follows from another end of a plan.
PLAN_END_CORRECTED = "plan_end_corrected"
_ENDED = frozenset(state.value for state in ROW_ENDED)
_UNREPORTED = frozenset({RowState.WAIVED.value, RowState.MISSED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who brings about a change, when, and its name in the log."""

    cause: str
    actor: Actor
    at: datetime
    by: Reckoning
    reason: str = ""


def realign(session: Session, task_id: int, *, act: Act, beginning: Iterable[int] = ()) -> None:
    """Give the live shares of a task the series that its demands give rise to now, and end what they do not.

    The shares named in `beginning` begin anew, by the half rule, with the window of their `got_on`; open rows of
    earlier windows are waived unless they have a later moment of their own. The others keep their windows; a final
    row moves with the deadline, rows after it are waived. Records RowsReset, RowSettled and what opening records.
    """
    session.flush()
    [task] = task_demands(session, [task_id])
    frame, filing_on = document_frames(session, {task.document_id})[task.document_id]
    starting = frozenset(beginning)
    wanted = row_duties(task.demands, frame)
    for duty in _kept_duties(session, task, wanted, starting=starting, act=act):
        windows = row_windows(
            duty.wanted,
            frame,
            got_on=duty.row.got_on,
            today=local_day(act.at),
            by=act.by,
            from_on=duty.row.from_on,
            filing_on=filing_on,
        )
        _fit_rows(session, duty, windows, act=act)
    _revive_ticks(session, task.document_id, ticked_units(task.demands, wanted), act=act)
    if session.get_one(TaskRow, task_id).issued_at is not None:
        open_for_tasks(session, [task_id], at=act.at, by=act.by, actor=act.actor)
    hold_shares_again(session, (share.assignment_id for share in task.shares), actor=act.actor, at=act.at)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A duty that exists, with what is wanted of it now; `moved` where its deadline changed or it begins anew."""

    row: DutyRow
    wanted: RowDuty
    anew: bool
    moved: bool


def _kept_duties(
    session: Session, task: TaskDemands, wanted: Sequence[RowDuty], *, starting: frozenset[int], act: Act
) -> list[_Kept]:
    """Bring the duties that exist up to date, and end those that nothing demands any more."""
    shares = {share.assignment_id: share for share in task.shares}
    demanded = {(duty.unit_id, series_key(duty.form)): duty for duty in wanted}
    rows = session.exec(
        select(DutyRow, SeriesRow)
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .where(col(DutyRow.assignment_id).in_(list(shares)), col(SeriesRow.trigger_id).is_(None))
        .order_by(col(DutyRow.id))
    ).all()
    kept: list[_Kept] = []
    for row, series in rows:
        duty = demanded.get((series.unit_id, series.key))
        if duty is None:
            _end_duty(session, row, act=act)
            continue
        share = shares[row.assignment_id or 0]
        anew = share.assignment_id in starting or row.ended_at is not None
        kept.append(_Kept(row, duty, anew, moved=anew or row.until_on != duty.until))
        if anew:
            row.got_on, row.from_on = share.got_on, share.from_on
        elif not row.completes and asked_late(duty, today=local_day(act.at)):
            row.got_on = local_day(act.at)
        row.act, row.soft, row.until_on, row.completes = duty.act, duty.soft, duty.until, duty.completes
        row.statistic, row.counted, row.ended_at = duty.statistic, duty.counted, None
    return kept


def _end_duty(session: Session, duty: DutyRow, *, act: Act) -> None:
    """End a duty that nothing demands any more, with its open rows; a closing report has none and stays."""
    if duty.ended_at is not None:
        return
    duty.ended_at = act.at
    for row, period in _rows_of(session, duty):
        if row.state == RowState.OPEN.value:
            _settle(session, row, period, act=act)


def _fit_rows(session: Session, duty: _Kept, windows: Sequence[RowWindow], *, act: Act) -> None:
    by_code = {row.window.code: row for row in windows}
    last_on = max((row.window.starts_on for row in windows), default=date.min)
    completion_elsewhere = any(row.final for row in windows)
    # A deadline or the document's end makes these windows, no calendar does; such a row follows where it moves.
    moves_whole = RHYTHMS[duty.wanted.form.kind].spans is None
    follows = duty.wanted.until is not None or (moves_whole and not duty.anew)
    closed = completion_elsewhere or (follows and bool(windows))
    for row, period in _rows_of(session, duty.row):
        window = by_code.get(period.code)
        if window is not None:
            _fit(session, row, period, window, duty=duty, act=act)
        elif row.state != RowState.OPEN.value:
            continue
        elif row.final and completion_elsewhere:
            _give_way(session, row, period, duty.wanted, act=act)
        elif closed and (period.starts_on > last_on or moves_whole):
            _settle(session, row, period, act=act)
        elif row.pending_at is None and duty.anew and not (row.due_at is not None and row.due_at > act.at):
            settle_rows(session, [row], RowState.WAIVED, cause=act.cause, reason=act.reason, actor=act.actor, at=act.at)


def _give_way(session: Session, row: FormRow, period: PeriodRow, duty: RowDuty, *, act: Act) -> None:
    """End a completion row whose form belongs to an earlier deadline: the form of the present one asks for it.

    What was overdue stays 漏报 unless the new deadline lies ahead: only that gives more time.
    """
    if _is_ahead(duty, act=act):
        settle_rows(session, [row], RowState.WAIVED, cause=act.cause, reason=act.reason, actor=act.actor, at=act.at)
    else:
        _settle(session, row, period, act=act)


def _fit(session: Session, row: FormRow, period: PeriodRow, window: RowWindow, *, duty: _Kept, act: Act) -> None:
    """Open an ended row again where the window asks for it anew; move an open one with the deadline."""
    due_at = end_of_day(window.due_on) if window.due_on else None
    overdue = row.state == RowState.OPEN.value and _is_overdue(row, period, act=act)
    if _is_asked_again(row, period, window, duty=duty):
        row.state, row.settled_by, row.pending_at = RowState.OPEN.value, None, None
    elif row.state != RowState.OPEN.value or not _changes(row, window, due_at, moved=duty.moved):
        return
    if overdue and not (window.final and _is_ahead(duty.wanted, act=act)):
        due_at = row.due_at  # only a decision for the future gives an overdue row more time
    elif not window.final:
        due_at = _ordinary_due(period, act=act)
    row.final, row.due_at = window.final, due_at
    row.version += 1
    share = session.get_one(AssignmentRow, row.assignment_id)
    event = RowsReset(
        task_id=share.task_id,
        unit_id=share.unit_id,
        series_id=period.series_id,
        period_id=period.id or 0,
        cause=act.cause,
        rows=(opened_row(row, share.task_id),),
    )
    event_log.record(session, event, actor=act.actor, at=act.at)


def _changes(row: FormRow, window: RowWindow, due_at: datetime | None, *, moved: bool) -> bool:
    """Tell whether an open row becomes final or ordinary, or its completion moves; other moments are left alone."""
    return row.final != window.final or (window.final and moved and row.due_at != due_at)


def _is_asked_again(row: FormRow, period: PeriodRow, window: RowWindow, *, duty: _Kept) -> bool:
    """A completion is asked for again whatever became of it; another row only where nobody has filed the form.

    A deadline that comes back asks in the row that had given way to another deadline's, a plan's end likewise.
    """
    if window.final and row.state in _ENDED:
        return duty.anew or not row.final or (duty.moved and row.state in _UNREPORTED)
    comes_back = duty.anew or row.settled_by == PLAN_END_CORRECTED
    return comes_back and row.state == RowState.WAIVED.value and period.frozen_at is None


def _ordinary_due(period: PeriodRow, *, act: Act) -> datetime | None:
    """A row that no longer asks for the completion follows its period, but an act of the office makes nobody late."""
    if period.due_at > act.at:
        return None
    return end_of_day(act.by.calendar.add_workdays(local_day(act.at), act.by.policy.arrears_workdays))


def _settle(session: Session, row: FormRow, period: PeriodRow, *, act: Act) -> None:
    state = RowState.MISSED if _is_overdue(row, period, act=act) else RowState.WAIVED
    settle_rows(session, [row], state, cause=act.cause, reason=act.reason, actor=act.actor, at=act.at)


def _is_overdue(row: FormRow, period: PeriodRow, *, act: Act) -> bool:
    return row.required and row.pending_at is None and (row.due_at or period.due_at) <= act.at


def _is_ahead(duty: RowDuty, *, act: Act) -> bool:
    return duty.until is None or duty.until >= local_day(act.at)


def _rows_of(session: Session, duty: DutyRow) -> list[tuple[FormRow, PeriodRow]]:
    found = session.exec(
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(col(PeriodRow.series_id) == duty.series_id, col(FormRow.assignment_id) == duty.assignment_id)
        .order_by(col(PeriodRow.starts_on), col(FormRow.id))
        .with_for_update(of=FormRow)
    )
    return [(row, period) for row, period in found]


def _revive_ticks(session: Session, document_id: int, unit_ids: Sequence[int], *, act: Act) -> None:
    """Let a unit tick again for its other shares where its tick had ended with the last of them."""
    ended = (
        select(DutyRow)
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .where(
            col(SeriesRow.document_id) == document_id,
            col(SeriesRow.unit_id).in_(unit_ids),
            col(DutyRow.assignment_id).is_(None),
            col(DutyRow.ended_at).is_not(None),
        )
    )
    for duty in session.exec(ended.order_by(col(DutyRow.id))):
        duty.got_on, duty.ended_at = local_day(act.at), None
