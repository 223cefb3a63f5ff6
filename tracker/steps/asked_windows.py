"""Windows that units were asked for: an act that gives work another end asks for none that was over before."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.cadences import RHYTHMS
from tracker.domain.calendar import local_day
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_GOES_ON, TaskState
from tracker.domain.owed import RowState
from tracker.steps.resetting import Act
from tracker.steps.settling import settle_rows, with_ticked_shares
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_MAY_GO_ON = TASK_GOES_ON | {TaskState.LAPSED}


def duties_by_calendar(session: Session, document_id: int) -> list[tuple[DutyRow, SeriesRow]]:
    """Return the running duties of a document, ticks too, whose windows the calendar makes."""
    rows = session.execute(
        select(DutyRow, SeriesRow)
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .where(
            col(SeriesRow.document_id) == document_id,
            col(DutyRow.ended_at).is_(None),
        )
        .order_by(col(DutyRow.id))
    )
    return [(duty, series) for duty, series in rows if RHYTHMS[CadenceKind(series.kind)].spans is not None]


def revive_duties(session: Session, document_id: int, *, since: datetime) -> None:
    """Let the duties go on that ended since a moment, but for those of shares, tasks and units that ended.

    So do the ticks of units that have something left to tick for.
    """
    ended = (
        select(DutyRow, col(SeriesRow.unit_id))
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
        .where(
            col(SeriesRow.document_id) == document_id,
            col(UnitRow.merged_into_unit_id).is_(None),
            col(DutyRow.ended_at) >= since,
        )
    )
    of_shares = (
        ended.join(AssignmentRow, col(AssignmentRow.id) == col(DutyRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(TaskRow.state).in_([state.value for state in _MAY_GO_ON]),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
    )
    for duty, _unit_id in session.execute(of_shares).all():
        duty.ended_at = None
    session.flush()
    ticks = session.execute(ended.where(col(DutyRow.assignment_id).is_(None)).order_by(col(DutyRow.id))).all()
    ticking = with_ticked_shares(session, {(unit_id, document_id) for _tick, unit_id in ticks}, among=_MAY_GO_ON)
    for tick, unit_id in ticks:
        if (unit_id, document_id) in ticking and running_tick(session, unit_id, document_id) is None:
            tick.ended_at = None
            session.flush()
    session.flush()


def running_tick(session: Session, unit_id: int, document_id: int) -> DutyRow | None:
    """Return the duty by which a unit ticks for its other shares of a document; one form with a tick is enough."""
    ticks = (
        select(DutyRow)
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .where(
            col(SeriesRow.unit_id) == unit_id,
            col(SeriesRow.document_id) == document_id,
            col(DutyRow.assignment_id).is_(None),
            col(DutyRow.ended_at).is_(None),
        )
    )
    return session.scalars(ticks).first()


def keep_first_window(session: Session, duty: DutyRow, series: SeriesRow) -> None:
    """Let another end not move the window with which a unit began: nobody was asked for the one before."""
    if duty.from_on is None and RHYTHMS[CadenceKind(series.kind)].spans is not None:
        duty.from_on = min((period.starts_on for _row, period in rows_of(session, duty)), default=None)


def last_asked(session: Session, duties: Iterable[DutyRow]) -> dict[int, date]:
    """Return by duty when the last window begins that was asked for; none where none was."""
    found: dict[int, date] = {}
    for duty in duties:
        last = max((period.starts_on for _row, period in rows_of(session, duty)), default=None)
        if last is not None:
            found[duty.id or 0] = last
    return found


def waive_unasked(session: Session, last: Mapping[int, date], *, act: Act) -> None:
    """Ask for no window after the last that was asked for and over before an act by which the work goes on.

    Records what settling records.
    """
    for duty_id, last_on in last.items():
        rows = [
            row
            for row, period in rows_of(session, session.get_one(DutyRow, duty_id))
            if period.starts_on > last_on and period.ends_on < local_day(act.at) and not row.final
            if row.state == RowState.OPEN.value
        ]
        settle_rows(session, rows, RowState.WAIVED, cause=act.cause, reason=act.reason, actor=act.actor, at=act.at)


def rows_of(session: Session, duty: DutyRow) -> list[tuple[FormRow, PeriodRow]]:
    """Return the rows of a duty in the order of their windows, locked."""
    found = session.execute(
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(col(PeriodRow.series_id) == duty.series_id, col(FormRow.assignment_id) == duty.assignment_id)
        .order_by(col(PeriodRow.starts_on), col(FormRow.id))
        .with_for_update(of=FormRow)
    )
    return [(row, period) for row, period in found]
