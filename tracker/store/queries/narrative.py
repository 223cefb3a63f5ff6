"""Earlier narrative rows that a later account of the same share ends."""

from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.filings import ReportState
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING
from tracker.domain.owed import RowState
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def earlier_narrative_rows(session: Session, *, filing_id: int, period: PeriodRow, now: datetime) -> list[FormRow]:
    """Return the rows of earlier periods of the series, of the shares that a filing reports on, past their moment.

    What is to be done each time (`act`) is left out: it stays owed until it is filed or waived. So is what the office
    has yet to decide, and what fell due while its task was suspended. A report that stayed with its unit ends nothing.
    """
    asked = {"filing_id": filing_id, "series_id": period.series_id, "before": period.due_at, "now": now}
    return list(session.scalars(_EARLIER, params=asked))


_FILED = aliased(FormRow)
_MINE = (
    select(col(_FILED.assignment_id))
    .join(ReportRow, col(ReportRow.row_id) == col(_FILED.id))
    .where(
        col(ReportRow.filing_id) == bindparam("filing_id"),
        col(ReportRow.state) == ReportState.FILED.value,
        col(_FILED.act).is_(False),
    )
)
_EARLIER = (
    select(FormRow)
    .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
    .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
    .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
    .where(
        col(PeriodRow.series_id) == bindparam("series_id"),
        col(PeriodRow.due_at) < bindparam("before"),
        col(FormRow.assignment_id).in_(_MINE),
        col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        col(TaskRow.state).in_([state.value for state in TASK_OWING]),
        col(FormRow.act).is_(False),
        col(FormRow.required).is_(True),
        col(FormRow.state) == RowState.OPEN.value,
        col(FormRow.pending_at).is_(None),
        func.coalesce(col(FormRow.due_at), col(PeriodRow.due_at)) <= bindparam("now"),
    )
    .order_by(col(FormRow.id))
    .with_for_update(of=FormRow)
)
