"""People log in and out; an account locks after too many wrong passwords."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role
from tracker.domain.errors import Forbidden, Rejected
from tracker.store.tables.units import LoginRow, UnitRow, UserRow

IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)
ABSOLUTE = timedelta(hours=8)
_TRIES = 5
_LOCK = timedelta(minutes=30)


class WrongCredentials(Forbidden):
    """The login and the password do not belong together; which of the two is wrong is not said."""

    code = "wrong_credentials"


class AccountLocked(Forbidden):
    """Too many wrong passwords; try again in half an hour."""

    code = "account_locked"


class LoginTaken(Rejected):
    """An account with that login exists; facts: login."""

    code = "login_taken"


@dataclass(frozen=True, slots=True)
class NewUser:
    login: str
    name: str
    role: Role
    password_hash: str
    unit_code: str | None = None
    email: str | None = None


def create_user(session: Session, user: NewUser) -> None:
    """Enter an account. Raises LoginTaken."""
    if session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == user.login)).first() is not None:
        raise LoginTaken(login=user.login)
    unit_id = None
    if user.unit_code is not None:
        unit_id = session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == user.unit_code)).one()
    session.add(
        UserRow(
            login=user.login,
            name=user.name,
            role=user.role.value,
            unit_id=unit_id,
            email=user.email,
            password_hash=user.password_hash,
        )
    )


def find_login(session: Session, *, login: str, now: datetime) -> UserRow | None:
    """Return the active account of that login. Raises AccountLocked."""
    user = session.scalars(
        select(UserRow).where(col(UserRow.login) == login.strip(), col(UserRow.active).is_(True)).with_for_update()
    ).first()
    if user is not None and user.locked_until is not None and user.locked_until > now:
        raise AccountLocked()
    return user


def note_failure(session: Session, *, login: str, now: datetime) -> None:
    """Count a wrong password; the fifth in a row locks the account for half an hour."""
    user = session.scalars(select(UserRow).where(col(UserRow.login) == login.strip()).with_for_update()).first()
    if user is None:
        return
    user.failed_logins += 1
    if user.failed_logins >= _TRIES:
        user.failed_logins, user.locked_until = 0, now + _LOCK


def log_in(session: Session, *, user_id: int, now: datetime) -> str:
    """Open a log-in session and return its secret key; the database keeps the key's hash only.

    `now` is the host's time: sessions do not follow a demonstration clock.
    """
    user = session.get_one(UserRow, user_id)
    user.failed_logins, user.locked_until = 0, None
    key = secrets.token_urlsafe(32)
    session.add(LoginRow(user_id=user_id, key_sha256=_digest(key), created_at=now, last_seen_at=now))
    return key


def log_out(session: Session, *, key: str, now: datetime) -> None:
    """Revoke a log-in session; an unknown key is as good as logged out."""
    row = session.scalars(select(LoginRow).where(col(LoginRow.key_sha256) == _digest(key))).first()
    if row is not None:
        row.revoked_at = now


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who a key belongs to; `unseen_for` is how long ago that was last written down."""

    login: str
    actor: Actor
    unseen_for: timedelta


def who_is(session: Session, *, key: str, now: datetime) -> LoggedIn | None:
    """Return the person behind a key; None where it is unknown, revoked, idle or too old."""
    found = session.execute(
        select(LoginRow, UserRow, UnitRow)
        .join(UserRow, col(UserRow.id) == col(LoginRow.user_id))
        .outerjoin(UnitRow, col(UnitRow.id) == col(UserRow.unit_id))
        .where(
            col(LoginRow.key_sha256) == _digest(key),
            col(LoginRow.revoked_at).is_(None),
            col(LoginRow.last_seen_at) > now - IDLE,
            col(LoginRow.created_at) > now - ABSOLUTE,
            col(UserRow.active).is_(True),
        )
    ).first()
    if found is None:
        return None
    row, user, unit = found
    actor = Actor(
        user_id=user.id,
        name=user.name,
        role=Role(user.role),
        unit_id=user.unit_id,
        unit_name=unit.short_name if unit else None,
    )
    return LoggedIn(user.login, actor, now - row.last_seen_at)


def keep_alive(session: Session, *, key: str, now: datetime) -> None:
    """Note that the session is used; worth a write once in `SEEN_EVERY`."""
    row = session.scalars(select(LoginRow).where(col(LoginRow.key_sha256) == _digest(key))).first()
    if row is not None and row.last_seen_at < now:
        row.last_seen_at = now


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
