"""The row that asks a lead for the completion now, as an act finds it."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.items import AssignmentRole
from tracker.domain.owed import RowState
from tracker.domain.windows import CLOSING
from tracker.steps.row_moments import moment_of
from tracker.store.queries.emergencies import is_of_emergency
from tracker.store.queries.form_views import OPEN_ROWS
from tracker.store.queries.work_shares import asking_row
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def asks_for_completion(session: Session, share: AssignmentRow) -> tuple[FormRow, PeriodRow] | None:
    """Return the row that asks a share for the completion by the present deadline, locked, with its period.

    It may lie with the office. None where no row asks the share for it.
    """
    wanted = (
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(
            col(FormRow.assignment_id) == share.id,
            col(FormRow.state).in_([*OPEN_ROWS, RowState.FILED.value]),
            col(FormRow.final).is_(True),
            col(PeriodRow.code) != CLOSING,
            ~is_of_emergency(),
        )
        .order_by(col(PeriodRow.due_at), col(FormRow.id))
        .with_for_update(of=FormRow)
    )
    found = [(row, period) for row, period in session.execute(wanted)]
    return asking_row(found, deadline_on=session.get_one(TaskRow, share.task_id).due_on)


def answered_late(session: Session, share: AssignmentRow, *, at: datetime) -> tuple[FormRow, PeriodRow] | None:
    """Return the row of a lead that its completion answers which comes outside forms and after that row's moment.

    What comes in time lets the row wait; by this the row is filed late, as if its form had been filed. None where
    there is no such row, or the office has it.
    """
    session.flush()
    row, period = (share.role == AssignmentRole.LEAD.value and asks_for_completion(session, share)) or (None, None)
    if row is None or period is None or row.state == RowState.FILED.value or row.pending_at is not None:
        return None
    return (row, period) if row.required and moment_of(session, row) <= at else None
