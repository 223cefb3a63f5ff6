"""Rows accepted as reports on something else in the window of a deadline, by which nobody was asked to complete."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select, text
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.filings import ReportKind, ReportState
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TaskState
from tracker.domain.owed import RowState
from tracker.domain.windows import CLOSING
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import IS_UNASKED, DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_ASKABLE = (TaskState.ISSUED.value, TaskState.IN_PROGRESS.value, TaskState.RETURNED.value)
_STILL_ASKS = (RowState.OPEN.value, RowState.FILED.value, RowState.RETURNED.value)


def series_with_unasked(session: Session, series_ids: Sequence[int]) -> set[int]:
    """Return which of the series have such a row, whatever became of its task: what `series.unasked` keeps."""
    found = _ROWS.with_only_columns(col(DutyRow.series_id)).where(col(DutyRow.series_id).in_(series_ids))
    return set(session.scalars(found))


def unasked_rows(session: Session, *, limit: int) -> list[tuple[FormRow, int]]:
    """Return at most `limit` such rows of work that goes on, with their series, where no other row asks their share."""
    # A join would let the planner of SQLite begin with all the tasks that go on; that of PostgreSQL thinks for 15 ms.
    flagged = select(col(SeriesRow.id)).where(text(IS_UNASKED))
    if session.scalars(flagged.limit(1)).first() is None:
        return []
    wanted = (
        _ROWS.join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(DutyRow.series_id).in_(flagged),
            is_one_of(col(TaskRow.state), *_ASKABLE),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
            ~_another_row_asks(),
        )
        .order_by(col(FormRow.id))
        .limit(limit)
    )
    return [(row, series_id) for row, series_id in session.execute(wanted).all()]


def _was_accepted(kind: ReportKind) -> ColumnElement[bool]:
    return exists().where(
        col(ReportRow.row_id) == col(FormRow.id),
        col(ReportRow.state) == ReportState.ACCEPTED.value,
        col(ReportRow.kind) == kind.value,
    )


def _another_row_asks() -> ColumnElement[bool]:
    other, its_period = aliased(FormRow), aliased(PeriodRow)
    return exists(
        select(col(other.id))
        .join(its_period, col(its_period.id) == col(other.period_id))
        .where(
            col(other.assignment_id) == col(FormRow.assignment_id),
            col(other.final).is_(True),
            col(other.state).in_(_STILL_ASKS),
            col(its_period.code) != CLOSING,
        )
    )


_ROWS = (
    select(FormRow, col(DutyRow.series_id))
    .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
    .join(
        DutyRow,
        (col(DutyRow.series_id) == col(PeriodRow.series_id))
        & (col(DutyRow.assignment_id) == col(FormRow.assignment_id)),
    )
    .where(
        col(DutyRow.completes).is_(True),
        col(DutyRow.ended_at).is_(None),
        col(DutyRow.until_on) >= col(PeriodRow.starts_on),
        col(DutyRow.until_on) <= col(PeriodRow.ends_on),
        col(FormRow.state) == RowState.ACCEPTED.value,
        _was_accepted(ReportKind.PROGRESS),
        ~_was_accepted(ReportKind.COMPLETION),
    )
)
