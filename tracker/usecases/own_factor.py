"""What everybody does with his own second factor: set it up, take another one, give it up.

Passwords and codes are looked at outside of any transaction; what was right is handed in as `Shown`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from tracker.domain.account_policy import SET_UP, AccountPolicy, FactorRule, Moment
from tracker.domain.accounts import Actor
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.events.accounts import FactorRemoved, FactorSetUp
from tracker.steps.accounts import load_account
from tracker.steps.log_ins import end_log_ins, open_log_ins
from tracker.steps.second_factors import (
    BY_CODE,
    Kept,
    Shown,
    attempt_at_factor,
    count_guess,
    factor_of,
    give_up,
    kept_factor,
    take,
)
from tracker.store import event_log
from tracker.store.row_digests import row_digest
from tracker.store.tables.second_factors import RecoveryCodeRow, SecondFactorRow

__all__ = ["Kept", "Shown", "kept_factor"]


class FactorOff(Rejected):
    """The policy asks nobody for a second factor, so that none is set up."""

    code = "factor_off"


class FactorWrong(BadInput):
    """The code is none of the present authenticator and no recovery code, was used before, or too many were tried."""

    code = "factor_wrong"


class FactorNotConfirmed(BadInput):
    """The code is none of the authenticator that is being set up."""

    code = "factor_not_confirmed"


class FactorSetUpEnded(Rejected):
    """The secret was shown too long ago, to another log-in, or another one took its place."""

    code = "factor_set_up_ended"


class FactorMandatory(Rejected):
    """The role must have a second factor: it may be replaced only."""

    code = "factor_mandatory"


def count_own_guess(session: Session, *, policy: AccountPolicy, actor: Actor, now: datetime) -> bool:
    """Count a guess of the present factor by whoever sits at an open log-in; False where too many failed."""
    return count_guess(session, attempt_at_factor(actor.user_id or 0, "own"), policy=policy, now=now)


def begin_set_up(
    session: Session,
    *,
    sealed: str,
    shown: Shown | None,
    log_in_id: int,
    policy: AccountPolicy,
    actor: Actor,
    when: Moment,
) -> None:
    """Keep a secret that is to be confirmed from the same log-in; a present factor stays until then.

    Whoever has one shows it first. Raises FactorOff, FactorWrong.
    """
    if policy.second_factor is FactorRule.OFF:
        raise FactorOff()
    user_id = load_account(session, actor.user_id or 0).id or 0
    row = factor_of(session, user_id)
    if row is None:
        row = SecondFactorRow(user_id=user_id)
        session.add(row)
    _show(session, row, shown, policy=policy, actor=actor, when=when)
    row.pending_sealed, row.pending_at, row.pending_log_in_id = sealed, when.now, log_in_id


def _show(
    session: Session,
    row: SecondFactorRow,
    shown: Shown | None,
    *,
    policy: AccountPolicy,
    actor: Actor,
    when: Moment,
) -> None:
    if row.sealed is None:
        return
    attempt = attempt_at_factor(row.user_id, "own")
    if shown is None or not take(
        session,
        user_id=row.user_id,
        shown=shown,
        attempt=attempt,
        policy=policy,
        actor=actor,
        now=when.now,
        at=when.at,
    ):
        raise FactorWrong()


def pending_secret(session: Session, *, log_in_id: int, actor: Actor, now: datetime) -> str | None:
    """Return the sealed secret that waits to be confirmed from this log-in; None where none does (any more)."""
    row = session.get(SecondFactorRow, actor.user_id or 0)
    if row is None or row.pending_log_in_id != log_in_id or row.pending_at is None:
        return None
    return row.pending_sealed if row.pending_at > now - SET_UP else None


def confirm_set_up(
    session: Session,
    *,
    sealed: str,
    counter: int,
    codes: Sequence[tuple[str, str]],
    log_in_id: int,
    actor: Actor,
    when: Moment,
) -> int:
    """Let a secret be the factor whose code was right, with new recovery codes, each a mark and a hash.

    Other log-ins end; returns how many. Records FactorSetUp. Raises FactorSetUpEnded.
    """
    user_id = load_account(session, actor.user_id or 0).id or 0
    row = factor_of(session, user_id)
    if row is None or pending_secret(session, log_in_id=log_in_id, actor=actor, now=when.now) != sealed:
        raise FactorSetUpEnded()
    renewed = row.sealed is not None
    give_up(session, row)
    row.sealed, row.confirmed_at, row.last_counter = sealed, when.now, counter
    row.reset_at = row.reset_by = None
    session.add_all(RecoveryCodeRow(user_id=user_id, mark=mark, code_hash=hashed) for mark, hashed in codes)
    event = FactorSetUp(user_id=user_id, renewed=renewed, address=actor.address, sealed=row_digest(row))
    event_log.record(session, event, actor=actor, at=when.at)
    log_ins = open_log_ins(session, user_id, now=when.now)
    for one in log_ins:
        one.factor = BY_CODE if one.id == log_in_id else one.factor
    others = [one for one in log_ins if one.id != log_in_id]
    return end_log_ins(session, others, cause="factor", actor=actor, now=when.now, at=when.at)


def remove_factor(
    session: Session, *, shown: Shown | None, log_in_id: int, policy: AccountPolicy, actor: Actor, when: Moment
) -> None:
    """Give one's factor up, having shown it; other log-ins end. Records FactorRemoved.

    Raises FactorMandatory, FactorWrong.
    """
    if policy.demands_factor(actor.role):
        raise FactorMandatory()
    row = factor_of(session, actor.user_id or 0)
    if row is None or row.sealed is None:
        raise FactorWrong()
    _show(session, row, shown, policy=policy, actor=actor, when=when)
    give_up(session, row)
    event_log.record(session, FactorRemoved(user_id=row.user_id, address=actor.address), actor=actor, at=when.at)
    others = [one for one in open_log_ins(session, row.user_id, now=when.now) if one.id != log_in_id]
    end_log_ins(session, others, cause="factor", actor=actor, now=when.now, at=when.at)
