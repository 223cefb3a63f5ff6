"""Messages to a unit that has to act for another from now on, or no longer, and to whom of it handles a task."""

from dataclasses import replace

from sqlmodel import Session

from tracker.domain.deliveries import Delivery
from tracker.domain.events.shares import ShareHandlerSet
from tracker.domain.events.units import KeeperSet
from tracker.steps.document_notices import Notice
from tracker.steps.task_notices import of_task
from tracker.store.tables.units import UnitRow
from tracker.wording.notices import notice_reason, notice_subject

_ENDED = ".ended"


def of_keeper(session: Session, event: KeeperSet, delivery: Delivery) -> list[Notice]:
    """Tell the unit that keeps a leading group's office, and the one that kept it, unless that is gone."""
    group = session.get_one(UnitRow, event.unit_id).short_name
    found = []
    for unit_id, ending in ((event.keeper_unit_id, ""), (event.old_keeper_unit_id, _ENDED)):
        keeper = session.get_one(UnitRow, unit_id) if unit_id is not None else None
        if keeper is not None and keeper.merged_into_unit_id is None:
            words = event.type + ending
            subject, reason = notice_subject(words, item=group), notice_reason(words, said=event.reason)
            found.append(Notice(keeper.id, delivery.seq, subject, reason, ()))
    return found


def of_handler(session: Session, event: ShareHandlerSet, delivery: Delivery) -> list[Notice]:
    """Tell the person who is to handle a share of his unit; nothing to whoever took it on himself."""
    assert event.unit_id is not None
    if event.person_id is None or event.person_id == delivery.actor_id:
        return []
    told = of_task(session, delivery, event.unit_id, said=event.words)
    return [replace(told, unit_id=None, person_id=event.person_id)]
