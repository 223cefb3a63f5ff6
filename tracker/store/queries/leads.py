"""Who leads a task now: what a lead reads of others and says of them ends with its share."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, select
from sqlmodel import Session, col

from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.store.tables.tasks import AssignmentRow

_ENDED = sorted(state.value for state in ASSIGNMENT_ENDED)


def is_lead_now(share: type[AssignmentRow] = AssignmentRow) -> ColumnElement[bool]:
    """Return the condition on shares, or on an alias of them, that selects those of leads which have not ended."""
    return and_(col(share.role) == AssignmentRole.LEAD.value, col(share.state).not_in(_ENDED))


def tasks_led_by(unit_ids: Collection[int]) -> Select[int]:
    """Select the tasks that one of some units leads."""
    return select(col(AssignmentRow.task_id)).where(col(AssignmentRow.unit_id).in_(unit_ids), is_lead_now())


def leads_of(session: Session, task_id: int) -> set[int]:
    """Return the units that lead a task."""
    wanted = select(col(AssignmentRow.unit_id)).where(col(AssignmentRow.task_id) == task_id, is_lead_now())
    return set(session.scalars(wanted))
