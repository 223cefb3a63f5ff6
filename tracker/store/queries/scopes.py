"""The condition by which a scope selects rows: the one place where everything is selected for somebody."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Mapped
from sqlmodel import col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.domain.events.petitions import PetitionStopped, PetitionWritten
from tracker.domain.events.shares import ShareAdded, ShareEnded, ShareHandlerSet, ShareLowered, ShareMoved
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

# Who does a task is the matter of everybody who has a share of it.
_OF_SHARES = (ShareAdded.type, ShareEnded.type, ShareLowered.type, ShareMoved.type)
_OF_THE_UNIT = (ShareHandlerSet.type, PetitionWritten.type, PetitionStopped.type)


def within(scope: Scope, unit_id: Mapped[int] | Mapped[int | None]) -> ColumnElement[bool]:
    """Select rows of the units of a scope: none where it has none."""
    return true() if isinstance(scope, EveryUnit) else unit_id.in_(list(scope))


def read_by_all() -> ColumnElement[bool]:
    """Select the events that whoever oversees all units reads: not what a unit notes for itself, or has not signed."""
    return col(EventRow.type).not_in(_OF_THE_UNIT)


def tasks_for(scope: Scope) -> ColumnElement[bool]:
    """Select the tasks that a scope reads: those in which its units have, or had, a share.

    A share comes with 交办, so that before it no unit reads a task.
    """
    if isinstance(scope, EveryUnit):
        return true()
    return exists().where(col(AssignmentRow.task_id) == col(TaskRow.id), col(AssignmentRow.unit_id).in_(list(scope)))


def tasks_listed_for(scope: Scope) -> ColumnElement[bool]:
    """Select the same tasks by a list: for queries that join shares, or go through few tasks of many."""
    if isinstance(scope, EveryUnit):
        return true()
    shares = select(col(AssignmentRow.task_id)).where(col(AssignmentRow.unit_id).in_(list(scope)))
    return col(TaskRow.id).in_(shares)


def of_shared_work(unit_ids: Collection[int]) -> ColumnElement[bool]:
    """Select what became of other units' shares in the tasks in which units have one now."""
    ended = [state.value for state in ASSIGNMENT_ENDED]
    held = select(col(AssignmentRow.task_id)).where(
        col(AssignmentRow.unit_id).in_(unit_ids), col(AssignmentRow.state).not_in(ended)
    )
    return col(EventRow.type).in_(_OF_SHARES) & col(EventRow.task_id).in_(held)
