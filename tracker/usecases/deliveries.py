"""The event log as outbox: every subscribed event becomes one delivery a reaction, done exactly once.

The relay reads behind a cursor; a reaction's rows and the end of its delivery commit together. A delivery that
raises is tried again after a growing pause and given up after eight attempts, as one is whose worker died as often;
other deliveries go on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, func, insert, or_, select, text, update
from sqlmodel import Session, col

from tracker.domain.deliveries import ClaimedDelivery, Delivery
from tracker.domain.events.base import Event
from tracker.domain.events.decoding import decode
from tracker.store.tables.events import (
    IS_OPEN_DELIVERY,
    IS_OPEN_REMINDER,
    DeliveryRow,
    DeliveryState,
    EventRow,
    RelayCursorRow,
    ReminderRow,
    ReminderState,
)

MAX_ATTEMPTS = 8
_CLAIM_S = 60
_PAUSES_S = (5, 30, 120, 600, 3_600)
_RING_AGAIN_S = 10
_PAGE = 500
_WORKERS_DIED = "Each process that claimed it ended before it was done"


def fan_out(session: Session, subscriptions: Mapping[type[Event], tuple[str, ...]], *, machine_now: datetime) -> int:
    """Turn the next page of events into deliveries; return how many events were read, 0 at the log's end."""
    subscribed = {kind.type: reactions for kind, reactions in subscriptions.items()}
    cursor = session.get(RelayCursorRow, 1, with_for_update=True)
    if cursor is None:
        cursor = RelayCursorRow(id=1, seq=0)
        session.add(cursor)
    events = session.execute(
        select(col(EventRow.seq), col(EventRow.type))
        .where(col(EventRow.seq) > cursor.seq)
        .order_by(col(EventRow.seq))
        .limit(_PAGE)
    ).all()
    rows = [
        {"event_seq": seq, "reaction": reaction, "state": "pending", "attempts": 0, "next_at": machine_now}
        for seq, type_ in events
        for reaction in subscribed.get(type_, ())
    ]
    if rows:
        session.execute(insert(DeliveryRow), rows)
    if events:
        cursor.seq = events[-1][0]
    return len(events)


def deliveries_to_ring(session: Session, *, machine_now: datetime, limit: int = 200) -> list[int]:
    """Return the deliveries that are due and mark them as rung; free those of dead workers first."""
    _free(session, machine_now=machine_now)
    ids = list(
        session.scalars(
            select(col(DeliveryRow.id))
            .where(
                text(IS_OPEN_DELIVERY),
                col(DeliveryRow.state) == DeliveryState.PENDING.value,
                col(DeliveryRow.next_at) <= machine_now,
                col(DeliveryRow.rung_at).is_(None)
                | (col(DeliveryRow.rung_at) < machine_now - timedelta(seconds=_RING_AGAIN_S)),
            )
            .order_by(col(DeliveryRow.next_at), col(DeliveryRow.id))
            .limit(limit)
        )
    )
    if ids:
        session.execute(update(DeliveryRow).where(col(DeliveryRow.id).in_(ids)).values(rung_at=machine_now))
    return [int(found or 0) for found in ids]


def _free(session: Session, *, machine_now: datetime) -> None:
    """Let others try what a dead worker had claimed; what has cost that many workers is given up."""
    orphaned = (
        text(IS_OPEN_DELIVERY),
        col(DeliveryRow.state) == DeliveryState.CLAIMED.value,
        col(DeliveryRow.claim_until) < machine_now,
    )
    session.execute(
        update(DeliveryRow)
        .where(*orphaned, col(DeliveryRow.attempts) >= MAX_ATTEMPTS)
        .values(state=DeliveryState.FAILED.value, last_error=_WORKERS_DIED)
    )
    session.execute(update(DeliveryRow).where(*orphaned).values(state=DeliveryState.PENDING.value, rung_at=None))


def claim_delivery(session: Session, *, delivery_id: int, machine_now: datetime) -> ClaimedDelivery | None:
    """Take a delivery for a minute; None where it is taken, done or not due. The attempt counts before the work."""
    result = session.execute(
        update(DeliveryRow)
        .where(
            col(DeliveryRow.id) == delivery_id,
            col(DeliveryRow.state) == DeliveryState.PENDING.value,
            col(DeliveryRow.next_at) <= machine_now,
        )
        .values(
            state=DeliveryState.CLAIMED.value,
            attempts=DeliveryRow.attempts + 1,
            claim_until=machine_now + timedelta(seconds=_CLAIM_S),
        ),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(result, CursorResult)
    if not result.rowcount:
        return None
    delivery = session.get_one(DeliveryRow, delivery_id)
    session.refresh(delivery)
    return ClaimedDelivery(delivery_id, delivery.reaction, delivery.attempts, delivery.event_seq)


def delivered(session: Session, claimed: ClaimedDelivery) -> Delivery:
    """Return what a reaction is handed of a claimed delivery. Raises Undecodable."""
    row = session.get_one(EventRow, claimed.event_seq)
    return Delivery(decode(row.type, json.loads(row.payload)), row.seq, row.occurred_at, row.actor_id, row.actor_unit)


def finish(session: Session, claimed: ClaimedDelivery) -> bool:
    """End a delivery in the transaction of its reaction; False where another process has it by now."""
    result = session.execute(
        update(DeliveryRow)
        .where(
            col(DeliveryRow.id) == claimed.id,
            col(DeliveryRow.state) == DeliveryState.CLAIMED.value,
            col(DeliveryRow.attempts) == claimed.attempts,
        )
        .values(state=DeliveryState.DONE.value, last_error=None),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(result, CursorResult)
    return bool(result.rowcount)


def put_off(session: Session, claimed: ClaimedDelivery, *, error: str, machine_now: datetime) -> DeliveryState:
    """Note a failed attempt; the last one gives the delivery up, where it stays to be seen. Return its state now."""
    row = session.get_one(DeliveryRow, claimed.id)
    if row.attempts != claimed.attempts or row.state != DeliveryState.CLAIMED.value:
        return DeliveryState(row.state)
    row.last_error = error[:500]
    if row.attempts >= MAX_ATTEMPTS:
        row.state = DeliveryState.FAILED.value
        return DeliveryState.FAILED
    row.state, row.rung_at = DeliveryState.PENDING.value, None
    row.next_at = machine_now + timedelta(seconds=_PAUSES_S[min(row.attempts, len(_PAUSES_S)) - 1])
    return DeliveryState.PENDING


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits, in seconds since it could have been done: claimed work too, for who claimed it may be stuck.

    `claimed_s` is the age of the oldest claim; `oldest_unread_at` is the office's time of the first event that the
    relay has not read; `failed` were given up.
    """

    deliveries_s: float
    mails_s: float
    claimed_s: float
    unread: int
    oldest_unread_at: datetime | None
    failed: int

    @property
    def lag_s(self) -> float:
        return max(self.deliveries_s, self.mails_s)


def backlog(session: Session, *, machine_now: datetime) -> Backlog:
    """Return what waits in the outbox; of mails those that nobody tried yet or somebody is at."""
    open_ = text(IS_OPEN_DELIVERY)
    claim = select(func.min(col(DeliveryRow.claim_until))).where(
        open_, col(DeliveryRow.state) == DeliveryState.CLAIMED.value
    )
    mails = select(func.min(col(ReminderRow.next_at))).where(
        text(IS_OPEN_REMINDER),
        or_(col(ReminderRow.state) != ReminderState.PENDING.value, col(ReminderRow.attempts) == 0),
    )
    cursor = session.get(RelayCursorRow, 1)
    first = select(func.min(col(EventRow.seq))).where(col(EventRow.seq) > (cursor.seq if cursor else 0))
    failed = select(func.count()).where(col(DeliveryRow.state) == DeliveryState.FAILED.value)

    def since(at: datetime | None) -> float:
        return round(max(0.0, (machine_now - at).total_seconds()), 1) if at is not None else 0.0

    until = session.execute(claim).scalar_one()
    return Backlog(
        deliveries_s=since(session.execute(select(func.min(col(DeliveryRow.next_at))).where(open_)).scalar_one()),
        mails_s=since(session.execute(mails).scalar_one()),
        claimed_s=since(until - timedelta(seconds=_CLAIM_S) if until else None),
        unread=unread(session),
        oldest_unread_at=session.scalar(
            select(col(EventRow.occurred_at)).where(col(EventRow.seq) == first.scalar_subquery())
        ),
        failed=int(session.execute(failed).scalar_one()),
    )


def unread(session: Session) -> int:
    """Return how many events the relay has not read yet."""
    head = session.execute(select(func.max(col(EventRow.seq)))).scalar_one() or 0
    cursor = session.get(RelayCursorRow, 1)
    return int(head) - (cursor.seq if cursor else 0)
