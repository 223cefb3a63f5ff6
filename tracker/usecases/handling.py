"""A unit notes who of it handles its share 「转办」: it stays the unit's, and nothing that is owed moves by it."""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import OF_A_UNIT, Actor, Role
from tracker.domain.errors import Stale
from tracker.domain.events.shares import ShareHandlerSet
from tracker.domain.handlers import HandlerUnfit, check_handler
from tracker.steps.shares import load_share
from tracker.store import event_log
from tracker.store.tables.handlers import ShareHandlerRow
from tracker.store.tables.units import UserRow


def set_handler(
    session: Session,
    *,
    assignment_id: int,
    words: str,
    person_id: int | None,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Note who handles a share, in place of who did; the same again is no act.

    `version` is that of the note as the page showed it, 0 for none. Records ShareHandlerSet. Raises NotFound,
    NotYourTask, HandlerTooLong, HandlerUnfit, Stale.
    """
    words = check_handler(words)
    share, _task = load_share(session, assignment_id=assignment_id, actor=actor, act="handle")
    if person_id is not None:
        _check_person(session, person_id, unit_ids={share.unit_id, actor.unit_id or 0})
    row = session.get(ShareHandlerRow, assignment_id)
    if row is not None and row.unit_id != share.unit_id:  # of before a merger
        row.unit_id, row.words, row.person_id = share.unit_id, "", None
    if version is not None and version != (row.version if row is not None else 0):
        raise Stale()
    if row is None:
        row = ShareHandlerRow(assignment_id=assignment_id, unit_id=share.unit_id, set_by=actor.name, set_at=at)
        session.add(row)
    elif (row.words, row.person_id) == (words, person_id):
        return
    row.words, row.person_id, row.set_by, row.set_at = words, person_id, actor.name, at
    event = ShareHandlerSet(
        task_id=share.task_id, unit_id=share.unit_id, assignment_id=assignment_id, words=words, person_id=person_id
    )
    event_log.record(session, event, actor=actor, at=at)


def _check_person(session: Session, person_id: int, *, unit_ids: set[int]) -> None:
    """Refuse whoever is not in the unit, or in that which keeps the group whose share it is. Raises HandlerUnfit."""
    person = session.get(UserRow, person_id)
    if person is None or not person.active or person.unit_id not in unit_ids or Role(person.role) not in OF_A_UNIT:
        raise HandlerUnfit()
