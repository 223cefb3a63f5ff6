"""Who in a unit handles its shares 「经办」, for people of that unit alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, label, select
from sqlmodel import Session, col

from tracker.domain.accounts import OF_A_UNIT
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.store.rows import as_views
from tracker.store.tables.handlers import ShareHandlerRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UserRow


@dataclass(frozen=True, slots=True)
class Handler:
    """Who handles a share; `person` is the name of an account of the unit."""

    assignment_id: int
    task_id: int
    version: int
    words: str
    person_id: int | None
    person: str | None

    @property
    def named(self) -> str:
        """Both in one line; empty where nobody in particular handles it."""
        return " ".join(part for part in (self.words, self.person) if part)


@dataclass(frozen=True, slots=True)
class Colleague:
    user_id: int
    name: str


def handlers(session: Session, *, unit_ids: Collection[int]) -> Mapping[int, Handler]:
    """Return who handles the shares of units, by the ids of their tasks; of several shares in a task the first."""
    wanted = (
        select(
            col(ShareHandlerRow.assignment_id),
            col(AssignmentRow.task_id),
            col(ShareHandlerRow.version),
            col(ShareHandlerRow.words),
            col(ShareHandlerRow.person_id),
            label("person", col(UserRow.name)),
        )
        .join(AssignmentRow, col(AssignmentRow.id) == col(ShareHandlerRow.assignment_id))
        .outerjoin(UserRow, col(UserRow.id) == col(ShareHandlerRow.person_id))
        .where(
            col(AssignmentRow.unit_id).in_(list(unit_ids)), col(ShareHandlerRow.unit_id) == col(AssignmentRow.unit_id)
        )
        .order_by(col(ShareHandlerRow.assignment_id).desc())
    )
    return {one.task_id: one for one in as_views(Handler, session.execute(wanted))}


def count_handled(session: Session, *, person_id: int, unit_ids: Collection[int]) -> int:
    """Count the tasks of units that somebody handles, of their ledger: issued, in which the share has not ended."""
    handled = (
        select(func.count(col(AssignmentRow.task_id).distinct()))
        .join(ShareHandlerRow, col(ShareHandlerRow.assignment_id) == col(AssignmentRow.id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(ShareHandlerRow.person_id) == person_id,
            col(ShareHandlerRow.unit_id) == col(AssignmentRow.unit_id),
            col(AssignmentRow.unit_id).in_(list(unit_ids)),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
            col(TaskRow.issued_at).is_not(None),
        )
    )
    return session.scalars(handled).one()


def colleagues(session: Session, *, unit_id: int) -> list[Colleague]:
    """Return the accounts of a unit that are in use, by their names."""
    rows = session.execute(
        select(label("user_id", col(UserRow.id)), col(UserRow.name))
        .where(
            col(UserRow.unit_id) == unit_id,
            col(UserRow.active).is_(True),
            col(UserRow.role).in_([role.value for role in OF_A_UNIT]),
        )
        .order_by(col(UserRow.name), col(UserRow.id))
    )
    return as_views(Colleague, rows)
