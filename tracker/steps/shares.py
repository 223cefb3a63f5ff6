"""A unit's share as its people act on it."""

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import NotFound
from tracker.steps.locking import lock_work
from tracker.store.queries.units import units_acted_for
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def load_share(session: Session, *, assignment_id: int, actor: Actor, act: str) -> tuple[AssignmentRow, TaskRow]:
    """Return a share of a unit the actor acts for, locked, with its task. Raises NotFound, NotYourTask."""
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act=act)
    lock_work(session, [assignment_id])
    assignment = session.get(AssignmentRow, assignment_id)
    if assignment is None or assignment.unit_id not in units_acted_for(session, actor.unit_id):
        raise NotFound()
    return assignment, session.get_one(TaskRow, assignment.task_id)
