"""The second step of a log-in: who is half in shows his authenticator's code or a recovery code, and is let in."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.errors import Forbidden
from tracker.steps.letting_in import actor_of, half_of, open_for
from tracker.steps.log_ins import Came
from tracker.steps.second_factors import Kept, Shown, attempt_at_factor, count_guess, kept_factor, take
from tracker.steps.throttling import Attempt

__all__ = ["Kept", "Shown", "attempt_at_factor"]


class HalfLogInEnded(Forbidden):
    """Nobody's password was right in this browser lately, or what it opens changed since."""

    code = "half_log_in_ended"


@dataclass(frozen=True, slots=True)
class Half:
    """Who is half in, by the name of his account, and what his codes are compared with."""

    login: str
    kept: Kept


def half_log_in(session: Session, *, key: str, now: datetime) -> Half:
    """Return who is half in by a key. Raises HalfLogInEnded."""
    found = half_of(session, key=key, now=now)
    kept = kept_factor(session, found[1].id or 0) if found else None
    if found is None or kept is None:
        raise HalfLogInEnded()
    return Half(found[1].login, kept)


def count_factor(session: Session, attempt: Attempt, *, policy: AccountPolicy, now: datetime) -> bool:
    """Count a guess of a second factor before it is looked at; False where too many failed."""
    return count_guess(session, attempt, policy=policy, now=now)


def let_in_by_factor(
    session: Session,
    attempt: Attempt,
    *,
    key: str,
    shown: Shown,
    came: Came,
    policy: AccountPolicy,
    when: Moment,
) -> str | None:
    """Open a log-in for who is half in and has shown his factor; return its key, None where it was used before.

    Records LogInSucceeded, RecoveryCodeUsed. Raises HalfLogInEnded.
    """
    found = half_of(session, key=key, now=when.now)
    if found is None:
        raise HalfLogInEnded()
    half, user = found
    factor = take(
        session,
        user_id=half.user_id,
        shown=shown,
        attempt=attempt,
        policy=policy,
        actor=actor_of(session, user, came.address),
        now=when.now,
        at=when.at,
    )
    if factor is None:
        return None
    session.delete(half)
    return open_for(session, user, came=came, policy=policy, when=when, factor=factor, by_provider=half.by_provider)
