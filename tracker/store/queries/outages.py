"""Outages that the log tells of, and the forms whose moments one strikes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from tracker.domain.cadences import EMERGENCY
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.events.calendar import OutageRecorded
from tracker.domain.events.decoding import decode_as
from tracker.domain.filings import ReportKind, ReportState
from tracker.domain.outages import Outage, Relief, relief_after
from tracker.domain.terms import Terms
from tracker.domain.windows import Reckoning
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class KnownOutage:
    """An outage that was recorded, why, by whom and when."""

    outage: Outage
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StruckForm:
    """A form of which some moment fell into an outage, with all its rows and the task of each, None of a tick."""

    period: PeriodRow
    unit_id: int
    unit_name: str
    document_number: str
    rows: tuple[tuple[FormRow, int | None], ...]


def recorded_outages(session: Session) -> list[KnownOutage]:
    """Return the recorded outages, the latest record first."""
    told = session.execute(
        select(col(EventRow.payload), col(EventRow.actor), col(EventRow.occurred_at))
        .where(col(EventRow.type) == OutageRecorded.type)
        .order_by(col(EventRow.seq).desc())
    )
    found = []
    for payload, actor, at in told:
        recorded = decode_as(OutageRecorded, json.loads(payload))
        found.append(KnownOutage(Outage(recorded.from_at, recorded.until_at), recorded.reason, actor, at))
    return found


def recorded_reliefs(session: Session, *, by: Reckoning) -> tuple[Relief, ...]:
    """Return what the recorded outages move."""
    known = [one.outage for one in recorded_outages(session)]
    return tuple(relief_after(one, calendar=by.calendar, workdays=by.policy.outage_workdays) for one in known)


def terms(session: Session, *, by: Reckoning) -> Terms:
    """Return what terms are counted with as far as outages are recorded."""
    return Terms(by.calendar, recorded_reliefs(session, by=by))


def struck_periods(session: Session, reliefs: Sequence[Relief]) -> list[int]:
    """Return the forms with a moment that outages move, in order of their ids; the clocks of emergencies stay."""

    def struck(due_at: Any) -> ColumnElement[bool]:  # Any: a column of times, or of times or nothing
        return or_(*(and_(due_at > one.after, due_at <= one.until) for one in reliefs))

    of_rows = select(col(FormRow.period_id)).where(
        or_(struck(col(FormRow.due_at)), struck(col(FormRow.correction_due_at)))
    )
    whole = select(col(PeriodRow.id)).where(struck(col(PeriodRow.due_at)))
    wanted = (
        select(col(PeriodRow.id))
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .where(
            col(PeriodRow.id).in_(whole.union(of_rows)),
            col(SeriesRow.trigger_id).is_(None) | ~is_one_of(col(SeriesRow.kind), *sorted(EMERGENCY)),
        )
        .order_by(col(PeriodRow.id))
    )
    return list(session.scalars(wanted))


def struck_forms(session: Session, period_ids: Iterable[int]) -> list[StruckForm]:
    """Return forms with their rows, in order of their ids."""
    wanted = sorted(period_ids)
    found = []
    for start in range(0, len(wanted), _CHUNK):
        ids = wanted[start : start + _CHUNK]
        rows = _rows(session, ids)
        heads = session.execute(
            select(PeriodRow, col(UnitRow.id), col(UnitRow.short_name), col(DocumentRow.number))
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
            .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
            .where(col(PeriodRow.id).in_(ids))
            .order_by(col(PeriodRow.id))
        )
        found += [
            StruckForm(period, unit_id, unit_name, number, tuple(rows.get(period.id or 0, ())))
            for period, unit_id, unit_name, number in heads
        ]
    return found


def struck_completions(session: Session, relief: Relief) -> list[ReportRow]:
    """Return the returned completions without a row whose last day for a correction an outage moves, read anew."""
    wanted = (
        select(ReportRow)
        .where(col(ReportRow.state) == ReportState.RETURNED.value, col(ReportRow.row_id).is_(None))
        .where(col(ReportRow.kind) == ReportKind.COMPLETION.value, col(ReportRow.correct_by) >= local_day(relief.after))
        .order_by(col(ReportRow.id))
        .execution_options(populate_existing=True)
    )
    found = session.scalars(wanted)
    return [row for row in found if row.correct_by is not None and relief.moves(end_of_day(row.correct_by))]


def _rows(session: Session, period_ids: list[int]) -> dict[int, list[tuple[FormRow, int | None]]]:
    found: dict[int, list[tuple[FormRow, int | None]]] = {}
    rows = session.execute(
        select(FormRow, col(AssignmentRow.task_id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(col(FormRow.period_id).in_(period_ids))
        .order_by(col(FormRow.id))
    )
    for row, task_id in rows:
        found.setdefault(row.period_id, []).append((row, task_id))
    return found
