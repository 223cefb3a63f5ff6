"""Bring a task's series in line with what it demands now: after it goes on again, changes its deadline or its units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker.domain.cadences import RHYTHMS
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import ROW_ENDED, RowState
from tracker.domain.series import DocumentFrame, RowDuty, asked_after_deadline, row_duties, ticked_units
from tracker.domain.windows import RowWindow, row_windows
from tracker.steps.asked_windows import keep_first_window, last_asked, rows_of, waive_unasked
from tracker.steps.holding import hold_shares_again
from tracker.steps.opening import begin_when_asked, open_for_tasks, series_key
from tracker.steps.resetting import Act, disputed_since, is_waiting, take_up_again, tell_reset
from tracker.steps.running_clocks import keep_clocks_running
from tracker.steps.settling import settle_rows
from tracker.store.queries.demands import TaskDemands, document_frames, task_demands
from tracker.store.queries.duties import live_duties
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import TaskRow

# What ended by another deadline or another end of a plan is owed again where that comes back.
PLAN_END_CORRECTED = "plan_end_corrected"
_MOVED_ENDS = frozenset({PLAN_END_CORRECTED, "deadline_changed", "question_answered"})
_ENDED = frozenset(state.value for state in ROW_ENDED)
_UNREPORTED = frozenset({RowState.WAIVED.value, RowState.MISSED.value})


def realign(
    session: Session, task_id: int, *, act: Act, beginning: Iterable[int] = (), asked_on: date | None = None
) -> None:
    """Give the live shares of a task the series that its demands give rise to now, and end what they do not.

    The shares named in `beginning` begin anew, by the half rule, with the window of their `got_on`; open rows of
    earlier windows are waived unless they have a later moment of their own. The others keep their windows; a final
    row moves with the deadline, rows after it are waived.

    `asked_on` is the day on which the office asks for another rhythm. The new one begins with that day, by the half
    rule; of the old one stays what is owed for windows that end before the new one begins, and what waits for
    somebody. What had ended that same day goes on as it was. Clocks of events that are not over run on. Records
    RowsReset, RowSettled and what opening records.
    """
    session.flush()
    head = session.get_one(TaskRow, task_id)
    act = replace(act, paused=head.state == TaskState.SUSPENDED.value)
    [task] = task_demands(session, [task_id])
    frame, filing_on = document_frames(session, {task.document_id})[task.document_id]
    change = _Change(frame, row_duties(task.demands, frame), frozenset(beginning), asked_on, act)
    wanted = change.wanted
    kept = _kept_duties(session, task, change)
    passed = [duty.row for duty in kept if duty.deadline_passed(local_day(act.at))]
    unasked = last_asked(session, passed)
    for duty in kept:
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
    _revive_ticks(session, task.document_id, ticked_units(task.demands, wanted), frame, act=act)
    if head.issued_at is not None:
        open_for_tasks(session, [task_id], at=act.at, by=act.by, actor=act.actor, asked_on=asked_on)
    waive_unasked(session, unasked, act=act)
    if head.issued_at is not None:
        keep_clocks_running(session, head, act=act)
    hold_shares_again(session, (share.assignment_id for share in task.shares), actor=act.actor, at=act.at)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is wanted of a task now; `starting` are shares that begin anew, a rhythm was asked for on `asked_on`."""

    frame: DocumentFrame
    wanted: Sequence[RowDuty]
    starting: frozenset[int]
    asked_on: date | None
    act: Act


@dataclass(frozen=True, slots=True)
class _Kept:
    """A duty that exists, with what is wanted of it now; `moved` where its deadline changed or it begins anew.

    `resumed` where it had ended on the day on which it is asked for again; `asked` where a rhythm was asked for;
    `old_until` is the deadline before.
    """

    row: DutyRow
    wanted: RowDuty
    anew: bool
    moved: bool
    resumed: bool
    asked: bool
    old_until: date | None

    @property
    def moves_whole(self) -> bool:
        """Whether a deadline or the document's end makes the windows, no calendar does: they follow where it moves."""
        return RHYTHMS[self.wanted.form.kind].spans is None

    def deadline_passed(self, today: date) -> bool:
        """Whether the deadline before was over: of what the calendar makes nobody was asked since."""
        passed = self.old_until is not None and self.old_until < today
        return passed and not self.anew and not self.moves_whole


def _kept_duties(session: Session, task: TaskDemands, change: _Change) -> list[_Kept]:
    """Bring the duties that exist up to date, and end those that nothing demands any more."""
    shares, act, asked_on = {share.assignment_id: share for share in task.shares}, change.act, change.asked_on
    demanded = {(duty.unit_id, series_key(duty.form)): duty for duty in change.wanted}
    rows = session.exec(
        select(DutyRow, SeriesRow)
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .where(col(DutyRow.assignment_id).in_(list(shares)), col(SeriesRow.trigger_id).is_(None))
        .order_by(col(DutyRow.id))
    ).all()
    live = {(series.unit_id, series.key) for row, series in rows if row.ended_at is None}
    new_from = _first_days(task, change, live=live)
    kept: list[_Kept] = []
    for row, series in rows:
        duty = demanded.get((series.unit_id, series.key))
        if duty is None:
            _end_duty(session, row, new_from=new_from.get(series.unit_id), act=act)
            continue
        share = shares[row.assignment_id or 0]
        starts = share.assignment_id in change.starting
        resumed = row.ended_at is not None and asked_on is not None and local_day(row.ended_at) == asked_on
        anew = starts or (row.ended_at is not None and not resumed)
        kept.append(
            _Kept(row, duty, anew, anew or row.until_on != duty.until, resumed, asked_on is not None, row.until_on)
        )
        if anew and asked_on is not None:
            row.got_on, row.from_on = begin_when_asked(duty, share, asked_on=asked_on, by=act.by)
        elif anew:
            row.got_on, row.from_on = share.got_on, share.from_on
        elif not row.completes and asked_after_deadline(duty, today=local_day(act.at)):
            row.got_on = local_day(act.at)
        elif act.cause in _MOVED_ENDS and asked_on is None:
            keep_first_window(session, row, series)
        row.act, row.soft, row.until_on, row.completes = duty.act, duty.soft, duty.until, duty.completes
        row.statistic, row.counted, row.ended_at = duty.statistic, duty.counted, None
    return kept


def _first_days(task: TaskDemands, change: _Change, *, live: set[tuple[int, str]]) -> dict[int, date]:
    """Return from which day on each unit reports in the rhythm that is asked for; none where none is asked for."""
    asked_on, by = change.asked_on, change.act.by
    found: dict[int, date] = {}
    if asked_on is None:
        return found
    shares = {share.unit_id: share for share in task.shares}
    for duty in change.wanted:
        found.setdefault(duty.unit_id, asked_on)
        if (duty.unit_id, series_key(duty.form)) in live or duty.unit_id not in shares:
            continue
        got_on, from_on = begin_when_asked(duty, shares[duty.unit_id], asked_on=asked_on, by=by)
        windows = row_windows(duty, change.frame, got_on=got_on, today=asked_on, by=by, from_on=from_on)
        if windows:
            found[duty.unit_id] = max(asked_on, windows[0].window.starts_on)
    return found


def _end_duty(session: Session, duty: DutyRow, *, new_from: date | None, act: Act) -> None:
    """End a duty that nothing demands any more, with its open rows; a closing report has none and stays.

    Where another rhythm takes its place from `new_from` on, what is owed for the time before is owed still; one that
    ended before leaves what it left by the newest rhythm, too.
    """
    if duty.ended_at is not None and new_from is None:
        return
    duty.ended_at = duty.ended_at or act.at
    for row, period in rows_of(session, duty):
        if row.state != RowState.OPEN.value:
            continue
        before = new_from is not None and period.ends_on < new_from and not row.final
        if not before and (new_from is None or not is_waiting(session, row)):
            _settle(session, row, period, act=act)


def _fit_rows(session: Session, duty: _Kept, windows: Sequence[RowWindow], *, act: Act) -> None:
    by_code = {row.window.code: row for row in windows}
    last_on = max((row.window.starts_on for row in windows), default=date.min)
    completion_elsewhere = any(row.final for row in windows)
    follows = duty.wanted.until is not None or (duty.moves_whole and not duty.anew)
    closed = completion_elsewhere or (follows and bool(windows))
    for row, period in rows_of(session, duty.row):
        window = by_code.get(period.code)
        if duty.resumed and window is not None:
            take_up_again(session, row, period, act=act)
        if window is not None:
            _fit(session, row, period, window, duty=duty, act=act)
        elif row.state != RowState.OPEN.value:
            continue
        elif (row.final and completion_elsewhere) or (closed and duty.moves_whole):
            _give_way(session, row, period, duty.wanted, act=act)
        elif closed and period.starts_on > last_on:
            _settle(session, row, period, act=act)
        elif duty.asked or row.pending_at is not None or (row.due_at is not None and row.due_at > act.at):
            continue
        elif duty.anew:
            settle_rows(session, [row], RowState.WAIVED, cause=act.cause, reason=act.reason, actor=act.actor, at=act.at)


def _give_way(session: Session, row: FormRow, period: PeriodRow, duty: RowDuty, *, act: Act) -> None:
    """End a row whose form belongs to an earlier deadline or end: the form of the present one asks for it.

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
    if _is_asked_again(row, period, window, duty=duty, at=act.at):
        row.state, row.settled_by, row.pending_at = (
            RowState.OPEN.value,
            None,
            disputed_since(session, row.assignment_id),
        )
    elif row.state != RowState.OPEN.value or not _changes(row, window, due_at, moved=duty.moved):
        return
    if overdue and not (window.final and _is_ahead(duty.wanted, act=act)):
        due_at = row.due_at  # only a decision for the future gives an overdue row more time
    elif not window.final:
        due_at = _ordinary_due(period, act=act)
    row.final, row.due_at = window.final, due_at
    tell_reset(session, row, period, act=act)


def _changes(row: FormRow, window: RowWindow, due_at: datetime | None, *, moved: bool) -> bool:
    """Tell whether an open row becomes final or ordinary, or its completion moves; other moments are left alone."""
    return row.final != window.final or (window.final and moved and row.due_at != due_at)


def _is_asked_again(row: FormRow, period: PeriodRow, window: RowWindow, *, duty: _Kept, at: datetime) -> bool:
    """A completion is asked for again whatever became of it; another row only where nobody has filed the form.

    A deadline that comes back asks in the row that had given way to another deadline's, a plan's end likewise; of
    windows that the calendar makes, not in one that is over, since nobody was asked then.
    """
    if window.final and row.state in _ENDED:
        return duty.anew or not row.final or (duty.moved and row.state in _UNREPORTED)
    comes_back = duty.anew or (row.settled_by in _MOVED_ENDS and (duty.moves_whole or period.due_at > at))
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
    """Tell whether an act finds a row overdue: of suspended work nothing is."""
    return not act.paused and row.required and row.pending_at is None and (row.due_at or period.due_at) <= act.at


def _is_ahead(duty: RowDuty, *, act: Act) -> bool:
    return duty.until is None or duty.until >= local_day(act.at)


def _revive_ticks(
    session: Session, document_id: int, unit_ids: Sequence[int], frame: DocumentFrame, *, act: Act
) -> None:
    """Let a unit tick again for its other shares where its tick had ended with the last of them, from today on."""
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
        session.flush()
        [tick] = [live for live in live_duties(session, [duty.series_id]) if live.assignment_id is None]
        windows = row_windows(tick.row_duty, frame, got_on=duty.got_on, today=local_day(act.at), by=act.by)
        codes = {row.window.code for row in windows}
        for row, period in rows_of(session, duty):
            if row.state == RowState.WAIVED.value and period.code in codes and period.frozen_at is None:
                row.state, row.settled_by = RowState.OPEN.value, None
                tell_reset(session, row, period, act=act)
