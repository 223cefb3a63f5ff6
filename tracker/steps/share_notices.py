"""Messages about who does a task: to the unit whose share it is, and to all others that have one beside it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.deliveries import Delivery
from tracker.domain.events.decoding import decode
from tracker.domain.events.shares import ShareAdded, ShareEnded, ShareLowered, ShareMoved
from tracker.domain.events.units import UnitsMerged
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.steps.document_notices import Notice
from tracker.steps.task_notices import decided_by, of_task
from tracker.store.queries.leads import leads_of
from tracker.store.queries.requests import found_right_at
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.wording.notices import notice_reason, notice_subject
from tracker.wording.quoting import stopped
from tracker.wording.work import added_words, ended_share_words, leads_now_words, lowered_words

# By which name the messages to those beside are worded; the ledger keeps them under their event's.
_BESIDE = "share.beside"
_BESIDE_A_MERGER = "unit.merged.beside"
_KINDS = (ShareAdded.type, ShareEnded.type, ShareLowered.type)

_Change = ShareAdded | ShareEnded | ShareLowered


@dataclass(frozen=True, slots=True)
class _Told:
    """One change of a share and its number in the log."""

    seq: int
    event: _Change


def of_share(session: Session, event: _Change, delivery: Delivery) -> list[Notice]:
    """Tell a unit what became of its share, and once an act those whose burden it changes: all others with a share.

    Where the unit was found right in a dispute, the decision on that says it to the unit.
    """
    assert event.unit_id is not None
    beside = _of_units_beside(session, event, delivery)
    if not isinstance(event, ShareAdded) and found_right_at(session, event.assignment_id, at=delivery.at):
        return beside
    return [of_task(session, delivery, event.unit_id, said=event.reason), *beside]


def _of_units_beside(session: Session, event: _Change, delivery: Delivery) -> list[Notice]:
    act = _same_act(session, event, delivery)
    if act[-1].seq != delivery.seq:  # the last change of an act tells all of it
        return []
    task_id = event.task_id or 0
    concerned = {told.event.unit_id for told in act}
    others = [unit_id for unit_id in _holders(session, [task_id]) if unit_id not in concerned]
    names = _names(session, {*(unit_id or 0 for unit_id in concerned), *leads_of(session, task_id)})
    changed = "，".join(_words(session, told.event, names, delivery) for told in act)
    leads = leads_now_words([names[unit_id] for unit_id in sorted(leads_of(session, task_id))])
    said = f"{changed}，{leads}。{stopped(event.reason)}"
    return [of_task(session, delivery, unit_id, said=said, words=_BESIDE) for unit_id in others]


def _same_act(session: Session, event: _Change, delivery: Delivery) -> list[_Told]:
    """Return the changes of a task's shares that were made for one reason at one moment, in their order."""
    rows = session.execute(
        select(col(EventRow.seq), col(EventRow.type), col(EventRow.payload))
        .where(
            col(EventRow.task_id) == event.task_id,
            col(EventRow.occurred_at) == delivery.at,
            col(EventRow.type).in_(_KINDS),
        )
        .order_by(col(EventRow.seq))
    )
    changes = ((seq, decode(kind, json.loads(payload))) for seq, kind, payload in rows)
    return [_Told(seq, one) for seq, one in changes if isinstance(one, _Change) and one.reason == event.reason]


def _words(session: Session, event: _Change, names: dict[int, str], delivery: Delivery) -> str:
    name = names[event.unit_id or 0]
    if isinstance(event, ShareAdded):
        return added_words(name, role=event.role, duty=event.duty, instead=event.instead_of is not None)
    right = found_right_at(session, event.assignment_id, at=delivery.at)
    if isinstance(event, ShareLowered):
        return lowered_words(name, role=event.role, duty=event.duty, found_right=right)
    share = session.get_one(AssignmentRow, event.assignment_id)
    return ended_share_words(name, role=share.role, duty=share.duty, found_right=right)


def of_merger(session: Session, event: UnitsMerged, delivery: Delivery) -> list[Notice]:
    """Tell the successor how much work of the unit that went up in it became its own, and who has a share beside it."""
    if not event.shares:
        return []
    old, new = (session.get_one(UnitRow, unit_id).short_name for unit_id in (event.unit_id, event.into_unit_id))
    subject = notice_subject(event.type, item=f"{old}，{event.shares}项")
    reason = notice_reason(event.type, said=f"{old}，划转{event.shares}项。{event.reason}")
    successor = Notice(event.into_unit_id, delivery.seq, subject, reason, ())
    return [successor, *_beside_a_merger(session, event, delivery, f"{old}并入{new}")]


def _beside_a_merger(session: Session, event: UnitsMerged, delivery: Delivery, merged: str) -> list[Notice]:
    """Write one message a unit, however many of its tasks the two that merged have a share in."""
    moved = select(col(EventRow.task_id)).where(
        col(EventRow.type) == ShareMoved.type,
        col(EventRow.unit_id) == event.into_unit_id,
        col(EventRow.occurred_at) == delivery.at,
    )
    task_ids = [task_id for task_id in session.scalars(moved) if task_id is not None]
    found = []
    for unit_id, mine in _holders(session, task_ids).items():
        if unit_id == event.into_unit_id:
            continue
        subject = notice_subject(_BESIDE_A_MERGER, item=f"{merged}，{len(mine)}项")
        by = decided_by(session, delivery)
        reason = notice_reason(_BESIDE_A_MERGER, said=f"{merged}，涉及{len(mine)}项。{event.reason}", by=by)
        shown = mine[0][0] if len(mine) == 1 else None
        found.append(Notice(unit_id, delivery.seq, subject, reason, tuple(code for _id, code in mine), shown))
    return found


def _holders(session: Session, task_ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Return the units that have a share of tasks now, each with these tasks and the codes of their items."""
    rows = session.execute(
        select(col(AssignmentRow.unit_id), col(TaskRow.id), col(ItemRow.code))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(
            col(AssignmentRow.task_id).in_(task_ids),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .order_by(col(AssignmentRow.unit_id), col(TaskRow.id))
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for unit_id, task_id, code in rows:
        found.setdefault(unit_id, []).append((task_id or 0, code))
    return found


def _names(session: Session, unit_ids: set[int]) -> dict[int, str]:
    rows = session.execute(select(col(UnitRow.id), col(UnitRow.short_name)).where(col(UnitRow.id).in_(unit_ids)))
    return {id_ or 0: name for id_, name in rows}
