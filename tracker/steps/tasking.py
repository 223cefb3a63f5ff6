"""The tasks of a document, and who gets which part of an item when it is issued."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.shares import IssuedShare
from tracker.domain.items import AssignmentRole, Duty, UnitRole
from tracker.domain.lifecycle import TaskState
from tracker.domain.unit_classes import Tasking, UnitClass, class_of
from tracker.domain.units import UnitKind
from tracker.store.tables.documents import (
    DocumentRow,
    ItemBearerRow,
    ItemGroupMemberRow,
    ItemGroupRow,
    ItemRow,
    ItemUnitRow,
)
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


class NothingToDo(Rejected):
    """No task of the document stands in the state this step starts from; facts: number."""

    code = "nothing_to_do"


class NotRegistered(NotFound):
    """No document has this number; facts: number."""

    code = "not_registered"


class NobodyToTask(Rejected):
    """Every lead of an item is a body that the office never tasks; facts: item."""

    code = "nobody_to_task"


@dataclass(frozen=True, slots=True)
class Share:
    """One unit's part in a task, before it is issued."""

    unit_id: int
    role: AssignmentRole
    duty: Duty
    proposed: bool


def issued_share(row: AssignmentRow) -> IssuedShare:
    """Return a share as the event that brings it tells it."""
    return IssuedShare(
        assignment_id=row.id or 0,
        task_id=row.task_id,
        unit_id=row.unit_id,
        role=row.role,
        duty=row.duty,
        state=row.state,
    )


def tasks_of(session: Session, *, number: str, state: TaskState) -> tuple[int, list[TaskRow]]:
    document = session.scalars(select(col(DocumentRow.id)).where(col(DocumentRow.number) == number)).first()
    tasks = list(
        session.scalars(
            select(TaskRow)
            .where(col(TaskRow.document_id) == document, col(TaskRow.state) == state.value)
            .order_by(col(TaskRow.id))
            .with_for_update()
        )
    )
    if document is None:
        raise NotRegistered(number=number)
    if not tasks:
        raise NothingToDo(number=number)
    return document, tasks


def shares_of_item(session: Session, *, item_id: int) -> list[Share]:
    """Return one share a unit: leads first; members of groups and bodies that a demand names report, supports reply.

    Bodies that are never tasked 「上级机关」 get none: what they do is kept as printed. Raises NobodyToTask.
    """
    named = _named(session, item_id=item_id)
    beside = _only_beside(named)
    shares: dict[int, Share] = {}
    for role, unit, _rule in sorted(named, key=lambda entry: _is_support(entry, beside)):
        proposed = role is UnitRole.ASSIGNED_LEAD
        share = Share(unit, AssignmentRole.LEAD, Duty.REPORT, proposed=proposed)
        if role is UnitRole.SUPPORT or (unit in beside and not proposed):
            share = Share(unit, AssignmentRole.SUPPORT, Duty.REPLY, proposed=False)
        shares.setdefault(unit, share)
    if not any(share.role is AssignmentRole.LEAD for share in shares.values()):
        raise NobodyToTask(item=session.get_one(ItemRow, item_id).code)
    for unit_id in _reporting(session, item_id=item_id):
        known = shares.get(unit_id)
        if known is not None and known.duty is Duty.REPLY and unit_id not in beside:
            shares[unit_id] = Share(unit_id, AssignmentRole.SUPPORT, Duty.REPORT, proposed=False)
        shares.setdefault(unit_id, Share(unit_id, AssignmentRole.SUPPORT, Duty.REPORT, proposed=False))
    return list(shares.values())


def units_tasked(session: Session, *, item_id: int) -> frozenset[int]:
    """Return the units that get a share of an item when it is issued, whatever their part."""
    named = {unit for _role, unit, _rule in _named(session, item_id=item_id)}
    return frozenset(named.union(_reporting(session, item_id=item_id)))


_Named = tuple[UnitRole, int, UnitClass]


def _named(session: Session, *, item_id: int) -> list[_Named]:
    """Return the units that an item names, with their rules; bodies that are never tasked are left out."""
    rows = session.execute(
        select(col(ItemUnitRow.role), UnitRow)
        .join(UnitRow, col(UnitRow.id) == col(ItemUnitRow.unit_id))
        .where(col(ItemUnitRow.item_id) == item_id)
        .order_by(col(ItemUnitRow.position))
    ).all()
    named = [(UnitRole(role), unit.id or 0, _rule_of(unit)) for role, unit in rows]
    return [entry for entry in named if entry[2].may_task is not Tasking.NEVER]


def _only_beside(named: Sequence[_Named]) -> frozenset[int]:
    """Return the printed leads that stand beside the lead that the office assigned 「联系单位」.

    Where the document prints only bodies that the city may not task, the assigned lead reports and they owe nothing.
    """
    printed = {unit: rule for role, unit, rule in named if role is UnitRole.LEAD}
    assigned = {unit for role, unit, _rule in named if role is UnitRole.ASSIGNED_LEAD}
    if not assigned or any(rule.may_task is Tasking.TASK for rule in printed.values()):
        return frozenset()
    return frozenset(printed) - assigned


def _is_support(entry: _Named, beside: frozenset[int]) -> bool:
    role, unit, _rule = entry
    return role is UnitRole.SUPPORT or unit in beside


def _reporting(session: Session, *, item_id: int) -> list[int]:
    """Return the members of an item's groups and the bodies that its demands name, without those never tasked."""
    members = session.scalars(
        select(UnitRow)
        .join(ItemGroupMemberRow, col(ItemGroupMemberRow.unit_id) == col(UnitRow.id))
        .join(ItemGroupRow, col(ItemGroupRow.id) == col(ItemGroupMemberRow.item_group_id))
        .where(col(ItemGroupRow.item_id) == item_id)
        .order_by(col(ItemGroupMemberRow.unit_id))
    ).all()
    bearers = session.scalars(
        select(UnitRow)
        .join(ItemBearerRow, col(ItemBearerRow.unit_id) == col(UnitRow.id))
        .where(col(ItemBearerRow.item_id) == item_id)
        .order_by(col(ItemBearerRow.id))
    ).all()
    return [unit.id or 0 for unit in (*members, *bearers) if _rule_of(unit).may_task is not Tasking.NEVER]


def _rule_of(unit: UnitRow) -> UnitClass:
    return class_of(UnitKind(unit.kind), tasked=unit.tasked)
