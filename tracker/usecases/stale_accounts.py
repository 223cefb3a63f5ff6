"""Accounts that nobody uses any more, disabled by the daily pass where the policy says so."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import SYSTEM, Role
from tracker.steps.account_use import put_out_of_use
from tracker.steps.throttling import forget_old
from tracker.store.queries.accounts import is_stale
from tracker.store.tables.units import UserRow

_REASON = "长期未登录，系统自动停用"
_AT_A_TIME = 200


def disable_stale(session: Session, *, policy: AccountPolicy, now: datetime, at: datetime) -> int:
    """Disable accounts that were not used for as long as the policy says; return how many. Records AccountDisabled.

    Accounts of the demonstration and those of administrators stay: without these nobody could let anybody in again.
    `now` is the host's time. Counters of failures that are long forgotten go too.
    """
    forget_old(session, before=now - 2 * max(throttle.forget for throttle in policy.throttles.values()))
    if not policy.disable_stale:
        return 0
    wanted = select(UserRow).where(is_stale(policy.stale_before(now)), _may_go()).order_by(col(UserRow.id))
    users = session.scalars(wanted.limit(_AT_A_TIME).with_for_update()).all()
    for user in users:
        put_out_of_use(session, user, reason=_REASON, actor=SYSTEM, when=Moment(now=now, at=at))
    return len(users)


def _may_go() -> ColumnElement[bool]:
    keys = (Role.SYSTEM_ADMIN.value, Role.SECURITY_ADMIN.value)
    return col(UserRow.demonstration).is_(False) & col(UserRow.role).not_in(keys)
