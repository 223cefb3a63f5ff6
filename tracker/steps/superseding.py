"""A new edition takes the place of a document: its open tasks end, each pointing to the item that goes on with it."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.errors import Rejected
from tracker.domain.events.decoding import decode_as
from tracker.domain.events.documents import DocumentSuperseded, EndedPart
from tracker.domain.events.tasks import TaskSuperseded
from tracker.domain.lifecycle import (
    ASSIGNMENT_TRANSITIONS,
    TASK_GOES_ON,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
    advance_assignment,
    advance_task,
)
from tracker.domain.readings.editions import ItemChange, compare_editions
from tracker.steps.settling import settle_shares
from tracker.steps.tasking import units_tasked
from tracker.steps.tasks import live_shares
from tracker.store import event_log
from tracker.store.tables.documents import DocumentRow, ItemRow, ItemSuccessionRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_ENDS = TASK_GOES_ON | {TaskState.REGISTERED, TaskState.PROPOSED, TaskState.APPROVED}


class NothingToSupersede(Rejected):
    """No document of this number is registered; facts: number."""

    code = "nothing_to_supersede"


class SupersededAlready(Rejected):
    """Another edition took the document's place before: it is that one that goes on. Facts: number, by_number."""

    code = "superseded_already"


def supersede(session: Session, *, number: str, by_document_id: int, actor: Actor, at: datetime) -> list[ItemChange]:
    """End the open tasks of a document that a newer one replaces; return what changed.

    What is owed for them ends, what was reported stays. Records TaskSuperseded for each, and DocumentSuperseded once.
    Raises NothingToSupersede, SupersededAlready.
    """
    replaced = session.scalars(select(col(DocumentRow.id)).where(col(DocumentRow.number) == number)).first()
    if replaced is None or replaced == by_document_id:
        raise NothingToSupersede(number=number)
    tasks = _open_tasks(session, replaced)
    # After its tasks, as whoever corrects its end does; of two editions at once the later one sees the earlier.
    session.get_one(DocumentRow, replaced, with_for_update=True)
    _refuse_superseded(session, replaced, number=number)
    old, new = _items(session, replaced), _items(session, by_document_id)
    changes = compare_editions([item.text for item in old], [item.text for item in new])
    successor = _keep_succession(session, changes, old, new)
    by_number = session.get_one(DocumentRow, by_document_id).number
    parts: list[EndedPart] = []
    for task in tasks:
        after = successor.get(task.item_id)
        by_item = after.code if after else None
        tasked = units_tasked(session, item_id=after.id or 0) if after else frozenset()
        item = session.get_one(ItemRow, task.item_id).code
        for share in _release(session, task, actor=actor, at=at):
            parts.append(EndedPart(unit_id=share.unit_id, item=item, by_item=by_item, goes_on=share.unit_id in tasked))
        task.state = advance_task(TaskState(task.state), TaskAction.CANCEL).value
        event = TaskSuperseded(task_id=task.id, by_number=by_number, by_item=by_item)
        event_log.record(session, event, actor=actor, at=at)
    told = DocumentSuperseded(document_id=replaced, by_document_id=by_document_id, parts=tuple(parts))
    event_log.record(session, told, actor=actor, at=at)
    return changes


def _refuse_superseded(session: Session, document_id: int, *, number: str) -> None:
    told = select(col(EventRow.payload)).where(
        col(EventRow.type) == DocumentSuperseded.type,
        col(EventRow.key).startswith(DocumentSuperseded.keys_of(document_id), autoescape=True),
    )
    payload = session.scalars(told).first()
    if payload is not None:
        by = session.get_one(DocumentRow, decode_as(DocumentSuperseded, json.loads(payload)).by_document_id)
        raise SupersededAlready(number=number, by_number=by.number)
    # Editions of before this was told have left the items that go on with theirs, and nothing else.
    new = aliased(ItemRow)
    by_number = session.scalars(
        select(col(DocumentRow.number))
        .select_from(ItemSuccessionRow)
        .join(ItemRow, col(ItemRow.id) == col(ItemSuccessionRow.old_item_id))
        .join(new, col(new.id) == col(ItemSuccessionRow.new_item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(new.document_id))
        .where(col(ItemRow.document_id) == document_id)
        .order_by(col(DocumentRow.id))
    ).first()
    if by_number is not None:
        raise SupersededAlready(number=number, by_number=by_number)


def _keep_succession(
    session: Session, changes: Sequence[ItemChange], old: Sequence[ItemRow], new: Sequence[ItemRow]
) -> dict[int, ItemRow]:
    """Write down which item goes on with which; return the new ones by the id of the old."""
    successor: dict[int, ItemRow] = {}
    for change in changes:
        if change.old is not None and change.new is not None:
            before, after = old[change.old], new[change.new]
            successor[before.id or 0] = after
            row = ItemSuccessionRow(old_item_id=before.id or 0, new_item_id=after.id or 0, likeness=change.likeness)
            session.add(row)
    return successor


def _items(session: Session, document_id: int) -> list[ItemRow]:
    wanted = select(ItemRow).where(col(ItemRow.document_id) == document_id).order_by(col(ItemRow.id))
    return list(session.scalars(wanted))


def _open_tasks(session: Session, document_id: int) -> list[TaskRow]:
    wanted = (
        select(TaskRow)
        .where(col(TaskRow.document_id) == document_id, col(TaskRow.state).in_([state.value for state in _ENDS]))
        .order_by(col(TaskRow.id))
        .with_for_update()
    )
    return list(session.scalars(wanted))


def _release(session: Session, task: TaskRow, *, actor: Actor, at: datetime) -> list[AssignmentRow]:
    """Settle what is owed, and let the units go that have not done their part; return the shares that were live."""
    shares = live_shares(session, task.id or 0)
    settle_shares(session, [share.id or 0 for share in shares], cause="task_superseded", actor=actor, at=at)
    for share in shares:
        if (AssignmentState(share.state), AssignmentAction.RELEASE) in ASSIGNMENT_TRANSITIONS:
            share.state = advance_assignment(AssignmentState(share.state), AssignmentAction.RELEASE).value
            share.ended_at = at
    return shares
