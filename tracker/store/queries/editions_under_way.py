"""Editions that wait for somebody: for approval, to be changed, or to be issued."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, func, literal, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role
from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.events import CircularChanged
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow

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
    asked = edition.state == EditionState.SUBMITTED.value and actor.role in KINDS[CircularType(edition.type)].approvers
    return asked and edition.drafted_by_id != actor.user_id


def _under_way(session: Session) -> tuple[EditionUnderWay, ...]:
    # Few editions are under way, and events of this type are rare: the index of types finds those that name one.
    named = literal('"circular_id": ') + cast(col(CircularRow.id), String) + ","
    since = (
        select(func.max(col(EventRow.occurred_at)))
        .where(col(EventRow.type) == CircularChanged.type, col(EventRow.payload).contains(named))
        .scalar_subquery()
    )
    columns = (
        col(CircularRow.id),
        col(CircularRow.type),
        col(CircularRow.state),
        col(CircularRow.title),
        col(CircularRow.drafted_by),
        col(CircularRow.drafted_by_id),
        since.label("since"),
    )
    returned = col(CircularRow.sent_back_because).is_not(None) & (col(CircularRow.state) == EditionState.DRAFT.value)
    wanted = select(*columns).where(or_(col(CircularRow.state).in_(_SENT), returned))
    rows = session.execute(wanted.order_by(since, col(CircularRow.id)))
    return tuple(EditionUnderWay(*row) for row in rows)
