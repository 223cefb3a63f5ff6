"""Somebody is let in: a log-in is opened for him, or half a one where he has to show his second factor first."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from tracker.domain.account_policy import HALF, AccountPolicy, FactorRule, Moment
from tracker.domain.accounts import Actor, Role
from tracker.domain.events.accounts import LogInSucceeded
from tracker.steps.log_ins import Came, end_log_ins, key_digest, open_log_in, open_log_ins
from tracker.steps.second_factors import BY_PROVIDER, kept_factor
from tracker.store import event_log
from tracker.store.tables.second_factors import HalfLogInRow
from tracker.store.tables.units import UnitRow, UserRow

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """The key of a log-in, or of half a one where a second factor is to be shown."""

    key: str
    half: bool = False


def open_or_half(
    session: Session,
    user: UserRow,
    *,
    came: Came,
    policy: AccountPolicy,
    when: Moment,
    by_provider: bool = False,
    strong: bool = False,
) -> Opened:
    """Open a log-in, or half a one where the person has a second factor and the policy asks for it.

    `by_provider`: the unified log-in says who he is, `strong`: and that he showed a second factor there. Records
    LogInSucceeded.
    """
    if strong:
        opened = open_for(session, user, came=came, policy=policy, when=when, factor=BY_PROVIDER, by_provider=True)
        return Opened(opened)
    if policy.second_factor is not FactorRule.OFF and kept_factor(session, user.id or 0) is not None:
        return Opened(_open_half(session, user, by_provider=by_provider, now=when.now), half=True)
    return Opened(open_for(session, user, came=came, policy=policy, when=when, by_provider=by_provider))


def open_for(
    session: Session,
    user: UserRow,
    *,
    came: Came,
    policy: AccountPolicy,
    when: Moment,
    factor: str | None = None,
    by_provider: bool = False,
) -> str:
    """Open a log-in and return its key; the oldest ones end where there are as many as the policy allows.

    `factor` is what the person showed besides a password. Records LogInSucceeded, LogInsEnded.
    """
    user_id = user.id or 0
    user.last_login_at = when.now
    user.must_change = user.must_change or policy.is_expired(user.password_changed_at, now=when.now)
    actor = actor_of(session, user, came.address)
    rows = open_log_ins(session, user_id, now=when.now)
    spare = max(0, len(rows) - policy.sessions + 1) if policy.sessions else 0
    end_log_ins(session, rows[:spare], cause="limit", actor=actor, now=when.now, at=when.at)
    event = LogInSucceeded(
        user_id=user_id, address=came.address, browser=came.browser, factor=factor, by_provider=by_provider
    )
    event_log.record(session, event, actor=actor, at=when.at)
    return open_log_in(session, user_id=user_id, now=when.now, came=came, factor=factor, by_provider=by_provider)


def _open_half(session: Session, user: UserRow, *, by_provider: bool, now: datetime) -> str:
    session.execute(delete(HalfLogInRow).where(col(HalfLogInRow.created_at) <= now - HALF))
    key = secrets.token_urlsafe(_KEY_BYTES)
    row = HalfLogInRow(key_sha256=key_digest(key), user_id=user.id or 0, password_sha256="", created_at=now)
    row.password_sha256, row.by_provider = _account_digest(user), by_provider
    session.add(row)
    return key


def half_of(session: Session, *, key: str, now: datetime) -> tuple[HalfLogInRow, UserRow] | None:
    """Return the half log-in behind a key and whose it is, locked; None where it ended, or what opened it changed."""
    found = session.execute(
        select(HalfLogInRow, UserRow)
        .join(UserRow, col(UserRow.id) == col(HalfLogInRow.user_id))
        .where(
            col(HalfLogInRow.key_sha256) == key_digest(key),
            col(HalfLogInRow.created_at) > now - HALF,
            col(UserRow.active).is_(True),
        )
        .with_for_update()
    ).first()
    if found is None or found[0].password_sha256 != _account_digest(found[1]):
        return None
    return found[0], found[1]


def _account_digest(user: UserRow) -> str:
    """Return the digest of what a half log-in was opened by and for: with another one it is worth nothing."""
    return key_digest("\n".join((user.password_hash, user.code_second_hash or "", user.role)))


def actor_of(session: Session, user: UserRow, address: str | None) -> Actor:
    return actor_in(user, session.get(UnitRow, user.unit_id) if user.unit_id else None, address)


def actor_in(user: UserRow, unit: UnitRow | None, address: str | None) -> Actor:
    return Actor(
        user_id=user.id,
        name=user.name,
        role=Role(user.role),
        unit_id=user.unit_id,
        unit_name=unit.short_name if unit else None,
        address=address,
    )
