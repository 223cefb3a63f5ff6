"""Accounts that nobody uses any more: announced, and then disabled, by the daily pass where the policy says so."""

from datetime import datetime
from itertools import islice

from sqlmodel import Session

from tracker.domain.account_policy import AccountPolicy, Moment, used_last
from tracker.domain.accounts import SYSTEM
from tracker.domain.events.accounts import AccountUnused
from tracker.steps.account_use import put_out_of_use
from tracker.steps.accounts import load_account
from tracker.steps.throttling import forget_old
from tracker.store import event_log
from tracker.store.queries.unused_accounts import UnusedAccount, is_last, unused_accounts

_REASON = "长期未登录，系统自动停用"
_AT_A_TIME = 200


def disable_stale(session: Session, *, policy: AccountPolicy, now: datetime, at: datetime) -> int:
    """Announce that unused accounts end, and disable them once that was done `warn_days` ago; return how many.

    Mail tells whoever has an address, 系统管理员 the others. Who logs in meanwhile begins anew. Accounts of the
    demonstration stay, and so does the last one of each of the three administrators with which somebody can log in:
    without these nobody could let anybody in again. `now` is the host's time. Counters of failures that are long
    forgotten go too. Records AccountUnused, AccountDisabled.
    """
    forget_old(session, before=now - 2 * max(throttle.forget for throttle in policy.throttles.values()))
    if not policy.disable_stale:
        return 0
    unused = unused_accounts(session, before=policy.warn_before(now), policy=policy, now=now)
    due = (one for one in unused if not one.is_last and (one.disabled_from is None or one.disabled_from <= now))
    when = Moment(now=now, at=at)
    return sum(_announce_or_disable(session, one, policy=policy, when=when) for one in list(islice(due, _AT_A_TIME)))


def _announce_or_disable(session: Session, one: UnusedAccount, *, policy: AccountPolicy, when: Moment) -> bool:
    """Announce the end of an account, or disable it where that was done in time; return whether it was disabled."""
    user = load_account(session, one.user_id)
    used = used_last(user.last_login_at, user.created_at) != one.since
    if used or not user.active or is_last(session, user_id=one.user_id, role=user.role, now=when.now, lock=True):
        return False  # somebody came in, or another went, since it was looked at
    if one.disabled_from is not None:
        put_out_of_use(session, user, reason=_REASON, actor=SYSTEM, when=when)
        return True
    disabled_from = policy.disabled_from(one.since, now=when.now)
    event = AccountUnused(user_id=one.user_id, unused_since=one.since, disabled_from=disabled_from)
    event_log.record(session, event, actor=SYSTEM, at=when.at)
    return False
