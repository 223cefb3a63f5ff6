"""Approve 「立项」 and issue 「交办」 the tasks of a document, all in one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events import DocumentApproved, DocumentIssued, IssuedShare
from tracker.domain.filings import check_reason
from tracker.domain.items import AssignmentRole, Duty, UnitRole
from tracker.domain.lifecycle import TaskAction, TaskState, advance_task
from tracker.domain.unit_classes import Tasking, UnitClass, class_of
from tracker.domain.units import UnitKind
from tracker.domain.windows import Reckoning
from tracker.store import event_log
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
from tracker.usecases.opening import open_for_tasks


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


def approve_document(session: Session, *, number: str, basis: str, actor: Actor, at: datetime) -> int:
    """Approve every proposed task of a document; return how many.

    Source: 国务院令第733号 第十一条 (the approver and the basis are on record). Records DocumentApproved.
    Raises NotYourTask, ReasonRequired, NotRegistered, NothingToDo.
    """
    require_role(actor, Role.SUPERVISOR, act="approve")
    document, tasks = _tasks(session, number=number, state=TaskState.PROPOSED)
    for task in tasks:
        task.state = advance_task(TaskState(task.state), TaskAction.APPROVE).value
        task.version += 1
    event = DocumentApproved(document_id=document, tasks=len(tasks), basis=check_reason(basis))
    event_log.record(session, event, actor=actor, at=at)
    return len(tasks)


def issue_document(
    session: Session, *, number: str, actor: Actor, at: datetime, by: Reckoning, from_on: date | None = None
) -> int:
    """Issue every approved task of a document to its units, one share a unit, and open their series.

    `from_on` is the day from which the office wants reports on a document that it registers late; without it a unit
    begins with the window in which it gets the task. Return how many tasks. Records DocumentIssued and what opening
    records. Raises NotYourTask, NotRegistered, NothingToDo, NobodyToTask.
    """
    require_role(actor, Role.SUPERVISOR, act="issue")
    document, tasks = _tasks(session, number=number, state=TaskState.APPROVED)
    shares: list[AssignmentRow] = []
    for task in tasks:
        task.state = advance_task(TaskState(task.state), TaskAction.ISSUE).value
        task.issued_at = at
        task.version += 1
        shares += _assignments(session, task, got_on=local_day(at), from_on=from_on)
    session.add_all(shares)
    session.flush()
    task_ids = tuple(task.id for task in tasks if task.id)
    event = DocumentIssued(
        document_id=document, tasks=len(tasks), task_ids=task_ids, shares=tuple(map(issued_share, shares))
    )
    event_log.record(session, event, actor=actor, at=at)
    open_for_tasks(session, task_ids, at=at, by=by, actor=actor)
    return len(tasks)


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


def _tasks(session: Session, *, number: str, state: TaskState) -> tuple[int, list[TaskRow]]:
    document = session.exec(select(DocumentRow.id).where(col(DocumentRow.number) == number)).first()
    tasks = list(
        session.exec(
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


def _assignments(session: Session, task: TaskRow, *, got_on: date, from_on: date | None) -> list[AssignmentRow]:
    assert task.id is not None
    return [
        AssignmentRow(
            task_id=task.id,
            unit_id=share.unit_id,
            role=share.role.value,
            duty=share.duty.value,
            proposed=share.proposed,
            got_on=got_on,
            from_on=from_on,
        )
        for share in _shares(session, item_id=task.item_id)
    ]


def _shares(session: Session, *, item_id: int) -> list[Share]:
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
    rows = session.exec(
        select(ItemUnitRow.role, UnitRow)
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
    members = session.exec(
        select(UnitRow)
        .join(ItemGroupMemberRow, col(ItemGroupMemberRow.unit_id) == col(UnitRow.id))
        .join(ItemGroupRow, col(ItemGroupRow.id) == col(ItemGroupMemberRow.item_group_id))
        .where(col(ItemGroupRow.item_id) == item_id)
        .order_by(col(ItemGroupMemberRow.unit_id))
    ).all()
    bearers = session.exec(
        select(UnitRow)
        .join(ItemBearerRow, col(ItemBearerRow.unit_id) == col(UnitRow.id))
        .where(col(ItemBearerRow.item_id) == item_id)
        .order_by(col(ItemBearerRow.id))
    ).all()
    return [unit.id or 0 for unit in (*members, *bearers) if _rule_of(unit).may_task is not Tasking.NEVER]


def _rule_of(unit: UnitRow) -> UnitClass:
    return class_of(UnitKind(unit.kind), tasked=unit.tasked)
