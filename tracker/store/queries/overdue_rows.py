"""Rows of a task past their moment, whoever owes them."""

from datetime import datetime

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


def overdue_leads(session: Session, *, task_id: int, but: int | None, now: datetime) -> list[str]:
    """Name the leads of a task that owe an overdue row of it, other than the row `but`, in official order."""
    moment = case(
        (col(FormRow.state) == "returned", col(FormRow.correction_due_at)),
        else_=func.coalesce(col(FormRow.due_at), col(PeriodRow.due_at)),
    )
    wanted = (
        select(col(UnitRow.short_name))
        .select_from(FormRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(
            col(TaskRow.id) == task_id,
            col(TaskRow.state).in_([state.value for state in TASK_OWING]),
            col(AssignmentRow.role) == AssignmentRole.LEAD.value,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
            col(FormRow.state).in_(["open", "returned"]),
            col(FormRow.required).is_(True) | (col(FormRow.state) == "returned"),
            col(FormRow.pending_at).is_(None),
            moment <= now,
        )
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    if but is not None:
        wanted = wanted.where(col(FormRow.id) != but)
    return list(dict.fromkeys(session.scalars(wanted)))
