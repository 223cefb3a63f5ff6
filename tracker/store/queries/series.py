"""Series as the predicate of `domain.owed` sees them, built from rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, label, select
from sqlmodel import Session, col

from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING
from tracker.domain.owed import PeriodView, RowState, RowView, SeriesView
from tracker.store.queries.requests import is_held
from tracker.store.rows import as_views
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.series import OPEN_ROW, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_OWING = frozenset(state.value for state in TASK_OWING)
_ENDED = frozenset(state.value for state in ASSIGNMENT_ENDED)
_CHUNK = 500


def series_views(session: Session, ids: Iterable[int], *, open_only: bool = False) -> list[SeriesView]:
    """Return series with their periods and rows, periods in order of time.

    With `open_only` rows that have ended are left out, and periods without any other: enough to say what is owed,
    at a cost that does not grow with what is closed.
    """
    found: list[SeriesView] = []
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = session.execute(_OPEN_OF_SERIES if open_only else _OF_SERIES, {"ids": chunk})
        periods = _periods(as_views(_Line, rows))
        for series_id, unit_id, document_id, kind in session.execute(_HEADS, {"ids": chunk}):
            found.append(
                SeriesView(
                    series_id=series_id,
                    unit_id=unit_id,
                    document_id=document_id,
                    kind=CadenceKind(kind),
                    periods=tuple(periods.get(series_id, ())),
                )
            )
    return found


def rows_of_task(session: Session, *, task_id: int) -> list[tuple[int, int, RowView]]:
    """Return every row of a task with the ids of its series and its period, in order of time."""
    rows = session.execute(_ALL_ROWS.where(col(AssignmentRow.task_id) == task_id))
    return [(line.series_id, line.period_id, line.row()) for line in as_views(_Line, rows)]


def period_view(session: Session, *, period_id: int) -> PeriodView | None:
    """Return a period with all its rows; None where it has none."""
    lines = as_views(_Line, session.execute(_OF_PERIOD, {"period_id": period_id}))
    return next((period for periods in _periods(lines).values() for period in periods), None)


def row_view(session: Session, *, row_id: int) -> tuple[PeriodView, RowView]:
    """Return a row that exists, with its period and the rows beside it."""
    same = select(col(FormRow.period_id)).where(col(FormRow.id) == row_id).scalar_subquery()
    lines = as_views(_Line, session.execute(_ALL_ROWS.where(col(PeriodRow.id) == same)))
    [[period]] = _periods(lines).values()
    return period, next(row for row in period.rows if row.row_id == row_id)


@dataclass(frozen=True, slots=True)
class _Line:
    series_id: int
    period_id: int
    code: str
    opens_at: datetime
    period_due_at: datetime
    row_id: int
    task_id: int | None
    state: str
    row_due_at: datetime | None
    required: bool
    act: bool
    soft: bool
    final: bool
    correction_due_at: datetime | None
    filed_at: datetime | None
    late: bool | None
    pending_at: datetime | None
    held: bool
    task_state: str | None
    assignment_state: str | None

    def row(self) -> RowView:
        live = self.task_state is None or (self.task_state in _OWING and self.assignment_state not in _ENDED)
        return RowView(
            row_id=self.row_id,
            task_id=self.task_id,
            state=RowState(self.state),
            due_at=self.row_due_at or self.period_due_at,
            required=self.required,
            act=self.act,
            soft=self.soft,
            final=self.final,
            correction_due_at=self.correction_due_at,
            filed_at=self.filed_at,
            late=self.late,
            pending=self.pending_at is not None,
            held=bool(self.held),
            live=live,
        )


def _rows() -> Select[*tuple[Any, ...]]:  # Any: the columns fill a typed row at once
    return (
        select(
            col(PeriodRow.series_id),
            label("period_id", col(PeriodRow.id)),
            col(PeriodRow.code),
            col(PeriodRow.opens_at),
            label("period_due_at", col(PeriodRow.due_at)),
            label("row_id", col(FormRow.id)),
            col(AssignmentRow.task_id),
            col(FormRow.state),
            label("row_due_at", col(FormRow.due_at)),
            col(FormRow.required),
            col(FormRow.act),
            col(FormRow.soft),
            col(FormRow.final),
            col(FormRow.correction_due_at),
            col(FormRow.filed_at),
            col(FormRow.late),
            col(FormRow.pending_at),
            is_held().label("held"),
            label("task_state", col(TaskRow.state)),
            label("assignment_state", col(AssignmentRow.state)),
        )
        .select_from(PeriodRow)
        .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .order_by(col(PeriodRow.series_id), col(PeriodRow.due_at), col(PeriodRow.id), col(FormRow.id))
    )


# Every act asks these: building them anew would cost as much as their answers.
_ALL_ROWS = _rows()
_OF_PERIOD = _ALL_ROWS.where(col(PeriodRow.id) == bindparam("period_id"))
_OF_SERIES = _ALL_ROWS.where(col(PeriodRow.series_id).in_(bindparam("ids", expanding=True)))
_OPEN_OF_SERIES = _OF_SERIES.where(is_one_of(col(FormRow.state), *OPEN_ROW))
_HEADS = (
    select(col(SeriesRow.id), col(SeriesRow.unit_id), col(SeriesRow.document_id), col(SeriesRow.kind))
    .where(col(SeriesRow.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(SeriesRow.id))
)


def _periods(lines: Iterable[_Line]) -> dict[int, list[PeriodView]]:
    by_period: dict[int, list[_Line]] = defaultdict(list)
    for line in lines:
        by_period[line.period_id].append(line)
    found: dict[int, list[PeriodView]] = defaultdict(list)
    for period_id, mine in by_period.items():
        first = mine[0]
        found[first.series_id].append(
            PeriodView(
                period_id=period_id,
                code=first.code,
                opens_at=first.opens_at,
                due_at=first.period_due_at,
                rows=tuple(line.row() for line in mine),
            )
        )
    return found
