"""Editions that wait for somebody: for approval, to be changed, or to be issued."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import label, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role
from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.events.circulars import CircularChanged
from tracker.domain.events.decoding import decode_as
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
_SENT = (EditionState.SUBMITTED.value, EditionState.APPROVED.value)


@dataclass(frozen=True, slots=True)
class EditionUnderWay:
    """An edition that waits for its approval or its issue, or was sent back; `since` when it was last changed."""

    circular_id: int
    type: str
    state: str
    title: str
    drafted_by: str
    drafted_by_id: int | None
    drafted_for_id: int | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a person: editions to approve, to change because they were sent back, and to issue."""

    to_approve: tuple[EditionUnderWay, ...]
    to_change: tuple[EditionUnderWay, ...]
    to_issue: tuple[EditionUnderWay, ...]


def waiting_for(session: Session, actor: Actor) -> Waiting:
    """Return the editions that wait for a person, who has waited longest first.

    Whatever was sent back or approved waits for the whole office: each of it may change and issue it.
    """
    found = _under_way(session)
    office = actor.role is Role.SUPERVISOR
    return Waiting(
        to_approve=tuple(one for one in found if _may_approve(one, actor)),
        to_change=tuple(one for one in found if office and one.state == EditionState.DRAFT.value),
        to_issue=tuple(one for one in found if office and one.state == EditionState.APPROVED.value),
    )


def _may_approve(edition: EditionUnderWay, actor: Actor) -> bool:
    rules, drafted_by = KINDS[CircularType(edition.type)], (edition.drafted_by_id, edition.drafted_for_id)
    asked = edition.state == EditionState.SUBMITTED.value
    return asked and rules.may_approve(actor.role, actor.persons, drafted_by=drafted_by)


def _under_way(session: Session) -> tuple[EditionUnderWay, ...]:
    columns = (
        label("circular_id", col(CircularRow.id)),
        col(CircularRow.type),
        col(CircularRow.state),
        col(CircularRow.title),
        col(CircularRow.drafted_by),
        col(CircularRow.drafted_by_id),
        col(CircularRow.drafted_for_id),
        col(CircularRow.last_event),
    )
    returned = col(CircularRow.sent_back_because).is_not(None) & (col(CircularRow.state) == EditionState.DRAFT.value)
    rows = session.execute(select(*columns).where(or_(col(CircularRow.state).in_(_SENT), returned))).all()
    since = _last_changes(session, after=min((row.last_event for row in rows), default=None))
    found = [
        EditionUnderWay(
            circular_id=row.circular_id,
            type=row.type,
            state=row.state,
            title=row.title,
            drafted_by=row.drafted_by,
            drafted_by_id=row.drafted_by_id,
            drafted_for_id=row.drafted_for_id,
            since=since.get(row.circular_id),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.since or _BEFORE_ALL, one.circular_id)))


def _last_changes(session: Session, *, after: int | None) -> dict[int, datetime]:
    """Return when editions were last changed after an event of the log, by edition; nothing where `after` is None.

    An edition is drafted after the event that its facts end with. Few have been since the oldest that is under way.
    """
    if after is None:
        return {}
    told = select(col(EventRow.payload), col(EventRow.occurred_at)).where(
        col(EventRow.type) == CircularChanged.type, col(EventRow.seq) > after
    )
    found: dict[int, datetime] = {}
    for payload, occurred_at in session.execute(told):
        circular_id = decode_as(CircularChanged, json.loads(payload)).circular_id
        found[circular_id] = max(found.get(circular_id, occurred_at), occurred_at)
    return found
