"""An account goes out of use and comes back, the same way whoever does it: a page, the command line or the pass.

What else goes with it goes here, because one event tells all of it.
"""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import Actor
from tracker.domain.events.accounts import AccountDisabled, AccountEnabled
from tracker.steps.accounts import end_all, keep_code
from tracker.store import event_log
from tracker.store.row_digests import row_digest
from tracker.store.tables.units import UserRow


def put_out_of_use(session: Session, user: UserRow, *, reason: str, actor: Actor, when: Moment) -> None:
    """Let nobody log in with a locked account any more; end its log-ins and its calendar link.

    Records AccountDisabled, LogInsEnded.
    """
    user.active, user.calendar_sha256 = False, None
    event = AccountDisabled(user_id=user.id or 0, reason=reason, address=actor.address)
    event_log.record(session, event, actor=actor, at=when.at)
    end_all(session, user, cause="disabled", actor=actor, when=when)


def put_into_use(
    session: Session, user: UserRow, *, code_hash: str, reason: str, policy: AccountPolicy, actor: Actor, when: Moment
) -> datetime:
    """Let a one-time code open a locked account that was out of use; return until when that is good where it is whole.

    Records AccountEnabled.
    """
    user.active = True
    expires_at = keep_code(session, user, code_hash=code_hash, policy=policy, now=when.now)
    event = AccountEnabled(user_id=user.id or 0, reason=reason, address=actor.address, sealed=row_digest(user))
    event_log.record(session, event, actor=actor, at=when.at)
    return expires_at
