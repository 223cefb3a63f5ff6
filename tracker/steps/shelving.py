"""Where a legacy period belongs among the series: the series of its share, the window, the row."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM
from tracker.domain.cadences import RHYTHMS, Span
from tracker.domain.calendar import at_local, local_day
from tracker.domain.events.forms import SeriesOpened
from tracker.domain.items import CadenceKind
from tracker.domain.legacy import LegacyPeriod
from tracker.domain.series import FormKey
from tracker.domain.windows import PeriodWindow, Reckoning, window_about
from tracker.steps.growing import period_row
from tracker.steps.opening import series_key
from tracker.store import event_log
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow

_LONG = (CadenceKind.QUARTERLY, CadenceKind.MONTHLY, CadenceKind.BIMONTHLY, CadenceKind.HALF_YEARLY)


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of one legacy period; `duty` is None where the share has no required row in the series."""

    series: SeriesRow
    duty: DutyRow | None
    window: PeriodWindow
    same_rhythm: bool

    @property
    def key(self) -> tuple[int, str]:
        return self.series.id or 0, self.window.code


@dataclass(slots=True)
class Shelf:
    """All series with their duties, periods and rows, loaded once."""

    session: Session
    now: datetime
    by: Reckoning
    series: dict[tuple[int, int, str], SeriesRow] = field(default_factory=dict)
    periods: dict[tuple[int, str], PeriodRow] = field(default_factory=dict)
    rows: dict[tuple[int, int | None], FormRow] = field(default_factory=dict)
    _duties: dict[int, list[tuple[SeriesRow, DutyRow]]] = field(default_factory=lambda: defaultdict(list))
    _ticks: dict[tuple[int, int], SeriesRow] = field(default_factory=dict)
    _windows: dict[tuple[CadenceKind, date, date], PeriodWindow] = field(default_factory=dict)

    @classmethod
    def load(cls, session: Session, *, now: datetime, by: Reckoning) -> "Shelf":
        """Read what has been opened."""
        shelf = cls(session, now, by)
        heads = {row.id: row for row in session.scalars(select(SeriesRow).order_by(col(SeriesRow.id)))}
        for row in heads.values():
            shelf.series[row.unit_id, row.document_id, row.key] = row
        for duty in session.scalars(select(DutyRow).order_by(col(DutyRow.id))):
            head = heads[duty.series_id]
            if duty.assignment_id is None:
                shelf._ticks[head.unit_id, head.document_id] = head
            else:
                shelf._duties[duty.assignment_id].append((head, duty))
        for period in session.scalars(select(PeriodRow)):
            shelf.periods[period.series_id, period.code] = period
        for form_row in session.scalars(select(FormRow)):
            shelf.rows[form_row.period_id, form_row.assignment_id] = form_row
        return shelf

    def find(self, legacy: LegacyPeriod) -> Spot | None:
        """Return where a period belongs among what is there: its share's own rhythm, else another, else the tick's."""
        kind = RHYTHMS[legacy.kind].series
        if kind is None:
            return None
        mine = self._duties[legacy.assignment_id]
        same = next(((head, duty) for head, duty in mine if head.kind == kind.value), None)
        other = next(((head, duty) for head, duty in mine if CadenceKind(head.kind) in _LONG), None)
        if (known := same or other) is not None:
            head, duty = known
            return self._spot(head, duty, legacy)
        tick = self._ticks.get((legacy.unit_id, legacy.document_id))
        return self._spot(tick, None, legacy) if tick is not None else None

    def make(self, legacy: LegacyPeriod) -> Spot:
        """Return where a period belongs that must go on, with a series of its own where there is none yet."""
        kind = RHYTHMS[legacy.kind].series or legacy.kind
        trigger_id = int(legacy.code.removeprefix("T")) if legacy.is_event_bound else None
        key = series_key(FormKey(kind))
        if trigger_id is not None:
            key = f"{kind.value}/T{trigger_id}/A{legacy.assignment_id}"
        at = (legacy.unit_id, legacy.document_id, key)
        if at not in self.series:
            self.series[at] = self._open(legacy, kind, key=key, trigger_id=trigger_id)
        return self._spot(self.series[at], None, legacy)

    def period(self, spot: Spot, legacy: LegacyPeriod) -> PeriodRow:
        """Return the form of a window, a new one where it is not there; a clock's form has the clock's moment."""
        if spot.key not in self.periods:
            row = period_row(spot.series.id or 0, spot.window)
            if legacy.is_event_bound and legacy.due_at is not None:
                row.code, row.opens_at = legacy.code, at_local(legacy.starts_on, 0, 0)
                row.scheduled_at = row.due_at = legacy.due_at
            self.session.add(row)
            self.session.flush()
            self.periods[spot.key] = row
        return self.periods[spot.key]

    def _spot(self, head: SeriesRow, duty: DutyRow | None, legacy: LegacyPeriod) -> Spot:
        kind = CadenceKind(head.kind)
        same = (RHYTHMS[legacy.kind].series or legacy.kind) is kind
        today = local_day(self.now)
        span = Span(legacy.starts_on, legacy.ends_on)
        if not same and legacy.ends_on >= today:
            span = Span(today, today)
        at = (kind, span.starts_on, span.ends_on)
        if at not in self._windows:
            self._windows[at] = window_about(kind, span, by=self.by)
        return Spot(head, duty, self._windows[at], same)

    def _open(self, legacy: LegacyPeriod, kind: CadenceKind, *, key: str, trigger_id: int | None) -> SeriesRow:
        row = SeriesRow(
            unit_id=legacy.unit_id, document_id=legacy.document_id, kind=kind.value, key=key, trigger_id=trigger_id
        )
        self.session.add(row)
        self.session.flush()
        event = SeriesOpened(
            unit_id=row.unit_id,
            series_id=row.id or 0,
            document_id=row.document_id,
            kind=row.kind,
            trigger_id=trigger_id,
        )
        event_log.record(self.session, event, actor=SYSTEM, at=self.now)
        return row
