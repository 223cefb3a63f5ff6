"""Imported holiday notices, and the moments that a calendar has set and another may move."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, label, select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.calendar_changes import GRACE, RESET, RETURNED, Clock
from tracker.domain.events.decoding import decode, decode_as
from tracker.domain.events.forms import DueMoved, RowsReset
from tracker.domain.events.reports import ReportSentBack
from tracker.domain.holidays import DaysOff, HolidayNotice
from tracker.domain.owed import RowState
from tracker.store.tables.calendar import CalendarYearRow
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    """A period that still awaits rows, with what its form is called."""

    period: PeriodRow
    kind: str
    unit_id: int
    unit_name: str
    document_number: str


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An unreported row with a moment of its own that nobody has asked to move."""

    row: FormRow
    of: OpenPeriod
    task_id: int | None


@dataclass(frozen=True, slots=True)
class ClockedRow:
    """A row with the future moment that an act gave it: its own, or its correction's."""

    row: OpenRow
    clock: Clock
    due_at: datetime
    correction: bool

    @property
    def of(self) -> OpenPeriod:
        return self.row.of

    def within(self, own_at: datetime) -> Clock:
        """Return the clock where the row's own moment is `own_at`: a correction never ends before it."""
        return replace(self.clock, floor=own_at) if self.clock.cause == RETURNED else self.clock


@dataclass(frozen=True, slots=True)
class MovedMoment:
    """What the log says of a moment that a calendar or an outage moved.

    `awaited` where a report, or the correction of one, is still to be made by it.
    """

    unit_id: int
    document_number: str
    code: str
    old_due_at: datetime
    new_due_at: datetime
    correction: bool
    awaited: bool


def calendar_stamp(session: Session) -> tuple[int, datetime | None]:
    """Return what changes with every import: how many years were imported, and when the last one was."""
    count, last = session.execute(select(func.count(), func.max(col(CalendarYearRow.imported_at)))).one()
    return count, last


def imported_years(session: Session) -> list[CalendarYearRow]:
    """Return the imported years in order."""
    return list(session.scalars(_YEARS))


def lock_imported_years(session: Session) -> list[CalendarYearRow]:
    """Return the imported years in order, and keep other imports off them until the transaction ends."""
    return list(session.scalars(_YEARS.with_for_update()))


def imported_notices(session: Session) -> tuple[HolidayNotice, ...]:
    """Return the imported notices."""
    return tuple(_notice(row) for row in imported_years(session))


def days_of(notice: HolidayNotice) -> dict[str, object]:
    """Return a notice's days as JSON values, in the shape of `config/calendar.toml`."""
    return {
        "holidays": [
            {"from": off.first_on.isoformat(), "to": off.last_on.isoformat(), "name": off.name}
            for off in notice.holidays
        ],
        "workdays": [day.isoformat() for day in notice.make_ups],
    }


def open_periods(session: Session, *, now: datetime) -> list[OpenPeriod]:
    """Return the periods whose future moment the calendar set, not an event and nobody's decision."""
    awaits = select(col(FormRow.id)).where(
        col(FormRow.period_id) == col(PeriodRow.id), col(FormRow.state) == RowState.OPEN.value
    )
    wanted = (
        _with_names(select(PeriodRow, *_NAMES))
        .where(col(PeriodRow.due_at) > now, col(PeriodRow.scheduled_at) == col(PeriodRow.due_at), awaits.exists())
        .order_by(col(PeriodRow.due_at), col(PeriodRow.id))
    )
    return [_open_period(line) for line in session.execute(wanted)]


def open_rows(session: Session, *, now: datetime) -> list[OpenRow]:
    """Return the unreported rows with a future moment of their own and no request on it."""
    wanted = (
        _with_names(select(FormRow, col(AssignmentRow.task_id), PeriodRow, *_NAMES))
        .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(col(FormRow.state) == RowState.OPEN.value, col(FormRow.due_at) > now, col(FormRow.pending_at).is_(None))
        .order_by(col(FormRow.due_at), col(FormRow.id))
    )
    return [_open_row(line) for line in session.execute(wanted)]


def clocked_rows(session: Session, *, now: datetime) -> list[ClockedRow]:
    """Return the rows with a future moment that the log shows to count working days from an act, and no request on it.

    The latest event that gave the moment says from which; a calendar published in between only moved it.
    """
    wanted = (
        _with_names(select(FormRow, col(AssignmentRow.task_id), PeriodRow, *_NAMES))
        .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(
            (col(FormRow.state) == RowState.RETURNED.value) & (col(FormRow.correction_due_at) > now)
            | (col(FormRow.state) == RowState.OPEN.value) & (col(FormRow.due_at) > now),
            col(FormRow.pending_at).is_(None),
        )
        .order_by(col(FormRow.id))
    )
    rows = [_open_row(line) for line in session.execute(wanted)]
    clocks = _clocks(session, {row.task_id for row in rows if row.task_id is not None})
    return [clocked for row in rows if (clocked := _clocked(row, clocks)) is not None]


def _clocked(row: OpenRow, clocks: Mapping[tuple[int | None, bool], Clock]) -> ClockedRow | None:
    correction = row.row.state == RowState.RETURNED.value
    due_at = row.row.correction_due_at if correction else row.row.due_at
    clock = clocks.get((row.row.id, correction))
    return None if clock is None or due_at is None else ClockedRow(row, clock, due_at, correction)


def _clocks(session: Session, task_ids: set[int]) -> dict[tuple[int | None, bool], Clock]:
    """Return what set the moments of rows, and of their corrections, where it counts working days from an act."""
    acts = (ReportSentBack.type, DueMoved.type, RowsReset.type)
    found: dict[tuple[int | None, bool], Clock] = {}
    wanted = sorted(task_ids)
    for start in range(0, len(wanted), _CHUNK):
        told = session.execute(
            select(col(EventRow.type), col(EventRow.occurred_at), col(EventRow.payload))
            .where(col(EventRow.type).in_(acts), col(EventRow.task_id).in_(wanted[start : start + _CHUNK]))
            .order_by(col(EventRow.seq))
        )
        for kind, at, payload in told:
            match decode(kind, json.loads(payload)):
                case RowsReset(rows=rows):
                    found |= {(row.row_id, False): Clock(RESET, local_day(at)) for row in rows}
                case ReportSentBack(row_id=row_id):
                    found[row_id, True] = Clock(RETURNED, local_day(at))
                case DueMoved() as moved if moved.cause != "calendar":
                    floor = moved.old_due_at if moved.cause == GRACE else None
                    found[moved.row_id, moved.correction] = Clock(moved.cause, local_day(at), floor)
    return found


def moved_by(session: Session, *, after: int, count: int) -> dict[int, list[MovedMoment]]:
    """Return what a publication or an outage moved, by unit: so many events follow it in its transaction.

    `after` is its number in the log.
    """
    rows = session.execute(
        select(col(EventRow.unit_id), col(EventRow.payload))
        .where(col(EventRow.seq) > after, col(EventRow.seq) <= after + count)
        .order_by(col(EventRow.seq))
    ).all()
    told = [(unit_id, decode_as(DueMoved, json.loads(payload))) for unit_id, payload in rows]
    forms = _forms(session, {moved.period_id for _unit_id, moved in told})
    awaited = _awaited(session, set(forms))
    found: dict[int, list[MovedMoment]] = defaultdict(list)
    for unit_id, moved in told:
        number, code = forms[moved.period_id]
        waits = (moved.period_id, moved.row_id, moved.correction) in awaited
        moment = MovedMoment(unit_id, number, code, moved.old_due_at, moved.new_due_at, moved.correction, waits)
        found[unit_id].append(moment)
    return found


_YEARS = select(CalendarYearRow).order_by(col(CalendarYearRow.year))
_NAMES = (
    col(SeriesRow.kind),
    label("unit_id", col(UnitRow.id)),
    label("unit_name", col(UnitRow.short_name)),
    label("document_number", col(DocumentRow.number)),
)
_CHUNK = 500


def _open_row(line: Any) -> OpenRow:  # Any: a row of the statements above
    return OpenRow(row=line.FormRow, of=_open_period(line), task_id=line.task_id)


def _open_period(line: Any) -> OpenPeriod:  # Any: a row of the statements above
    return OpenPeriod(
        period=line.PeriodRow,
        kind=line.kind,
        unit_id=line.unit_id,
        unit_name=line.unit_name,
        document_number=line.document_number,
    )


def _with_names(wanted: Any) -> Any:  # Any: a statement of any columns
    return (
        wanted.select_from(PeriodRow)
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
        .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
        .where(col(SeriesRow.trigger_id).is_(None))
    )


def _forms(session: Session, period_ids: set[int]) -> dict[int, tuple[str, str]]:
    wanted = sorted(period_ids)
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(wanted), _CHUNK):
        rows = session.execute(
            select(col(PeriodRow.id), col(DocumentRow.number), col(PeriodRow.code))
            .select_from(PeriodRow)
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
            .where(col(PeriodRow.id).in_(wanted[start : start + _CHUNK]))
        )
        found |= {period_id: (number, code) for period_id, number, code in rows}
    return found


def _awaited(session: Session, period_ids: set[int]) -> set[tuple[int, int | None, bool]]:
    """Return by which moments of these periods something is to be reported: the form's (None), a row's, a correction's.

    A moment is a period, a row and whether it is the row's correction that it ends.
    """
    wanted = sorted(period_ids)
    found: set[tuple[int, int | None, bool]] = set()
    for start in range(0, len(wanted), _CHUNK):
        rows = session.execute(
            select(col(FormRow.period_id), col(FormRow.id), col(FormRow.due_at), col(FormRow.state)).where(
                col(FormRow.period_id).in_(wanted[start : start + _CHUNK]),
                (col(FormRow.state) == RowState.RETURNED.value)
                | (col(FormRow.state) == RowState.OPEN.value) & col(FormRow.required),
            )
        )
        for period_id, row_id, own, state in rows:
            correction = state == RowState.RETURNED.value
            found.add((period_id, row_id if correction or own is not None else None, correction))
    return found


def _notice(row: CalendarYearRow) -> HolidayNotice:
    days: Any = row.days  # Any: JSON that `days_of` wrote
    return HolidayNotice(
        year=row.year,
        source=row.source,
        issued_on=row.issued_on,
        holidays=tuple(
            DaysOff(date.fromisoformat(off["from"]), date.fromisoformat(off["to"]), off["name"])
            for off in days["holidays"]
        ),
        make_ups=tuple(date.fromisoformat(day) for day in days["workdays"]),
    )
