"""Somebody is let in by the unified log-in: his account is found by its name, never made."""

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import Actor, Role
from tracker.domain.errors import Forbidden
from tracker.domain.events.accounts import LogInFailed
from tracker.steps.letting_in import Opened, open_or_half
from tracker.steps.log_ins import Came
from tracker.store import event_log
from tracker.store.tables.units import UserRow

_NOBODY = Actor(None, "未登录", Role.SYSTEM)


class NoSuchAccount(Forbidden):
    """The unified log-in knows somebody for whom no account is in use here; which of it is not said."""

    code = "no_account_of_provider"


def let_in_by_provider(
    session: Session, login: str, *, strong: bool, came: Came, policy: AccountPolicy, when: Moment, demonstration: bool
) -> Opened | None:
    """Open a log-in, or half a one where a second factor is to be shown; None, and a failure told, where nobody is.

    `strong`: the provider says that a second factor was shown to it, which the policy takes. Records LogInSucceeded,
    LogInFailed.
    """
    user = session.scalars(select(UserRow).where(col(UserRow.login) == login).with_for_update()).first()
    why = _why_not(user, demonstration=demonstration)
    if user is not None and not why:
        return open_or_half(session, user, came=came, policy=policy, when=when, by_provider=True, strong=strong)
    event = LogInFailed(user_id=user.id if user else None, typed="", why=why, address=came.address)
    event_log.record(session, event, actor=_NOBODY, at=when.at)
    return None


def _why_not(user: UserRow | None, *, demonstration: bool) -> str:
    if user is None:
        return "unknown"
    if not user.active:
        return "disabled"
    return "demonstration" if user.demonstration and not demonstration else ""
