"""A merger moves series: whole where the successor has none like it, else period by period and row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.forms import RowMoved, SeriesMoved
from tracker.domain.owed import RowState
from tracker.steps.settling import settle_rows
from tracker.store import event_log
from tracker.store.reckoning import touch
from tracker.store.tables.filings import CorrectionRow, ReportRow, RequestRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow

CAUSE = "units_merged"
_UNENDED = (RowState.OPEN.value, RowState.FILED.value, RowState.RETURNED.value)


@dataclass(frozen=True, slots=True)
class Move:
    """Whose work moves where, by whom and when; `granted` are the rows whose moment somebody granted."""

    session: Session
    from_unit_id: int
    into_unit_id: int
    actor: Actor
    at: datetime
    reason: str
    granted: frozenset[int] = frozenset()


def move_series(move: Move, series: SeriesRow, shares: Mapping[int, int]) -> None:
    """Move a series with the shares that go on; one without any stays with the old unit as history.

    `shares` maps each moved share to the one it goes on under. Records SeriesMoved, RowMoved and RowSettled.
    """
    session = move.session
    duties = session.scalars(select(DutyRow).where(col(DutyRow.series_id) == series.id).order_by(col(DutyRow.id))).all()
    rows = _rows(session, series)
    if not any(duty.ended_at is None for duty in duties) and not any(row.state in _UNENDED for row, _ in rows):
        return
    like = select(SeriesRow).where(
        col(SeriesRow.unit_id) == move.into_unit_id,
        col(SeriesRow.document_id) == series.document_id,
        col(SeriesRow.key) == series.key,
    )
    target = session.scalars(like.with_for_update()).first()
    if target is None:
        series.unit_id = move.into_unit_id
    goes_on = target or series
    event = SeriesMoved(
        unit_id=move.into_unit_id,
        series_id=series.id or 0,
        into_series_id=goes_on.id or 0,
        from_unit_id=move.from_unit_id,
    )
    event_log.record(session, event, actor=move.actor, at=move.at)
    session.flush()
    for duty in duties:
        _move_duty(move, duty, goes_on, shares)
    for row, period in rows:
        if row.state in _UNENDED:
            _move_row(move, row, period, goes_on, shares)
    if target is not None:
        days = [day for day in (series.extends_on, target.extends_on) if day is not None]
        target.extends_on, series.extends_on = min(days, default=None), None
    session.flush()
    touch(session, [series.id or 0, goes_on.id or 0])  # what left the old series changed it too


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
    if duty.ended_at is not None:
        return
    goes_on = shares.get(duty.assignment_id) if duty.assignment_id is not None else None
    same = col(DutyRow.assignment_id).is_(None) if goes_on is None else col(DutyRow.assignment_id) == goes_on
    there = select(DutyRow).where(col(DutyRow.series_id) == series.id, same, col(DutyRow.id) != duty.id)
    known = move.session.scalars(there).first()
    if known is None and goes_on is None and _ticks_elsewhere(move, duty, series):
        duty.ended_at = move.at
    elif known is None:
        duty.series_id, duty.assignment_id = series.id or 0, goes_on
    else:
        alive = known.ended_at is None
        known.got_on = min(duty.got_on, known.got_on) if alive else duty.got_on
        known.act, known.completes = duty.act or known.act, duty.completes or known.completes
        known.soft, known.ended_at = duty.soft and known.soft, None
        duty.ended_at = move.at
    move.session.flush()


def _ticks_elsewhere(move: Move, duty: DutyRow, series: SeriesRow) -> bool:
    """Tell whether the successor ticks for its other shares of the document in another form: one tick is enough."""
    ticks = (
        select(col(DutyRow.id))
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .where(
            col(SeriesRow.unit_id) == move.into_unit_id,
            col(SeriesRow.document_id) == series.document_id,
            col(DutyRow.assignment_id).is_(None),
            col(DutyRow.ended_at).is_(None),
            col(DutyRow.id) != duty.id,
        )
    )
    return move.session.scalars(ticks).first() is not None


def _move_row(move: Move, row: FormRow, period: PeriodRow, series: SeriesRow, shares: Mapping[int, int]) -> None:
    """Move an open row into the successor's form of the window, or unite it with the row that is there."""
    session = move.session
    goes_on = shares.get(row.assignment_id) if row.assignment_id is not None else None
    form = _form(session, period, series)
    same = col(FormRow.assignment_id).is_(None) if goes_on is None else col(FormRow.assignment_id) == goes_on
    there = select(FormRow).where(col(FormRow.period_id) == form.id, same, col(FormRow.id) != row.id)
    known = session.scalars(there.with_for_update()).first()
    if known is None and goes_on is None and _lacks_tick(move, form):
        settle_rows(session, [row], RowState.WAIVED, cause=CAUSE, actor=move.actor, at=move.at)
        return
    if known is None:
        if row.due_at is None and period.due_at != form.due_at:
            row.due_at = period.due_at
        row.period_id, row.assignment_id = form.id or 0, goes_on
    else:
        _unite(move, row, known, moment=row.due_at or period.due_at, form=form)
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


def _lacks_tick(move: Move, form: PeriodRow) -> bool:
    ticks = select(col(DutyRow.id)).where(
        col(DutyRow.series_id) == form.series_id, col(DutyRow.assignment_id).is_(None), col(DutyRow.ended_at).is_(None)
    )
    return move.session.scalars(ticks).first() is None


def _unite(move: Move, row: FormRow, known: FormRow, *, moment: datetime, form: PeriodRow) -> None:
    """Make two rows about the same item and window one: what was handed in counts, of two open ones the earlier moment.

    Where one of two open ones asks for the completion, the row that goes on does, at that one's moment. A moment that
    an extension or the office gave stays, of two such the later one: no merger takes back what was granted.

    The row that goes up in the other is waived where it stood, its reports belong to the other.
    """
    if row.state == RowState.OPEN.value and known.state == RowState.OPEN.value:
        known.due_at = _moment_of_both(move, (row, moment), (known, known.due_at or form.due_at))
        known.required, known.act = row.required or known.required, row.act or known.act
        known.final, known.soft = row.final or known.final, row.soft and known.soft
        known.pending_at = known.pending_at or row.pending_at
    elif row.state != RowState.OPEN.value and known.state not in (RowState.FILED.value, RowState.ACCEPTED.value):
        known.state, known.settled_by = row.state, None
        known.filed_at, known.late, known.pending_at = row.filed_at, row.late, row.pending_at
        known.correction_due_at, row.correction_due_at = row.correction_due_at, None
        known.due_at, known.final = moment, row.final
    else:
        row.correction_due_at = None
    row.state = RowState.WAIVED.value if row.state == RowState.RETURNED.value else row.state
    for table in (ReportRow, CorrectionRow, RequestRow):
        move.session.execute(update(table).where(col(table.row_id) == row.id).values(row_id=known.id))
    settle_rows(move.session, [row], RowState.WAIVED, cause=CAUSE, actor=move.actor, at=move.at)


def _moment_of_both(move: Move, *both: tuple[FormRow, datetime]) -> datetime:
    asked = [one for one in both if one[0].final] or list(both)
    granted = [moment for row, moment in asked if row.id in move.granted]
    return max(granted) if granted else min(moment for _row, moment in asked)


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
