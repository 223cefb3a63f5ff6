"""People log in and out. A password is looked at outside of any transaction, between `begin_log_in` and what follows.

Whoever has a second factor is half in after his password: a key of its own, which opens nothing and ends after five
minutes, until he shows it (`second_step`).
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.account_policy import ABSOLUTE, IDLE, AccountPolicy, Moment
from tracker.domain.accounts import ADMINISTRATORS, Actor, Role
from tracker.domain.errors import Forbidden
from tracker.domain.events.accounts import LogInFailed, LogInThrottled
from tracker.domain.passwords import WayIn
from tracker.steps.accounts import way_in
from tracker.steps.letting_in import Opened, actor_in, open_or_half
from tracker.steps.log_ins import Came, end_log_ins, key_digest
from tracker.steps.throttling import Attempt, blocked_by, count_attempt, forget_attempt
from tracker.store import event_log
from tracker.store.queries.overtaking import log_head
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.units import LoginRow, UnitRow, UserRow

__all__ = ["Attempt", "Came", "Opened"]
SEEN_EVERY = timedelta(minutes=1)
_NOBODY = Actor(None, "未登录", Role.SYSTEM)


class WrongCredentials(Forbidden):
    """Nobody is let in: which of account and password is wrong is not said, nor whether too many tries were made."""

    code = "wrong_credentials"


class CodeExpired(Forbidden):
    """The one-time code is the right one, but was not used in time."""

    code = "code_expired"


class HalfOfCode(Forbidden):
    """The first half of a one-time code is the right one, and the second was not typed, or is not made yet."""

    code = "half_of_code"


class PasswordsClosed(Forbidden):
    """The password is right, but by the policy people of this role come in by the unified log-in only."""

    code = "passwords_closed"


@dataclass(frozen=True, slots=True)
class Begun:
    """A try that was counted: the account whose way in is to be looked at; none where there is none to let in."""

    user_id: int | None = None
    way: WayIn | None = None
    why_not: str = ""


def begin_log_in(
    session: Session, attempt: Attempt, *, policy: AccountPolicy, when: Moment, demonstration: bool
) -> Begun | None:
    """Count a try, and return whose password it is about; None where too many failed before.

    Accounts of the demonstration are let in where `demonstration` only. The caller looks at a password in any case.
    """
    if count_attempt(session, attempt, now=when.now, throttles=policy.throttles) is not None:
        return None
    user = _account(session, attempt)
    if user is None:
        return Begun(why_not="unknown")
    if not user.active:
        return Begun(user.id, why_not="disabled")
    if user.demonstration and not demonstration:
        return Begun(user.id, why_not="demonstration")
    return Begun(user.id, way_in(user))


def _account(session: Session, attempt: Attempt) -> UserRow | None:
    return session.scalars(select(UserRow).where(col(UserRow.login) == attempt.login.strip())).first()


def note_failure(
    session: Session, attempt: Attempt, begun: Begun, *, policy: AccountPolicy, secret: str, when: Moment
) -> None:
    """Record that a try failed, and from when on further ones are refused. Records LogInFailed, LogInThrottled."""
    typed = _typed(attempt.login, secret) if begun.user_id is None else ""
    why = begun.why_not or "password"
    failed = LogInFailed(user_id=begun.user_id, typed=typed, why=why, address=attempt.address)
    event_log.record(session, failed, actor=_NOBODY, at=when.at)
    blocked = blocked_by(session, attempt, now=when.now, throttles=policy.throttles)
    if blocked is not None:
        event = LogInThrottled(
            user_id=begun.user_id,
            typed=typed,
            kind=blocked.kind.value,
            until=blocked.until,
            address=attempt.address,
        )
        event_log.record(session, event, actor=_NOBODY, at=when.at)


def _typed(text: str, secret: str) -> str:
    """Return a keyed digest: whoever types his password for his name has not told it to the log."""
    return hmac.new(secret.encode(), text.strip().encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:16]


def let_in(
    session: Session,
    attempt: Attempt,
    begun: Begun,
    *,
    came: Came,
    policy: AccountPolicy,
    when: Moment,
    provider: bool = False,
) -> Opened:
    """Open a log-in for whose password was right, half a one where he has a second factor. Records LogInSucceeded.

    The oldest log-ins end where the person has as many as the policy allows. `provider`: there is a unified log-in.
    Raises CodeExpired, PasswordsClosed, and WrongCredentials where the account changed meanwhile.
    """
    user = session.scalars(select(UserRow).where(col(UserRow.id) == begun.user_id).with_for_update()).first()
    if user is None or not user.active or way_in(user) != begun.way:
        raise WrongCredentials()
    if user.code_expires_at is not None and user.code_expires_at <= when.now:
        raise CodeExpired()
    forget_attempt(session, attempt, now=when.now, throttles=policy.throttles)
    if provider and not policy.password_beside_provider and user.role not in ADMINISTRATORS:
        raise PasswordsClosed()
    return open_or_half(session, user, came=came, policy=policy, when=when)


def log_out(session: Session, *, key: str, came: Came, when: Moment) -> None:
    """End a log-in; an unknown key is as good as logged out. Records LogInsEnded."""
    found = who_is(session, key=key, now=when.now, address=came.address)
    rows = session.scalars(select(LoginRow).where(col(LoginRow.key_sha256) == key_digest(key)).with_for_update()).all()
    if found is not None:
        end_log_ins(session, rows, cause="left", actor=found.actor, now=when.now, at=when.at)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who a key belongs to; `unseen_for` is how long ago that was last written down.

    `must_change`: nothing is open to him but to choose a password. `has_factor`: he set up a second factor, or showed
    one. `acting_for_id`: in whose name he asked to act, which is looked at anew at each request.
    """

    login: str
    actor: Actor
    unseen_for: timedelta
    log_in_id: int
    must_change: bool
    has_factor: bool
    by_provider: bool
    acting_for_id: int | None = None
    large_print: bool = False
    since_event: int | None = None


def who_is(session: Session, *, key: str, now: datetime, address: str | None = None) -> LoggedIn | None:
    """Return the person behind a key; None where it is unknown, revoked, idle or too old."""
    found = session.execute(
        select(LoginRow, UserRow, UnitRow, col(SecondFactorRow.sealed))
        .join(UserRow, col(UserRow.id) == col(LoginRow.user_id))
        .outerjoin(UnitRow, col(UnitRow.id) == col(UserRow.unit_id))
        .outerjoin(SecondFactorRow, col(SecondFactorRow.user_id) == col(UserRow.id))
        .where(
            col(LoginRow.key_sha256) == key_digest(key),
            col(LoginRow.revoked_at).is_(None),
            col(LoginRow.last_seen_at) > now - IDLE,
            col(LoginRow.created_at) > now - ABSOLUTE,
            col(UserRow.active).is_(True),
        )
    ).first()
    if found is None:
        return None
    row, user, unit, sealed = found
    return LoggedIn(
        user.login,
        actor_in(user, unit, address),
        now - row.last_seen_at,
        row.id or 0,
        user.must_change and not row.by_provider,
        has_factor=sealed is not None or row.factor is not None,
        by_provider=row.by_provider,
        acting_for_id=row.acting_for_id,
        large_print=user.large_print,
        since_event=row.since_event,
    )


def keep_alive(session: Session, *, key: str, now: datetime) -> None:
    """Note that the log-in is used; worth a write once in `SEEN_EVERY`."""
    row = session.scalars(select(LoginRow).where(col(LoginRow.key_sha256) == key_digest(key))).first()
    if row is not None and row.last_seen_at < now:
        row.last_seen_at, row.seen_event = now, log_head(session)
