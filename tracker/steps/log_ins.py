"""Log-ins of a person: opened with a secret key, ended before their time."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.account_policy import ABSOLUTE, IDLE
from tracker.domain.accounts import Actor
from tracker.domain.events.accounts import LogInsEnded
from tracker.store import event_log
from tracker.store.queries.overtaking import log_head
from tracker.store.tables.units import LoginRow

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Came:
    """Where a request came from: its address, and what the browser says of itself."""

    address: str | None = None
    browser: str | None = None


def key_digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def open_log_in(
    session: Session, *, user_id: int, now: datetime, came: Came, factor: str | None = None, by_provider: bool = False
) -> str:
    """Open a log-in and return its secret key; the database keeps the key's hash only.

    `now` is the host's time: log-ins do not follow a demonstration clock.
    """
    key = secrets.token_urlsafe(_KEY_BYTES)
    before = select(col(LoginRow.seen_event)).where(col(LoginRow.user_id) == user_id)
    since = session.scalars(before.order_by(col(LoginRow.last_seen_at).desc(), col(LoginRow.id).desc())).first()
    row = LoginRow(user_id=user_id, key_sha256=key_digest(key), created_at=now, last_seen_at=now)
    row.since_event, row.seen_event = since, log_head(session)
    row.address, row.browser, row.factor, row.by_provider = came.address, came.browser, factor, by_provider
    session.add(row)
    return key


def open_log_ins(session: Session, user_id: int, *, now: datetime) -> Sequence[LoginRow]:
    """Return the log-ins of a person that may be used now, locked, the oldest first."""
    wanted = (
        select(LoginRow)
        .where(
            col(LoginRow.user_id) == user_id,
            col(LoginRow.revoked_at).is_(None),
            col(LoginRow.last_seen_at) > now - IDLE,
            col(LoginRow.created_at) > now - ABSOLUTE,
        )
        .order_by(col(LoginRow.created_at), col(LoginRow.id))
        .with_for_update()
    )
    return session.scalars(wanted).all()


def end_log_ins(
    session: Session, rows: Sequence[LoginRow], *, cause: str, actor: Actor, now: datetime, at: datetime
) -> int:
    """End log-ins of one person; return how many. Records LogInsEnded where there were any."""
    for row in rows:
        row.revoked_at = now
    if rows:
        event = LogInsEnded(user_id=rows[0].user_id, cause=cause, ended=len(rows), address=actor.address)
        event_log.record(session, event, actor=actor, at=at)
    return len(rows)
