"""Approve 「立项」 and issue 「交办」 the tasks of a document, all in one step."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import NotFound
from tracker.domain.events import DocumentApproved, DocumentIssued
from tracker.domain.items import AssignmentRole, Duty, UnitRole
from tracker.domain.lifecycle import TaskAction, TaskState, advance_task
from tracker.domain.reports import check_reason
from tracker.store import event_log
from tracker.store.tables.documents import DocumentRow, ItemGroupMemberRow, ItemGroupRow, ItemUnitRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


class NothingToDo(NotFound):
    """No task of the document stands in the state this step starts from; facts: number."""

    code = "nothing_to_do"


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
    Raises NotYourTask, ReasonRequired, NothingToDo.
    """
    require_role(actor, Role.SUPERVISOR, act="approve")
    document, tasks = _tasks(session, number=number, state=TaskState.PROPOSED)
    for task in tasks:
        task.state = advance_task(TaskState(task.state), TaskAction.APPROVE).value
        task.version += 1
    event = DocumentApproved(document_id=document, tasks=len(tasks), basis=check_reason(basis))
    event_log.record(session, event, actor=actor, at=at)
    return len(tasks)


def issue_document(session: Session, *, number: str, actor: Actor, at: datetime) -> int:
    """Issue every approved task of a document to its units, one assignment a unit; return how many tasks.

    Records DocumentIssued. Raises NotYourTask, NothingToDo.
    """
    require_role(actor, Role.SUPERVISOR, act="issue")
    document, tasks = _tasks(session, number=number, state=TaskState.APPROVED)
    for task in tasks:
        task.state = advance_task(TaskState(task.state), TaskAction.ISSUE).value
        task.issued_at = at
        task.version += 1
        session.add_all(_assignments(session, task))
    event_log.record(session, DocumentIssued(document_id=document, tasks=len(tasks)), actor=actor, at=at)
    return len(tasks)


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
    if document is None or not tasks:
        raise NothingToDo(number=number)
    return document, tasks


def _assignments(session: Session, task: TaskRow) -> list[AssignmentRow]:
    assert task.id is not None
    return [
        AssignmentRow(
            task_id=task.id,
            unit_id=share.unit_id,
            role=share.role.value,
            duty=share.duty.value,
            proposed=share.proposed,
        )
        for share in _shares(session, item_id=task.item_id)
    ]


def _shares(session: Session, *, item_id: int) -> list[Share]:
    """Return one share a unit: leads first; a group's members report for themselves, a support unit replies."""
    named = session.exec(
        select(ItemUnitRow).where(col(ItemUnitRow.item_id) == item_id).order_by(col(ItemUnitRow.position))
    ).all()
    members = session.exec(
        select(ItemGroupMemberRow.unit_id)
        .join(ItemGroupRow, col(ItemGroupRow.id) == col(ItemGroupMemberRow.item_group_id))
        .where(col(ItemGroupRow.item_id) == item_id)
        .order_by(col(ItemGroupMemberRow.unit_id))
    ).all()
    shares: dict[int, Share] = {}
    for row in sorted(named, key=lambda row: row.role == UnitRole.SUPPORT.value):
        if row.role == UnitRole.SUPPORT.value:
            share = Share(row.unit_id, AssignmentRole.SUPPORT, Duty.REPLY, proposed=False)
        else:
            proposed = row.role == UnitRole.ASSIGNED_LEAD.value
            share = Share(row.unit_id, AssignmentRole.LEAD, Duty.REPORT, proposed=proposed)
        shares.setdefault(row.unit_id, share)
    for unit_id in members:
        shares.setdefault(unit_id, Share(unit_id, AssignmentRole.SUPPORT, Duty.REPORT, proposed=False))
    return list(shares.values())
