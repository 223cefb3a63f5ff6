"""What somebody shows besides his password: an authenticator's code or a recovery code, each good once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from tracker.domain.account_policy import AccountPolicy
from tracker.domain.accounts import Actor
from tracker.domain.events.accounts import RecoveryCodeUsed
from tracker.steps.throttling import Attempt, count_attempt, forget_attempt
from tracker.store import event_log
from tracker.store.tables.second_factors import RecoveryCodeRow, SecondFactorRow

BY_CODE, BY_RECOVERY, BY_PROVIDER = "totp", "recovery", "provider"


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery code that was not used yet; `mark` is its first group."""

    recovery_id: int
    mark: str
    code_hash: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a code is compared with."""

    user_id: int
    sealed: str
    recovery: Sequence[Recovery]


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found right, outside of any transaction: a time step of the secret `sealed`, or a recovery code."""

    sealed: str
    counter: int | None = None
    recovery_id: int | None = None


def factor_of(session: Session, user_id: int) -> SecondFactorRow | None:
    """Return somebody's row, locked; it may have no secret."""
    wanted = select(SecondFactorRow).where(col(SecondFactorRow.user_id) == user_id)
    return session.scalars(wanted.with_for_update()).first()


def kept_factor(session: Session, user_id: int) -> Kept | None:
    """Return what somebody's codes are compared with; None where he has no second factor."""
    row = session.get(SecondFactorRow, user_id)
    if row is None or row.sealed is None:
        return None
    unused = select(RecoveryCodeRow).where(
        col(RecoveryCodeRow.user_id) == user_id, col(RecoveryCodeRow.used_at).is_(None)
    )
    codes = [Recovery(one.id or 0, one.mark, one.code_hash) for one in session.scalars(unused)]
    return Kept(user_id, row.sealed, codes)


def attempt_at_factor(user_id: int, device: str | None) -> Attempt:
    """Return what guesses of a second factor are counted by.

    Whoever guesses here knows the password: all browsers that were never let in share one count, from wherever they
    come, so that many addresses have no more guesses than one. One that was let in before is counted by itself.
    """
    return Attempt(login=f"second factor {user_id}", address=None, device=device or "any")


def count_guess(session: Session, attempt: Attempt, *, policy: AccountPolicy, now: datetime) -> bool:
    """Count a guess before it is looked at; False where too many failed."""
    return count_attempt(session, attempt, now=now, throttles=policy.throttles) is None


def take(
    session: Session,
    *,
    user_id: int,
    shown: Shown,
    attempt: Attempt,
    policy: AccountPolicy,
    actor: Actor,
    now: datetime,
    at: datetime,
) -> str | None:
    """Use up what was shown; return what it was, None where it was used before or the secret is another one by now.

    Records RecoveryCodeUsed. The guess that it was is forgotten.
    """
    row = factor_of(session, user_id)
    if row is None or row.sealed != shown.sealed:
        return None
    if shown.counter is not None:
        if row.last_counter is not None and shown.counter <= row.last_counter:
            return None
        row.last_counter = shown.counter
    elif not _use_up(session, user_id, shown.recovery_id, actor=actor, now=now, at=at):
        return None
    forget_attempt(session, attempt, now=now, throttles=policy.throttles)
    return BY_CODE if shown.counter is not None else BY_RECOVERY


def _use_up(
    session: Session, user_id: int, recovery_id: int | None, *, actor: Actor, now: datetime, at: datetime
) -> bool:
    mine = col(RecoveryCodeRow.user_id) == user_id, col(RecoveryCodeRow.used_at).is_(None)
    wanted = select(RecoveryCodeRow).where(col(RecoveryCodeRow.id) == recovery_id, *mine)
    code = session.scalars(wanted.with_for_update()).first()
    if code is None:
        return False
    code.used_at = now
    session.flush()
    left = session.execute(select(func.count()).select_from(RecoveryCodeRow).where(*mine)).scalar_one()
    event = RecoveryCodeUsed(user_id=user_id, left=left, address=actor.address)
    event_log.record(session, event, actor=actor, at=at)
    return True


def give_up(session: Session, row: SecondFactorRow) -> None:
    """Take a factor and its recovery codes away; whoever keeps the row says why it went."""
    row.sealed = row.confirmed_at = row.last_counter = None
    row.pending_sealed = row.pending_at = row.pending_log_in_id = None
    session.execute(delete(RecoveryCodeRow).where(col(RecoveryCodeRow.user_id) == row.user_id))
