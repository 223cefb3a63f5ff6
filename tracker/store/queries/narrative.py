"""Earlier narrative rows that a later account of the same share ends."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.filings import FilingState, ReportState
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING
from tracker.domain.owed import RowState
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def rows_under_way(session: Session, *, series_ids: Collection[int]) -> frozenset[int]:
    """Return the unreported rows of some series of which an envelope waits for the head of the unit."""
    return frozenset(session.scalars(_UNDER_WAY, {"series_ids": list(series_ids)}))


def earlier_narrative_rows(session: Session, filing: FilingRow, period: PeriodRow, *, now: datetime) -> list[FormRow]:
    """Return what an envelope that is signed now ends: of earlier periods, what its writer was asked for a word on.

    These are rows of the shares on which it says something for the first time, past their moment when it was written.
    What is to be done each time (`act`) is left out: it stays owed until it is filed or waived. So is what the office
    has yet to decide, what fell due while its task was suspended, and what is under way or has been since: a report
    that came back since, written before or after, is asked for again. One that came back in the same moment counts as
    come back since, for a row that stays owed is ended by the next account, one that is ended by none. A report that
    stayed with its unit ends nothing.
    """
    asked = {
        "filing_id": filing.id,
        "series_id": period.series_id,
        "before": period.due_at,
        "written_at": filing.written_at,
        "now": now,
    }
    return list(session.scalars(_EARLIER, params=asked))


_UNDER_WAY = (
    select(col(ReportRow.row_id))
    .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
    .join(FormRow, col(FormRow.id) == col(ReportRow.row_id))
    .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
    .where(
        col(PeriodRow.series_id).in_(bindparam("series_ids", expanding=True)),
        col(FormRow.state) == RowState.OPEN.value,
        is_one_of(col(FilingRow.state), FilingState.AWAITING_SIGN_OFF.value),
    )
)
_WROTE = aliased(FilingRow)
_ABOUT = aliased(ReportRow)
_WAS_UNDER_WAY = (
    select(col(_ABOUT.id))
    .join(_WROTE, col(_WROTE.id) == col(_ABOUT.filing_id))
    .where(
        col(_ABOUT.row_id) == col(FormRow.id),
        is_one_of(col(_WROTE.state), FilingState.AWAITING_SIGN_OFF.value)
        | ((col(_WROTE.id) != bindparam("filing_id")) & (col(_WROTE.stopped_at) >= bindparam("written_at"))),
    )
    .exists()
)
_FILED = aliased(FormRow)
_MINE = (
    select(col(_FILED.assignment_id))
    .join(ReportRow, col(ReportRow.row_id) == col(_FILED.id))
    .where(
        col(ReportRow.filing_id) == bindparam("filing_id"),
        col(ReportRow.state) == ReportState.FILED.value,
        col(_FILED.filed_at) == bindparam("now"),  # what corrects an account says nothing new of the time before
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
        func.coalesce(col(FormRow.due_at), col(PeriodRow.due_at)) <= bindparam("written_at"),
        ~_WAS_UNDER_WAY,
    )
    .order_by(col(FormRow.id))
    .with_for_update(of=FormRow)
)
