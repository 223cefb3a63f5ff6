"""The weekly roll-up of overdue reports 「逾期汇总」: a snapshot of each week, by unit and document."""

from datetime import date, datetime

from sqlalchemy import delete, func, insert, select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.lifecycle import PERIOD_OWED
from tracker.store.tables.events import OverdueRollupRow
from tracker.store.tables.tasks import AssignmentRow, PeriodRow, TaskRow

_OWED = [state.value for state in PERIOD_OWED]


def iso_week(day: date) -> str:
    """Return a week's code, Monday to Sunday: 2022W44. Source: ISO 8601, as GB/T 7408 adopts it."""
    year, week, _weekday = day.isocalendar()
    return f"{year}W{week:02}"


def roll_up_week(session: Session, *, now: datetime) -> int:
    """Replace this week's snapshot by the present one; return how many units and documents have overdue reports.

    Idempotent; the weeks before stay as their last pass left them.
    """
    today = local_day(now)
    rows = session.execute(
        select(col(AssignmentRow.unit_id), col(TaskRow.document_id), func.count())
        .select_from(PeriodRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(col(PeriodRow.state).in_(_OWED), col(PeriodRow.due_at) <= now)
        .group_by(col(AssignmentRow.unit_id), col(TaskRow.document_id))
    ).all()
    week = iso_week(today)
    session.execute(delete(OverdueRollupRow).where(col(OverdueRollupRow.week) == week))
    snapshot = [
        {"as_of_on": today, "week": week, "unit_id": unit_id, "document_id": document_id, "overdue": overdue}
        for unit_id, document_id, overdue in rows
    ]
    if snapshot:
        session.execute(insert(OverdueRollupRow), snapshot)
    return len(snapshot)
