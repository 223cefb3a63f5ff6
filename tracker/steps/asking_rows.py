"""The row that asks a lead for the completion now, as an act finds it."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from tracker.domain.cadences import Span
from tracker.domain.counting import period_span
from tracker.domain.items import AssignmentRole
from tracker.domain.owed import RowState
from tracker.domain.windows import CLOSING
from tracker.steps.row_moments import moment_of
from tracker.store.queries.asking_row import asking_row
from tracker.store.queries.emergencies import is_of_emergency
from tracker.store.queries.form_views import OPEN_ROWS, waits_in_time
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def asks_for_completion(session: Session, share: AssignmentRow) -> tuple[FormRow, PeriodRow] | None:
    """Return the row that asks a share for the completion by the present deadline, locked, with its period.

    It may lie with the office. None where no row asks the share for it.
    """
    found = _rows(session, share, col(FormRow.final).is_(True) & (col(PeriodRow.code) != CLOSING))
    return asking_row(found, deadline_on=session.get_one(TaskRow, share.task_id).due_on)


def _asks_for_closing(session: Session, share: AssignmentRow) -> tuple[FormRow, PeriodRow] | None:
    """Return the row that asks a lead for the closing report of work whose document has ended, as the other does."""
    return next(iter(_rows(session, share, col(PeriodRow.code) == CLOSING)), None)


def _rows(session: Session, share: AssignmentRow, which: ColumnElement[bool]) -> list[tuple[FormRow, PeriodRow]]:
    wanted = (
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(
            col(FormRow.assignment_id) == share.id,
            col(FormRow.state).in_([*OPEN_ROWS, RowState.FILED.value]),
            which,
            ~is_of_emergency(),
        )
        .order_by(col(PeriodRow.due_at), col(FormRow.id))
        .with_for_update(of=FormRow)
    )
    return [(row, period) for row, period in session.execute(wanted)]


def answered_row(session: Session, share: AssignmentRow, *, at: datetime) -> tuple[FormRow, PeriodRow] | None:
    """Return the row of a lead that its completion answers which comes outside forms, as if the form had been filed.

    What lapsed is asked for nothing but its closing report, so whatever says how it was left is that, early or late.
    Of work that goes on, what comes in time lets the row wait; by what comes late the row is filed late. None where
    there is no such row, or the office has it.
    """
    session.flush()
    if share.role != AssignmentRole.LEAD.value:
        return None
    closing = _asks_for_closing(session, share)
    row, period = closing or asks_for_completion(session, share) or (None, None)
    if row is None or period is None or row.state == RowState.FILED.value:
        return None
    if closing is not None:
        return row, period
    due_at = moment_of(session, row)
    return (row, period) if row.required and due_at <= at and not waits_in_time(row, due_at) else None


def answered_span(session: Session, share: AssignmentRow, *, at: datetime) -> Span | None:
    """Return the period of the row that a completion outside forms answers, None where it answers none."""
    answered = answered_row(session, share, at=at)
    return period_span(answered[1].starts_on, answered[1].ends_on) if answered is not None else None
