"""Bring a task's series in line with what it demands now: after it goes on again, changes its deadline or its units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import RowState
from tracker.domain.series import DocumentFrame, RowDuty, asked_after_deadline, row_duties, ticked_units
from tracker.domain.windows import CLOSING, row_windows
from tracker.steps.asked_windows import keep_first_window, last_asked, rows_of, running_tick, waive_unasked
from tracker.steps.fitting_rows import MOVED_ENDS, KeptDuty, fit_rows, settle_passed
from tracker.steps.holding import hold_shares_again
from tracker.steps.opening import begin_when_asked, open_for_tasks, series_key
from tracker.steps.resetting import Act, is_waiting, tell_reset
from tracker.steps.running_clocks import keep_clocks_running
from tracker.steps.settling import end_empty_ticks
from tracker.store.queries.demands import TaskDemands, document_frames, task_demands
from tracker.store.queries.duties import live_duties
from tracker.store.tables.series import DutyRow, SeriesRow
from tracker.store.tables.tasks import TaskRow


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
        fit_rows(session, duty, windows, act=act)
    _revive_ticks(session, task.document_id, ticked_units(task.demands, wanted), frame, act=act)
    if head.issued_at is not None:
        open_for_tasks(session, [task_id], at=act.at, by=act.by, actor=act.actor, asked_on=asked_on)
    waive_unasked(session, unasked, act=act)
    _ask_one_for_the_completion(session, kept, act=act)
    if head.issued_at is not None:
        keep_clocks_running(session, head, act=act)
    units = {(share.unit_id, task.document_id) for share in task.shares}
    end_empty_ticks(session, units, cause=act.cause, actor=act.actor, at=act.at)
    hold_shares_again(session, (share.assignment_id for share in task.shares), actor=act.actor, at=act.at)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is wanted of a task now; `starting` are shares that begin anew, a rhythm was asked for on `asked_on`."""

    frame: DocumentFrame
    wanted: Sequence[RowDuty]
    starting: frozenset[int]
    asked_on: date | None
    act: Act


def _kept_duties(session: Session, task: TaskDemands, change: _Change) -> list[KeptDuty]:
    """Bring the duties that exist up to date, and end those that nothing demands any more."""
    shares, act, asked_on = {share.assignment_id: share for share in task.shares}, change.act, change.asked_on
    demanded = {(duty.unit_id, series_key(duty.form)): duty for duty in change.wanted}
    rows = session.execute(
        select(DutyRow, SeriesRow)
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .where(col(DutyRow.assignment_id).in_(list(shares)))
        .order_by(col(DutyRow.id))
    ).all()
    live = {(series.unit_id, series.key) for row, series in rows if row.ended_at is None}
    new_from = _first_days(task, change, live=live)
    kept: list[KeptDuty] = []
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
            KeptDuty(row, duty, anew, anew or row.until_on != duty.until, resumed, asked_on is not None, row.until_on)
        )
        if anew and asked_on is not None:
            row.got_on, row.from_on = begin_when_asked(duty, share, asked_on=asked_on, by=act.by)
        elif anew:
            row.got_on, row.from_on = share.got_on, share.from_on
        elif not row.completes and asked_after_deadline(duty, today=local_day(act.at)):
            row.got_on = local_day(act.at)
        elif act.cause in MOVED_ENDS and asked_on is None:
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
            settle_passed(session, row, period, act=act)


def _ask_one_for_the_completion(session: Session, kept: Sequence[KeptDuty], *, act: Act) -> None:
    """End what asks a lead for the completion that another one is asked for now, where no window of its own is left.

    Past the deadline a row that asked for the completion can become no other: its window ended before its share began.
    """
    if not any(duty.wanted.completes for duty in kept):
        return
    for duty in kept:
        for row, period in rows_of(session, duty.row) if not duty.wanted.completes else ():
            asks = row.final and row.state == RowState.OPEN.value and period.code != CLOSING
            if asks and not is_waiting(session, row):
                settle_passed(session, row, period, act=act)


def _revive_ticks(
    session: Session, document_id: int, unit_ids: Sequence[int], frame: DocumentFrame, *, act: Act
) -> None:
    """Let a unit tick again for its other shares where its tick had ended with the last of them, from today on."""
    ended = (
        select(DutyRow, col(SeriesRow.unit_id))
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .where(
            col(SeriesRow.document_id) == document_id,
            col(SeriesRow.unit_id).in_(unit_ids),
            col(DutyRow.assignment_id).is_(None),
            col(DutyRow.ended_at).is_not(None),
        )
    )
    for duty, unit_id in session.execute(ended.order_by(col(DutyRow.id))).all():
        if running_tick(session, unit_id, document_id) is not None:
            continue
        duty.got_on, duty.ended_at = local_day(act.at), None
        session.flush()
        [tick] = [live for live in live_duties(session, [duty.series_id]) if live.assignment_id is None]
        windows = row_windows(tick.row_duty, frame, got_on=duty.got_on, today=local_day(act.at), by=act.by)
        codes = {row.window.code for row in windows}
        for row, period in rows_of(session, duty):
            if row.state == RowState.WAIVED.value and period.code in codes and period.frozen_at is None:
                row.state, row.settled_by = RowState.OPEN.value, None
                tell_reset(session, row, period, act=act)
