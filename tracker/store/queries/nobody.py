"""Nobody to remind 「无人可提醒」: units that have something to do and no liaison, and who keeps which group."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, label, or_, select
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col

from tracker.domain.accounts import Role
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OPEN
from tracker.domain.unit_classes import may_keep
from tracker.domain.units import UnitKind
from tracker.store.rows import as_views
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow, UserRow

_OPEN = (
    col(TaskRow.state).in_([state.value for state in TASK_OPEN]),
    col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A unit with open assignments for which no active liaison hears; `has_head` where a head hears instead."""

    unit_id: int
    name: str
    kind: str
    open_assignments: int
    has_head: bool

    @property
    def may_be_kept(self) -> bool:
        """Whether another unit can act in its name; every other unit needs a liaison of its own."""
        return self.kind == UnitKind.LEADING_GROUP.value


@dataclass(frozen=True, slots=True)
class KeptGroup:
    unit_id: int
    name: str
    keeper_id: int
    keeper_name: str


@dataclass(frozen=True, slots=True)
class Keeper:
    """A unit that may keep a leading group's office."""

    unit_id: int
    name: str


def nobody_to_remind(session: Session) -> list[Unreachable]:
    """Return the units with an open assignment and neither an own nor a keeper's active liaison, in official order."""
    columns = (
        label("unit_id", col(UnitRow.id)),
        label("name", col(UnitRow.short_name)),
        col(UnitRow.kind),
        func.count(col(AssignmentRow.id)).label("open_assignments"),
        _somebody(Role.UNIT_HEAD).label("has_head"),
    )
    wanted = (
        _unheard(select(*columns))
        .group_by(col(UnitRow.id), col(UnitRow.short_name), col(UnitRow.kind), col(UnitRow.official_order))
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    return as_views(Unreachable, session.execute(wanted))


def without_liaison(session: Session, unit_ids: Collection[int]) -> list[str]:
    """Return the names of those units for which no active liaison hears, own or keeper's, in official order."""
    wanted = select(col(UnitRow.short_name)).where(col(UnitRow.id).in_(list(unit_ids)), ~_somebody(Role.LIAISON))
    return list(session.scalars(wanted.order_by(col(UnitRow.official_order), col(UnitRow.id))))


def count_nobody(session: Session) -> int:
    """Count what `nobody_to_remind` returns.

    Asked on the desk each time: the few units without a liaison are found first, and only their shares are looked at.
    """
    shares = (
        select(col(AssignmentRow.id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(col(AssignmentRow.unit_id) == col(UnitRow.id), *_OPEN)
    )
    wanted = select(func.count()).select_from(UnitRow).where(~_somebody(Role.LIAISON), exists(shares))
    return int(session.execute(wanted).scalar_one())


def kept_groups(session: Session) -> list[KeptGroup]:
    """Return the leading groups whose keeper is known, in official order."""
    keeper = aliased(UnitRow)
    rows = session.execute(
        select(
            label("unit_id", col(UnitRow.id)),
            label("name", col(UnitRow.short_name)),
            label("keeper_id", col(keeper.id)),
            label("keeper_name", col(keeper.short_name)),
        )
        .join(keeper, col(keeper.id) == col(UnitRow.kept_by_unit_id))
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    return as_views(KeptGroup, rows)


def possible_keepers(session: Session) -> list[Keeper]:
    """Return the units that may keep a leading group, in official order."""
    rows = session.execute(
        select(label("unit_id", col(UnitRow.id)), label("name", col(UnitRow.short_name)))
        .where(col(UnitRow.kind).in_([kind.value for kind in UnitKind if may_keep(kind)]))
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    return as_views(Keeper, rows)


def _unheard(wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:  # Any: a count or rows
    return (
        wanted.select_from(UnitRow)
        .join(AssignmentRow, col(AssignmentRow.unit_id) == col(UnitRow.id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(*_OPEN, ~_somebody(Role.LIAISON))
    )


def _somebody(role: Role) -> ColumnElement[bool]:
    return somebody(role, unit_id=col(UnitRow.id), keeper_id=col(UnitRow.kept_by_unit_id))


def somebody(role: Role, *, unit_id: Mapped[int | None], keeper_id: Mapped[int | None]) -> ColumnElement[bool]:
    """Say that a unit or its keeper has an active account of that role; without a liaison there is nobody to remind."""
    return exists().where(
        or_(col(UserRow.unit_id) == unit_id, col(UserRow.unit_id) == keeper_id),
        col(UserRow.role) == role.value,
        col(UserRow.active).is_(True),
    )
