"""What everybody does with his own account: another password, log-ins that he ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import Actor
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.events.accounts import EmailConfirmed, PasswordChanged, SettingsChosen
from tracker.domain.passwords import WayIn
from tracker.domain.policy import ReminderPolicy
from tracker.steps.accounts import former_hashes, keep_password, load_account, way_in
from tracker.steps.log_ins import end_log_ins, open_log_ins
from tracker.steps.throttling import Attempt, count_attempt, forget_attempt
from tracker.store import event_log
from tracker.store.row_digests import row_digest
from tracker.store.tables.units import UserRow


class OldPasswordWrong(BadInput):
    """The present password is not the one that was typed."""

    code = "old_password_wrong"


class EmailChangedAgain(Rejected):
    """The mail address that was confirmed is none (any more) that waits for it."""

    code = "email_changed_again"


class HourNotOffered(BadInput):
    """The hour that was chosen for the digest is none that the policy offers."""

    code = "hour_not_offered"


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """What somebody sets for himself; `digest_hour` is none where his digest comes when all others' do."""

    digest_hour: int | None = None
    large_print: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """What a password is compared with; `former` are the hashes that may not be chosen again, the present one first."""

    way: WayIn
    former: Sequence[str]


def present_and_former(session: Session, *, user_id: int, policy: AccountPolicy) -> Present:
    """Return the hashes of the present and the former passwords. Raises NotFound."""
    user = load_account(session, user_id)
    way = way_in(user)
    present = [one for one in (way.first_hash, way.second_hash) if one is not None]
    return Present(way, (*present, *former_hashes(session, user, last=max(0, policy.former_passwords - 1))))


def count_old_password(session: Session, *, user_id: int, policy: AccountPolicy, now: datetime) -> bool:
    """Count a guess of the present password by whoever sits at an open log-in; False where too many failed."""
    return count_attempt(session, _guess(user_id), now=now, throttles=policy.throttles) is None


def note_old_password(session: Session, *, user_id: int, policy: AccountPolicy, now: datetime) -> None:
    """Take the count of a guess back that was right."""
    forget_attempt(session, _guess(user_id), now=now, throttles=policy.throttles)


def _guess(user_id: int) -> Attempt:
    return Attempt(login=str(user_id), address=None, device="own")


def change_password(
    session: Session,
    *,
    present_hash: str,
    password_hash: str,
    log_in_id: int,
    actor: Actor,
    when: Moment,
) -> int:
    """Keep the password that somebody chose, and end his other log-ins; return how many. Records PasswordChanged.

    Whether it is allowed, and the present one right, was looked at before, outside of any transaction: `present_hash`
    is what it was compared with. Raises OldPasswordWrong where that has changed meanwhile.
    """
    user = load_account(session, actor.user_id or 0)
    if user.password_hash != present_hash:
        raise OldPasswordWrong()
    keep_password(session, user, password_hash=password_hash, now=when.now)
    event = PasswordChanged(user_id=user.id or 0, address=actor.address, sealed=row_digest(user))
    event_log.record(session, event, actor=actor, at=when.at)
    others = [row for row in open_log_ins(session, user.id or 0, now=when.now) if row.id != log_in_id]
    return end_log_ins(session, others, cause="password", actor=actor, now=when.now, at=when.at)


def confirm_email(session: Session, *, email: str, actor: Actor, when: Moment) -> None:
    """Use the mail address that another entered, and that its person read: "" where it is none. Records EmailConfirmed.

    Raises EmailChangedAgain.
    """
    user = load_account(session, actor.user_id or 0)
    if user.new_email is None or user.new_email != email:
        raise EmailChangedAgain()
    user.email, user.new_email = user.wanted_email, None
    event = EmailConfirmed(user_id=user.id or 0, address=actor.address, sealed=row_digest(user))
    event_log.record(session, event, actor=actor, at=when.at)


def own_settings(session: Session, *, user_id: int) -> OwnSettings:
    """Return what somebody has set for himself. Raises NotFound."""
    user = load_account(session, user_id)
    return OwnSettings(user.digest_hour, user.large_print)


def choose_settings(
    session: Session, *, chosen: OwnSettings, policy: ReminderPolicy, actor: Actor, when: Moment
) -> None:
    """Keep what somebody set for himself; records SettingsChosen where that is new. Raises HourNotOffered."""
    if chosen.digest_hour is not None and chosen.digest_hour not in policy.digest_hours:
        raise HourNotOffered()
    user = load_account(session, actor.user_id or 0)
    if chosen == OwnSettings(user.digest_hour, user.large_print):
        return
    user.digest_hour, user.large_print = chosen.digest_hour, chosen.large_print
    event = SettingsChosen(
        user_id=user.id or 0,
        digest_hour=chosen.digest_hour,
        large_print=chosen.large_print,
        address=actor.address,
    )
    event_log.record(session, event, actor=actor, at=when.at)


def email_waits(session: Session, *, user_id: int) -> bool:
    """Say whether a mail address that another entered waits for its person."""
    return session.scalars(select(col(UserRow.new_email)).where(col(UserRow.id) == user_id)).first() is not None


def end_own(session: Session, *, log_in_id: int, actor: Actor, when: Moment) -> None:
    """End one log-in of one's own. Records LogInsEnded. Raises NotFound where it is none, or ended already."""
    rows = [row for row in open_log_ins(session, actor.user_id or 0, now=when.now) if row.id == log_in_id]
    if not rows:
        raise NotFound()
    end_log_ins(session, rows, cause="own", actor=actor, now=when.now, at=when.at)


def end_others(session: Session, *, present_id: int, actor: Actor, when: Moment) -> int:
    """End all log-ins of one's own but the present one; return how many. Records LogInsEnded."""
    rows = [row for row in open_log_ins(session, actor.user_id or 0, now=when.now) if row.id != present_id]
    return end_log_ins(session, rows, cause="own", actor=actor, now=when.now, at=when.at)
