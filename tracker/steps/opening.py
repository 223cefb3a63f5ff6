"""Series come into being with the shares of a task."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM, Actor
from tracker.domain.calendar import local_day
from tracker.domain.events.forms import SeriesOpened
from tracker.domain.items import CadenceKind
from tracker.domain.series import FormKey, RowDuty, asked_after_deadline, row_duties, ticked_units
from tracker.domain.windows import (
    Reckoning,
    asked_from,
    running_from,
)
from tracker.steps.asked_windows import running_tick
from tracker.steps.growing import Opened, extend
from tracker.store import event_log
from tracker.store.queries.demands import Share, TaskDemands, document_frames, task_demands
from tracker.store.tables.series import DutyRow, SeriesRow

# The forms that carry the tick for a unit's other shares, where it has one of them, the first that it has.
_TICK_FORMS = (CadenceKind.QUARTERLY, CadenceKind.BIMONTHLY, CadenceKind.MONTHLY)
_TICK_ONLY = CadenceKind.HALF_YEARLY


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


def _series_of(session: Session, documents: set[int]) -> dict[tuple[int, int, str], SeriesRow]:
    rows = session.scalars(select(SeriesRow).where(col(SeriesRow.document_id).in_(documents)))
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
        """Give the unit one tick for all its other shares of a document, in a form it has or in one of its own.

        Where it ticks already it goes on doing so.
        """
        if (tick := running_tick(self.session, unit_id, document_id)) is not None:
            self._duties.append((self.session.get_one(SeriesRow, tick.series_id), tick))
            return
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
        known = self.session.scalars(there).first()
        if known is None:
            self.session.add(duty)
        self._duties.append((series, known or duty))
