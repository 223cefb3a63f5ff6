"""Series grow by one period ahead: what should exist by now comes into being; any number of passes may run."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM, Actor
from tracker.domain.calendar import at_local, end_of_day, local_day
from tracker.domain.events.forms import FormOpened, OpenedRow, RowsAdded
from tracker.domain.series import DocumentFrame
from tracker.domain.windows import (
    PeriodWindow,
    Reckoning,
    RowWindow,
    never_late_before_asked,
    row_windows,
)
from tracker.steps.locking import lock_growth
from tracker.store import event_log
from tracker.store.queries.bearers import named_bearers
from tracker.store.queries.demands import document_frames
from tracker.store.queries.duties import LiveDuty, live_duties
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow

_BATCH = 25


@dataclass(frozen=True, slots=True)
class Opened:
    """How much came into being."""

    series: int
    periods: int
    rows: int

    def __add__(self, other: "Opened") -> "Opened":
        return Opened(self.series + other.series, self.periods + other.periods, self.rows + other.rows)


def extend_due(session: Session, *, now: datetime, by: Reckoning, limit: int = _BATCH) -> Opened | None:
    """Make the next periods of at most `limit` series whose period ahead has begun; None where there is nothing to do.

    Idempotent: a series that was extended waits for its next period ahead.
    """
    due = (
        select(col(SeriesRow.id))
        .where(
            col(SeriesRow.extends_on).is_not(None),
            col(SeriesRow.extends_on) <= local_day(now),
            col(SeriesRow.trigger_id).is_(None),
        )
        .order_by(col(SeriesRow.extends_on), col(SeriesRow.id))
        .limit(limit)
    )
    ids = [id_ or 0 for id_ in session.scalars(due)]
    lock_growth(session, ids)
    return extend(session, ids, at=now, by=by) if ids else None


def extend(
    session: Session, series_ids: Iterable[int], *, at: datetime, by: Reckoning, actor: Actor = SYSTEM
) -> Opened:
    """Give series the periods and rows that should exist by now and do not; records FormOpened and RowsAdded.

    A form that was filed is frozen: rows that come later enter the next one.
    """
    ids = sorted(set(series_ids))
    duties = live_duties(session, ids)
    frames = document_frames(session, {duty.document_id for duty in duties})
    known = _Known.load(session, ids)
    heads = {row.id: row for row in session.scalars(select(SeriesRow).where(col(SeriesRow.id).in_(ids)))}
    extends: dict[int, date] = {}
    growth = _Growth(session, known)
    today = local_day(at)
    for duty in duties:
        frame, filing_on = frames[duty.document_id]
        windows = windows_of(duty, frame, today=today, by=by, filing_on=filing_on)
        for row in windows:
            # A pass opens what should have stood before; a person's act asks from now on.
            growth.place(duty, row if actor == SYSTEM else never_late_before_asked(row, at=at, by=by))
        if windows and (ahead := windows[-1].window.starts_on) > today:
            extends[duty.series_id] = min(ahead, extends.get(duty.series_id, ahead))
    for series_id, head in heads.items():
        head.extends_on = extends.get(series_id or 0)
    opened = growth.write()
    for event in growth.events(heads):
        event_log.record(session, event, actor=actor, at=at)
    return opened


def windows_of(
    duty: LiveDuty, frame: DocumentFrame, *, today: date, by: Reckoning, filing_on: date | None
) -> tuple[RowWindow, ...]:
    """Return the windows of a live duty that should have rows by a day."""
    return row_windows(
        duty.row_duty,
        duty.within(frame),
        got_on=duty.got_on,
        today=today,
        by=by,
        from_on=duty.from_on,
        filing_on=filing_on,
    )


@dataclass(slots=True)
class _Known:
    """The periods and rows that exist."""

    periods: dict[tuple[int, str], PeriodRow]
    rows: set[tuple[int, int | None]]

    @classmethod
    def load(cls, session: Session, ids: list[int]) -> "_Known":
        periods = list(session.scalars(select(PeriodRow).where(col(PeriodRow.series_id).in_(ids))))
        rows = session.execute(
            select(col(FormRow.period_id), col(FormRow.assignment_id))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .where(col(PeriodRow.series_id).in_(ids))
        )
        taken = {(period_id, assignment_id) for period_id, assignment_id in rows}
        return cls({(row.series_id, row.code): row for row in periods}, taken)


@dataclass(slots=True)
class _Growth:
    """Collects new periods and rows, then writes them in two statements."""

    session: Session
    known: _Known
    _new: dict[tuple[int, str], PeriodRow] = field(default_factory=dict)
    _rows: list[tuple[PeriodRow, LiveDuty, RowWindow]] = field(default_factory=list)
    _written: dict[int, list[tuple[FormRow, int | None]]] = field(default_factory=lambda: defaultdict(list))

    def place(self, duty: LiveDuty, row: RowWindow) -> None:
        key = (duty.series_id, row.window.code)
        period = self.known.periods.get(key) or self._new.get(key)
        if period is None:
            period = self._new[key] = period_row(duty.series_id, row.window)
        elif (period.id, duty.assignment_id) in self.known.rows or (period.frozen_at is not None and not row.final):
            return
        self._rows.append((period, duty, row))

    def write(self) -> Opened:
        self.session.add_all(self._new.values())
        self.session.flush()
        for period, duty, window in self._rows:
            row = FormRow(
                period_id=period.id or 0,
                assignment_id=duty.assignment_id,
                required=duty.assignment_id is not None or duty.tick_only,
                act=duty.row_duty.act,
                soft=duty.row_duty.soft,
                final=window.final,
                due_at=end_of_day(window.due_on) if window.due_on else None,
                pending_at=duty.held_at,
            )
            self._written[row.period_id].append((row, duty.task_id))
        rows = [row for written in self._written.values() for row, _task in written]
        self.session.add_all(rows)
        self.session.flush()
        return Opened(0, len(self._new), len(rows))

    def events(self, heads: Mapping[int | None, SeriesRow]) -> Iterator[FormOpened | RowsAdded]:
        fresh = {period.id for period in self._new.values()}
        periods = {period.id: period for period, _duty, _window in self._rows}
        named = named_bearers(self.session, {duty.task_id for _period, duty, _window in self._rows if duty.task_id})
        for period_id, written in self._written.items():
            period = periods[period_id]
            unit_id = heads[period.series_id].unit_id
            rows = tuple(opened_row(row, task_id, named=(task_id, unit_id) in named) for row, task_id in written)
            if period_id not in fresh:
                yield RowsAdded(unit_id=unit_id, series_id=period.series_id, period_id=period_id, rows=rows)
                continue
            yield FormOpened(
                unit_id=unit_id,
                series_id=period.series_id,
                period_id=period_id,
                code=period.code,
                starts_on=period.starts_on,
                ends_on=period.ends_on,
                opens_at=period.opens_at,
                due_at=period.due_at,
                rows=rows,
            )


def period_row(series_id: int, window: PeriodWindow) -> PeriodRow:
    """Return a window of a series as a row."""
    due_at = end_of_day(window.due_on)
    return PeriodRow(
        series_id=series_id,
        code=window.code,
        starts_on=window.starts_on,
        ends_on=window.ends_on,
        opens_at=at_local(window.opens_on, 0, 0),
        scheduled_at=due_at,
        due_at=due_at,
    )


def opened_row(row: FormRow, task_id: int | None, *, named: bool = False) -> OpenedRow:
    """Return a row as the event that brings it tells it."""
    return OpenedRow(
        row_id=row.id or 0,
        assignment_id=row.assignment_id,
        task_id=task_id,
        required=row.required,
        act=row.act,
        soft=row.soft,
        final=row.final,
        due_at=row.due_at,
        pending_at=row.pending_at,
        named=named,
    )
