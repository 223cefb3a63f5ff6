"""Series come into being with the shares of a task, and grow by one period ahead; any number of passes may run."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM, Actor
from tracker.domain.calendar import at_local, end_of_day, local_day
from tracker.domain.items import CadenceKind
from tracker.domain.reporting_events import FormOpened, OpenedRow, RowsAdded, SeriesOpened
from tracker.domain.series import DocumentFrame, FormKey, RowDuty, asked_after_deadline, row_duties, ticked_units
from tracker.domain.windows import (
    PeriodWindow,
    Reckoning,
    RowWindow,
    asked_from,
    never_late_before_asked,
    row_windows,
    running_from,
)
from tracker.steps.locking import lock_growth
from tracker.store import event_log
from tracker.store.queries.bearers import named_bearers
from tracker.store.queries.demands import Share, TaskDemands, document_frames, task_demands
from tracker.store.queries.duties import LiveDuty, live_duties
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow

# The forms that carry the tick for a unit's other shares, where it has one of them, the first that it has.
_TICK_FORMS = (CadenceKind.QUARTERLY, CadenceKind.BIMONTHLY, CadenceKind.MONTHLY)
_TICK_ONLY = CadenceKind.HALF_YEARLY
_BATCH = 25


@dataclass(frozen=True, slots=True)
class Opened:
    """How much came into being."""

    series: int
    periods: int
    rows: int

    def __add__(self, other: "Opened") -> "Opened":
        return Opened(self.series + other.series, self.periods + other.periods, self.rows + other.rows)


def open_for_tasks(
    session: Session,
    task_ids: Iterable[int],
    *,
    at: datetime,
    by: Reckoning,
    actor: Actor = SYSTEM,
    running_on: date | None = None,
    asked_on: date | None = None,
) -> Opened:
    """Open the series that the shares of tasks give rise to, with their first periods.

    Where units had their tasks before series were reckoned, `running_on` is the day whose windows they begin with;
    where the office asks for another rhythm on a day, `asked_on` is the day with which new ones begin.
    Idempotent: a series is unique by unit, document, rhythm and addressee, a duty by its share. Records SeriesOpened,
    FormOpened and RowsAdded.
    """
    session.flush()
    tasks = task_demands(session, task_ids)
    frames = document_frames(session, {task.document_id for task in tasks})
    before = _series_of(session, {task.document_id for task in tasks})
    book = _Book(session, known=before, at=at, actor=actor, by=by, running_on=running_on, asked_on=asked_on)
    ticks: dict[tuple[int, int], list[Share]] = defaultdict(list)
    for task in tasks:
        frame, _filing_on = frames[task.document_id]
        by_unit = {share.unit_id: share for share in task.shares}
        duties = row_duties(task.demands, frame)
        for duty in duties:
            if duty.unit_id in by_unit:
                book.add(task, duty, by_unit[duty.unit_id])
        for unit_id in ticked_units(task.demands, duties):
            ticks[unit_id, task.document_id].append(by_unit[unit_id])
    for (unit_id, document_id), shares in ticks.items():
        book.add_tick(unit_id, document_id, shares)
    session.flush()
    opened = extend(session, book.touched(), at=at, by=by, actor=actor)
    return Opened(book.created, 0, 0) + opened


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
    ids = list(session.execute(due).scalars())
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
    heads = {row.id: row for row in session.execute(select(SeriesRow).where(col(SeriesRow.id).in_(ids))).scalars()}
    extends: dict[int, date] = {}
    growth = _Growth(session, known)
    today = local_day(at)
    for duty in duties:
        frame, filing_on = frames[duty.document_id]
        windows = _windows_of(duty, frame, today=today, by=by, filing_on=filing_on)
        for row in windows:
            # A pass opens what should have stood before; a person's act asks from now on.
            growth.place(duty, row if actor == SYSTEM else never_late_before_asked(row, at=at, by=by))
        if windows and (ahead := windows[-1].window.starts_on) > today:
            extends[duty.series_id] = min(ahead, extends.get(duty.series_id, ahead))
    for series_id, head in heads.items():
        head.extends_on = extends.get(series_id)
    opened = growth.write()
    for event in growth.events(heads):
        event_log.record(session, event, actor=actor, at=at)
    return opened


def _windows_of(
    duty: LiveDuty, frame: DocumentFrame, *, today: date, by: Reckoning, filing_on: date | None
) -> tuple[RowWindow, ...]:
    return row_windows(
        duty.row_duty,
        duty.within(frame),
        got_on=duty.got_on,
        today=today,
        by=by,
        from_on=duty.from_on,
        filing_on=filing_on,
    )


def _series_of(session: Session, documents: set[int]) -> dict[tuple[int, int, str], SeriesRow]:
    rows = session.execute(select(SeriesRow).where(col(SeriesRow.document_id).in_(documents))).scalars()
    return {(row.unit_id, row.document_id, row.key): row for row in rows}


def series_key(form: FormKey, *, trigger_id: int | None = None) -> str:
    """Return what tells the series of one unit and document apart."""
    return "/".join([form.kind.value, form.addressee or "", f"T{trigger_id}" if trigger_id else ""]).rstrip("/")


def begin_when_asked(duty: RowDuty, share: Share, *, asked_on: date, by: Reckoning) -> tuple[date, date | None]:
    """Return with which day a duty begins that the office asks for on a day, and from when reports are wanted."""
    got_on = max(asked_on, share.got_on)
    from_on = asked_from(duty.form.kind, asked_on=got_on, from_on=share.from_on, counted=duty.counted, by=by)
    return got_on, from_on


@dataclass(slots=True)
class _Book:
    """Enters series and duties that are not there yet."""

    session: Session
    known: dict[tuple[int, int, str], SeriesRow]
    at: datetime
    actor: Actor
    by: Reckoning
    running_on: date | None = None
    asked_on: date | None = None
    created: int = 0
    _duties: list[tuple[SeriesRow, DutyRow]] = field(default_factory=list)

    def add(self, task: TaskDemands, duty: RowDuty, share: Share) -> None:
        series = self._series(duty.unit_id, task.document_id, duty.form)
        today = local_day(self.at)
        got_on = today if self.running_on is None and asked_after_deadline(duty, today=today) else share.got_on
        from_on = share.from_on or self._from_on(series, share.got_on)
        if self.asked_on is not None:
            got_on, from_on = begin_when_asked(duty, share, asked_on=self.asked_on, by=self.by)
        row = DutyRow(
            series_id=series.id or 0,
            assignment_id=share.assignment_id,
            act=duty.act,
            soft=duty.soft,
            until_on=duty.until,
            completes=duty.completes,
            statistic=duty.statistic,
            counted=duty.counted,
            got_on=got_on,
            from_on=from_on,
        )
        self._enter(series, row)

    def add_tick(self, unit_id: int, document_id: int, shares: list[Share]) -> None:
        """Give the unit one tick for all its other shares of a document, in a form it has or in one of its own."""
        keys = [(unit_id, document_id, series_key(FormKey(kind))) for kind in _TICK_FORMS]
        series = next((self.known[key] for key in keys if key in self.known), None)
        series = series or self._series(unit_id, document_id, FormKey(_TICK_ONLY))
        got_on = min(share.got_on for share in shares)
        from_on = self._from_on(series, got_on)
        self._enter(series, DutyRow(series_id=series.id or 0, assignment_id=None, got_on=got_on, from_on=from_on))

    def _from_on(self, series: SeriesRow, got_on: date) -> date | None:
        if self.running_on is None:
            return None
        return running_from(CadenceKind(series.kind), got_on=got_on, today=self.running_on)

    def touched(self) -> list[int]:
        return [series.id or 0 for series, _duty in self._duties]

    def _series(self, unit_id: int, document_id: int, form: FormKey) -> SeriesRow:
        key = (unit_id, document_id, series_key(form))
        if key not in self.known:
            row = SeriesRow(
                unit_id=unit_id,
                document_id=document_id,
                kind=form.kind.value,
                key=key[2],
                addressee=form.addressee,
                addressee_unit_id=form.addressee_unit,
            )
            self.session.add(row)
            self.session.flush()
            self.known[key] = row
            self.created += 1
            event = SeriesOpened(
                unit_id=unit_id,
                series_id=row.id or 0,
                document_id=document_id,
                kind=row.kind,
                addressee=form.addressee,
            )
            event_log.record(self.session, event, actor=self.actor, at=self.at)
        return self.known[key]

    def _enter(self, series: SeriesRow, duty: DutyRow) -> None:
        same = col(DutyRow.assignment_id) == duty.assignment_id
        if duty.assignment_id is None:
            same = col(DutyRow.assignment_id).is_(None)
        there = select(DutyRow).where(col(DutyRow.series_id) == series.id, same)
        known = self.session.execute(there).scalars().first()
        if known is None:
            self.session.add(duty)
        self._duties.append((series, known or duty))


@dataclass(slots=True)
class _Known:
    """The periods and rows that exist."""

    periods: dict[tuple[int, str], PeriodRow]
    rows: set[tuple[int, int | None]]

    @classmethod
    def load(cls, session: Session, ids: list[int]) -> "_Known":
        periods = list(session.execute(select(PeriodRow).where(col(PeriodRow.series_id).in_(ids))).scalars())
        rows = session.execute(
            select(col(FormRow.period_id), col(FormRow.assignment_id))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .where(col(PeriodRow.series_id).in_(ids))
        )
        return cls({(row.series_id, row.code): row for row in periods}, {(row[0], row[1]) for row in rows})


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
