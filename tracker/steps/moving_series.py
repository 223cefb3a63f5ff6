"""A merger moves series: whole where the successor has none like it, else period by period and row by row.

What goes on goes with its whole account: a window that was reported, missed or waived is not asked for again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.forms import UNITS_MERGED, RowMoved, SeriesMoved
from tracker.domain.lifecycle import TASK_GOES_ON, TaskState
from tracker.domain.owed import RowState
from tracker.steps.asked_windows import running_tick
from tracker.steps.resetting import DOCUMENT_EXPIRED
from tracker.steps.settling import settle_rows, with_ticked_shares
from tracker.steps.uniting_rows import unite_rows, weight
from tracker.store import event_log
from tracker.store.queries.form_views import OPEN_ROWS
from tracker.store.queries.granted import Granted
from tracker.store.reckoning import touch
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow

_UNREPORTED = (RowState.MISSED.value, RowState.WAIVED.value)
_MAY_GO_ON = TASK_GOES_ON | {TaskState.LAPSED}


@dataclass(frozen=True, slots=True)
class Move:
    """Whose work moves where, by whom and when; `granted` as `granted_rows` tells it."""

    session: Session
    from_unit_id: int
    into_unit_id: int
    actor: Actor
    at: datetime
    reason: str
    granted: Granted = frozenset()


def move_series(move: Move, series: SeriesRow, shares: Mapping[int, int]) -> None:
    """Move a series with the shares that go on; one without any stays with the old unit as history.

    `shares` maps each moved share to the one it goes on under. Duties and rows of these go along whatever became of
    them: those that ended with a document come back where that turns out to go on, the others say what was asked.
    Of a series that an earlier merger brought over whole only these move. Records SeriesMoved, RowMoved and RowSettled.
    """
    session = move.session
    from_unit_id, is_there = series.unit_id, series.unit_id == move.into_unit_id
    target = _target(move, series)
    ticks = not is_there and _ticks_on(move, series, target)
    duties = _duties(move, series, shares, ticks=ticks)
    ticked = any(duty.assignment_id is None for duty in duties)
    rows = [(row, period) for row, period in _rows(session, series) if _goes_on(row, shares, ticks=ticked)]
    if not duties and not rows:
        return
    if target is None:
        series.unit_id = move.into_unit_id
    goes_on = target or series
    event = SeriesMoved(
        unit_id=move.into_unit_id,
        series_id=series.id or 0,
        into_series_id=goes_on.id or 0,
        from_unit_id=from_unit_id,
    )
    event_log.record(session, event, actor=move.actor, at=move.at)
    session.flush()
    for duty in duties:
        if duty.assignment_id is None and not ticks:
            duty.ended_at = duty.ended_at or move.at
        else:
            _move_duty(move, duty, goes_on, shares)
    for row, period in rows:
        if row.assignment_id is not None or ticks:
            _move_row(move, row, period, goes_on, shares)
        elif row.state in OPEN_ROWS:  # what lies with the office is still decided
            state = RowState.STANDS if row.state == RowState.RETURNED.value else RowState.WAIVED
            settle_rows(session, [row], state, cause=UNITS_MERGED, actor=move.actor, at=move.at)
    if target is not None and not is_there:
        days = [day for day in (series.extends_on, target.extends_on) if day is not None]
        target.extends_on, series.extends_on = min(days, default=None), None
    session.flush()
    touch(session, [series.id or 0, goes_on.id or 0])  # what left the old series changed it too


def _target(move: Move, series: SeriesRow) -> SeriesRow | None:
    """Return the series of the successor that a series goes up in, locked; None where it has none like it."""
    like = select(SeriesRow).where(
        col(SeriesRow.unit_id) == move.into_unit_id,
        col(SeriesRow.document_id) == series.document_id,
        col(SeriesRow.key) == series.key,
    )
    return move.session.scalars(like.with_for_update()).first()


def _ticks_on(move: Move, series: SeriesRow, target: SeriesRow | None) -> bool:
    """Tell whether the successor may tick in a series: it has something to tick for, and does not elsewhere."""
    successor = (move.into_unit_id, series.document_id)
    running = running_tick(move.session, *successor)
    if running is not None and (target is None or running.series_id != target.id):
        return False
    return bool(with_ticked_shares(move.session, {successor}, among=_MAY_GO_ON))


def _goes_on(one: DutyRow | FormRow, shares: Mapping[int, int], *, ticks: bool) -> bool:
    return ticks if one.assignment_id is None else one.assignment_id in shares


def _duties(move: Move, series: SeriesRow, shares: Mapping[int, int], *, ticks: bool) -> list[DutyRow]:
    """Return the duties that go on, and the tick that ends with its unit."""
    found = select(DutyRow).where(col(DutyRow.series_id) == series.id).order_by(col(DutyRow.id))
    ends = series.unit_id != move.into_unit_id
    return [
        duty
        for duty in move.session.scalars(found)
        if _goes_on(duty, shares, ticks=ticks or (ends and duty.ended_at is None))
    ]


def _rows(session: Session, series: SeriesRow) -> list[tuple[FormRow, PeriodRow]]:
    found = session.execute(
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(col(PeriodRow.series_id) == series.id)
        .order_by(col(FormRow.id))
        .with_for_update(of=FormRow)
    )
    return [(row, period) for row, period in found]


def _move_duty(move: Move, duty: DutyRow, series: SeriesRow, shares: Mapping[int, int]) -> None:
    """Move a duty or unite it with the successor's own."""
    goes_on = shares[duty.assignment_id] if duty.assignment_id is not None else None
    same = col(DutyRow.assignment_id).is_(None) if goes_on is None else col(DutyRow.assignment_id) == goes_on
    there = select(DutyRow).where(col(DutyRow.series_id) == series.id, same, col(DutyRow.id) != duty.id)
    known = move.session.scalars(there).first()
    if known is None:
        duty.series_id, duty.assignment_id = series.id or 0, goes_on
    else:
        _unite_duties(duty, known, at=move.at)
    move.session.flush()


def _unite_duties(duty: DutyRow, known: DutyRow, *, at: datetime) -> None:
    """Let the successor's duty go on as long as either would; what ended for good before says nothing any more."""
    both = duty.ended_at == known.ended_at
    longer = duty.ended_at is None or (known.ended_at is not None and duty.ended_at > known.ended_at)
    if both or longer:
        known.got_on = min(duty.got_on, known.got_on) if both else duty.got_on
        known.act, known.completes = duty.act or known.act, duty.completes or known.completes
        known.soft, known.ended_at = duty.soft and known.soft, duty.ended_at
    duty.ended_at = duty.ended_at or at


def _move_row(move: Move, row: FormRow, period: PeriodRow, series: SeriesRow, shares: Mapping[int, int]) -> None:
    """Move a row into the successor's form of the window, or unite it with the row that is there."""
    session = move.session
    goes_on = shares[row.assignment_id] if row.assignment_id is not None else None
    form = _form(session, period, series)
    same = col(FormRow.assignment_id).is_(None) if goes_on is None else col(FormRow.assignment_id) == goes_on
    there = select(FormRow).where(col(FormRow.period_id) == form.id, same, col(FormRow.id) != row.id)
    known = session.scalars(there.with_for_update()).first()
    if known is not None and row.state in _UNREPORTED and weight(row) <= weight(known):
        if row.settled_by == DOCUMENT_EXPIRED:
            # Of two rows one says whether it was missed, whatever becomes of the end.
            settle_rows(session, [row], RowState.WAIVED, cause=UNITS_MERGED, actor=move.actor, at=move.at)
        return  # it stays history where it ended
    # The form's own moment is nobody's: it goes on moving with the calendar.
    own = row.due_at or (period.due_at if period.due_at != form.due_at else None)
    if known is None:
        row.period_id, row.assignment_id, row.due_at = form.id or 0, goes_on, own
    else:
        granted = move.granted
        unite_rows(session, row, known, own=own, form=form, granted=granted, actor=move.actor, at=move.at)
    session.flush()
    _note(move, row, known or row, form)


def _form(session: Session, period: PeriodRow, series: SeriesRow) -> PeriodRow:
    """Return the period of a series for a window; where it has none the period itself moves."""
    if period.series_id == series.id:
        return period
    there = select(PeriodRow).where(col(PeriodRow.series_id) == series.id, col(PeriodRow.code) == period.code)
    known = session.scalars(there.with_for_update()).first()
    if known is not None:
        return known
    period.series_id = series.id or 0
    session.flush()
    return period


def _note(move: Move, row: FormRow, goes_on: FormRow, form: PeriodRow) -> None:
    event = RowMoved(
        unit_id=move.into_unit_id,
        row_id=row.id or 0,
        into_row_id=goes_on.id or 0,
        series_id=form.series_id,
        period_id=form.id or 0,
        assignment_id=goes_on.assignment_id,
        state=goes_on.state,
        due_at=goes_on.due_at,
        correction_due_at=goes_on.correction_due_at,
        pending_at=goes_on.pending_at,
        filed_at=goes_on.filed_at,
        late=goes_on.late,
        required=goes_on.required,
        act=goes_on.act,
        soft=goes_on.soft,
        final=goes_on.final,
    )
    event_log.record(move.session, event, actor=move.actor, at=move.at)
