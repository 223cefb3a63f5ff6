"""Another is given a way into somebody's account: by a one-time code, or by taking a second factor away.

Whoever gives it could go in himself. So a code is half a code: the account loses its role, and the second person, who
grants it anew, sees the other half. With a second factor an account that may do more than a liaison's loses its role;
and nobody alone resets both what its person knows and what he has.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import GUARDED, Actor, Role, require_role
from tracker.domain.errors import Rejected
from tracker.domain.events.accounts import AccountEnabled, AccountReset, FactorReset
from tracker.domain.filings import check_reason
from tracker.steps.account_use import put_into_use
from tracker.steps.accounts import (
    NoChange,
    OwnAccount,
    begin_anew,
    check_active,
    end_all,
    keep_code,
    load_account,
    take_role_back,
)
from tracker.steps.second_factors import factor_of, give_up
from tracker.store import event_log
from tracker.store.queries.account_history import account_history
from tracker.store.row_digests import row_digest
from tracker.store.tables.units import UserRow

_CODES = frozenset({AccountEnabled.type, AccountReset.type})
_FACTOR = frozenset({FactorReset.type})


class FactorAbsent(Rejected):
    """Somebody has no second factor that could be reset."""

    code = "factor_absent"


class BothReset(Rejected):
    """The same person reset the other of password and second factor of this account lately; facts: hours."""

    code = "both_reset"


@dataclass(frozen=True, slots=True)
class Renewed:
    """What somebody is told of who comes in again: `act` is the type of the event by which he was let in anew."""

    act: str
    by: str
    reason: str


def enable_account(
    session: Session, *, user_id: int, code_hash: str, reason: str, policy: AccountPolicy, actor: Actor, when: Moment
) -> datetime:
    """Let an account be used again, by a one-time code; return until when that is good where it is whole.

    Records AccountEnabled, RoleGranted. Raises NotYourTask, NotFound, NoChange, ReasonRequired, BothReset,
    LastAdministrator.
    """
    require_role(actor, Role.SYSTEM_ADMIN, Role.SYSTEM, act="keep_accounts")
    user = load_account(session, user_id)
    if user.active:
        raise NoChange()
    _check_apart(session, user_id, _FACTOR, policy=policy, actor=actor, when=when)
    why = check_reason(reason)
    expires_at = put_into_use(session, user, code_hash=code_hash, reason=why, policy=policy, actor=actor, when=when)
    take_role_back(session, user, reason="账号重新启用", actor=actor, when=when)
    return expires_at


def reset_account(
    session: Session, *, user_id: int, code_hash: str, reason: str, policy: AccountPolicy, actor: Actor, when: Moment
) -> datetime:
    """Put a one-time code in the place of a password, and end the log-ins; return until when it is good where whole.

    Records AccountReset, RoleGranted. Raises NotYourTask, NotFound, OwnAccount, AccountOff, ReasonRequired, BothReset,
    LastAdministrator.
    """
    user = _another(session, user_id, actor=actor)
    _check_apart(session, user_id, _FACTOR, policy=policy, actor=actor, when=when)
    expires_at = keep_code(session, user, code_hash=code_hash, policy=policy, now=when.now)
    event = AccountReset(
        user_id=user_id,
        expires_at=expires_at,
        reason=check_reason(reason),
        address=actor.address,
        sealed=row_digest(user),
    )
    event_log.record(session, event, actor=actor, at=when.at)
    end_all(session, user, cause="reset", actor=actor, when=when)
    take_role_back(session, user, reason="密码重置", actor=actor, when=when)
    return expires_at


def reset_factor(
    session: Session, *, user_id: int, reason: str, policy: AccountPolicy, actor: Actor, when: Moment
) -> None:
    """Take somebody's second factor away, who lost it, and end his log-ins.

    Records FactorReset, RoleGranted. Raises NotYourTask, NotFound, OwnAccount, AccountOff, FactorAbsent,
    ReasonRequired, BothReset, LastAdministrator.
    """
    user = _another(session, user_id, actor=actor)
    row = factor_of(session, user_id)
    if row is None or row.sealed is None:
        raise FactorAbsent()
    _check_apart(session, user_id, _CODES, policy=policy, actor=actor, when=when)
    give_up(session, row)
    begin_anew(user, now=when.now)
    row.reset_at, row.reset_by, row.reset_told = when.now, actor.name, False
    event = FactorReset(user_id=user_id, reason=check_reason(reason), address=actor.address)
    event_log.record(session, event, actor=actor, at=when.at)
    end_all(session, user, cause="factor_reset", actor=actor, when=when)
    if user.role in GUARDED:
        take_role_back(session, user, reason="双因素验证重置", actor=actor, when=when)


def _another(session: Session, user_id: int, *, actor: Actor) -> UserRow:
    require_role(actor, Role.SYSTEM_ADMIN, Role.SYSTEM, act="keep_accounts")
    user = load_account(session, user_id)
    if user.id == actor.user_id:
        raise OwnAccount()
    check_active(user)
    return user


def _check_apart(
    session: Session, user_id: int, others: Collection[str], *, policy: AccountPolicy, actor: Actor, when: Moment
) -> None:
    """Refuse what would leave one person with both halves of a log-in. Raises BothReset.

    Whoever has the machine needs neither.
    """
    since = when.at - timedelta(hours=policy.resets_apart_hours)
    acts = account_history(session, user_id=user_id) if actor.role is not Role.SYSTEM else ()
    if any(act.type in others and act.actor_id == actor.user_id and act.at > since for act in acts):
        raise BothReset(hours=policy.resets_apart_hours)


def told_of_renewal(session: Session, *, user_id: int, has_code: bool) -> list[Renewed]:
    """Return who reset somebody's password, until he has chosen one, and who his second factor, once."""
    history = account_history(session, user_id=user_id)
    row = factor_of(session, user_id)
    kinds = [_CODES] if has_code else []
    if row is not None and row.reset_at is not None and not row.reset_told:
        row.reset_told = True
        kinds.append(_FACTOR)
    last = (next((act for act in history if act.type in kind), None) for kind in kinds)
    return [Renewed(act.type, act.actor, act.reason) for act in last if act is not None]
