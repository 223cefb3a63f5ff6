"""How an e-mail row leaves: claimed, handed over, settled; each step is a transaction of its own.

Dying before the hand-over leaves a message certainly unsent: its claim expires and it is tried again. Dying after it
leaves nobody knowing: the row is held until a person decides, so nothing is sent twice behind anybody's back.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, text, update
from sqlalchemy.sql.dml import Update
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.machinery import ReminderResent, ReminderSettled
from tracker.store import event_log
from tracker.store.tables.events import IS_OPEN_REMINDER, ReminderRow, ReminderState
from tracker.store.tables.units import UserRow

CLAIM_S = 60
# Four days: a server that went away on the eve of a weekend, or of three days off, is waited for.
MAX_ATTEMPTS = 28
_PAUSES_MIN = (1, 5, 15, 60, 240)
_RING_AGAIN_S = 10


class NotHeld(Rejected):
    """Only a message whose outcome is unknown, or that failed, can be decided upon; facts: state."""

    code = "reminder_not_held"


@dataclass(frozen=True, slots=True)
class ClaimedReminder:
    """What a worker needs to send one message; `token` proves the claim."""

    id: int
    token: str
    key: str
    address: str
    subject: str
    reason: str
    content: dict[str, object]
    planned_for: datetime
    attempt: int


def reminders_to_ring(session: Session, *, now: datetime, machine_now: datetime, limit: int = 200) -> list[int]:
    """Return the rows that may leave by now and mark them as rung; one not taken up is rung again after 10 s."""
    ids = list(
        session.scalars(
            select(col(ReminderRow.id))
            .where(
                text(IS_OPEN_REMINDER),
                col(ReminderRow.state) == ReminderState.PENDING.value,
                col(ReminderRow.planned_for) <= now,
                col(ReminderRow.next_at) <= machine_now,
                col(ReminderRow.rung_at).is_(None)
                | (col(ReminderRow.rung_at) < machine_now - timedelta(seconds=_RING_AGAIN_S)),
            )
            .order_by(col(ReminderRow.next_at), col(ReminderRow.id))
            .limit(limit)
        )
    )
    if ids:
        session.execute(update(ReminderRow).where(col(ReminderRow.id).in_(ids)).values(rung_at=machine_now))
    return [int(found or 0) for found in ids]


def claim_reminder(session: Session, *, reminder_id: int, machine_now: datetime) -> ClaimedReminder | None:
    """Take a pending row for a minute; None where somebody else has it, it was settled, or nobody should get it.

    The attempt counts before the work, so a row that kills its process comes to an end too.
    """
    token = secrets.token_hex(16)
    taken = _update(
        session,
        update(ReminderRow)
        .where(
            col(ReminderRow.id) == reminder_id,
            col(ReminderRow.state) == ReminderState.PENDING.value,
            col(ReminderRow.next_at) <= machine_now,
        )
        .values(
            state=ReminderState.CLAIMED.value,
            claim_token=token,
            claim_until=machine_now + timedelta(seconds=CLAIM_S),
            attempts=ReminderRow.attempts + 1,
        ),
    )
    if not taken:
        return None
    row = session.get_one(ReminderRow, reminder_id)
    session.refresh(row)
    person = session.get(UserRow, row.recipient_id)
    if person is None or not person.active or row.address is None:
        row.state, row.last_error = ReminderState.CANCELLED.value, "收件人已停用"
        return None
    if row.attempts > MAX_ATTEMPTS:
        row.state, row.last_error = ReminderState.FAILED.value, "多次尝试未成"
        return None
    return ClaimedReminder(
        reminder_id, token, row.ukey, row.address, row.subject, row.reason, row.content, row.planned_for, row.attempts
    )


def begin_hand_over(session: Session, claimed: ClaimedReminder) -> bool:
    """Note that the text is about to flow; False where the claim was lost meanwhile."""
    return _settle(session, claimed, ReminderState.CLAIMED, state=ReminderState.HANDING_OVER.value)


def record_sent(session: Session, claimed: ClaimedReminder, *, at: datetime) -> bool:
    """Note that a message was accepted, also where that took so long that it was held meanwhile."""
    was = (ReminderState.HANDING_OVER, ReminderState.HELD)
    return _settle(session, claimed, *was, state=ReminderState.SENT.value, sent_at=at, last_error=None)


def record_unknown(session: Session, claimed: ClaimedReminder, *, reply: str) -> bool:
    """Hold a message of which nobody knows whether it was accepted 「发送结果不明」."""
    return _settle(session, claimed, ReminderState.HANDING_OVER, state=ReminderState.HELD.value, last_error=reply)


def record_refused(
    session: Session, claimed: ClaimedReminder, *, reply: str, for_good: bool, at: datetime
) -> ReminderState:
    """Give up, or try again after a growing pause; return the state that the row has now."""
    row = session.get_one(ReminderRow, claimed.id)
    if row.claim_token != claimed.token:
        return ReminderState(row.state)
    row.last_error = reply
    if for_good or row.attempts >= MAX_ATTEMPTS:
        row.state = ReminderState.FAILED.value
        return ReminderState.FAILED
    row.state = ReminderState.PENDING.value
    row.next_at = at + timedelta(minutes=_PAUSES_MIN[min(row.attempts, len(_PAUSES_MIN)) - 1])
    row.rung_at = None
    return ReminderState.PENDING


def release_expired(session: Session, *, machine_now: datetime) -> int:
    """Free what a dead worker had claimed, hold what it was handing over; return how many rows."""
    expired = col(ReminderRow.claim_until) < machine_now
    freed = _update(
        session,
        update(ReminderRow)
        .where(text(IS_OPEN_REMINDER), col(ReminderRow.state) == ReminderState.CLAIMED.value, expired)
        .values(state=ReminderState.PENDING.value, rung_at=None, claim_token=None),
    )
    held = _update(
        session,
        update(ReminderRow)
        .where(text(IS_OPEN_REMINDER), col(ReminderRow.state) == ReminderState.HANDING_OVER.value, expired)
        .values(state=ReminderState.HELD.value, last_error="交付中断，结果不明"),
    )
    return freed + held


def resend(session: Session, *, reminder_id: int, actor: Actor, at: datetime, machine_now: datetime) -> None:
    """Let a held or failed message go once more 「补发」. Records ReminderResent. Raises NotHeld, NotFound."""
    row = _undecided(session, reminder_id=reminder_id, actor=actor)
    row.state, row.attempts, row.rung_at = ReminderState.PENDING.value, 0, None
    row.next_at, row.claim_token = machine_now, None
    event_log.record(session, ReminderResent(reminder_id=reminder_id, ukey=row.ukey), actor=actor, at=at)


def settle(session: Session, *, reminder_id: int, actor: Actor, at: datetime) -> None:
    """Note that a held message did arrive 「确认已收」. Records ReminderSettled. Raises NotHeld, NotFound."""
    row = _undecided(session, reminder_id=reminder_id, actor=actor)
    row.state, row.sent_at = ReminderState.SENT.value, at
    event_log.record(session, ReminderSettled(reminder_id=reminder_id, ukey=row.ukey), actor=actor, at=at)


def _undecided(session: Session, *, reminder_id: int, actor: Actor) -> ReminderRow:
    require_role(actor, Role.SUPERVISOR, act="settle_reminder")
    row = session.get(ReminderRow, reminder_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.state not in {ReminderState.HELD.value, ReminderState.FAILED.value}:
        raise NotHeld(state=row.state)
    return row


def _settle(session: Session, claimed: ClaimedReminder, *was: ReminderState, **values: object) -> bool:
    return bool(
        _update(
            session,
            update(ReminderRow)
            .where(
                col(ReminderRow.id) == claimed.id,
                col(ReminderRow.claim_token) == claimed.token,
                col(ReminderRow.state).in_([state.value for state in was]),
            )
            .values(**values),
        )
    )


def _update(session: Session, statement: Update) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
