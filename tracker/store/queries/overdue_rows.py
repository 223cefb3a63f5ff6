"""Rows of a task past their moment, whoever owes them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, label, select
from sqlmodel import Session, col

from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING
from tracker.store.rows import as_views
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class OwingLead:
    """A lead that owes an overdue row of its task."""

    task_id: int
    row_id: int
    name: str


def overdue_leads(session: Session, *, task_id: int, but: int | None, now: datetime) -> list[str]:
    """Name the leads of a task that owe an overdue row of it, other than the row `but`, in official order."""
    return names_but(overdue_leads_of(session, [task_id], now=now).get(task_id, ()), but)


def names_but(owing: Iterable[OwingLead], but: int | None) -> list[str]:
    """Name leads that owe another row than `but`, each once, in the order given."""
    return list(dict.fromkeys(lead.name for lead in owing if lead.row_id != but))


def overdue_leads_of(session: Session, task_ids: Collection[int], *, now: datetime) -> dict[int, tuple[OwingLead, ...]]:
    """Return the leads that owe overdue rows of some tasks, by task, in official order."""
    moment = case(
        (col(FormRow.state) == "returned", col(FormRow.correction_due_at)),
        else_=func.coalesce(col(FormRow.due_at), col(PeriodRow.due_at)),
    )
    wanted = (
        select(
            label("task_id", col(TaskRow.id)), label("row_id", col(FormRow.id)), label("name", col(UnitRow.short_name))
        )
        .select_from(FormRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(
            col(TaskRow.id).in_(task_ids),
            col(TaskRow.state).in_([state.value for state in TASK_OWING]),
            col(AssignmentRow.role) == AssignmentRole.LEAD.value,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
            col(FormRow.state).in_(["open", "returned"]),
            col(FormRow.required).is_(True) | (col(FormRow.state) == "returned"),
            # What lies with the office in time waits; what was overdue when another lead's completion came does not.
            col(FormRow.pending_at).is_(None) | (col(FormRow.final).is_(True) & (col(FormRow.pending_at) >= moment)),
            moment <= now,
        )
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    found: dict[int, list[OwingLead]] = defaultdict(list)
    for lead in as_views(OwingLead, session.execute(wanted)):
        found[lead.task_id].append(lead)
    return {task_id: tuple(leads) for task_id, leads in found.items()}
