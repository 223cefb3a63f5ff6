"""An account as its administrators change it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import OF_A_UNIT, OVER_ALL_UNITS, Actor, Role
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.events.accounts import CodeCompleted, RoleGranted
from tracker.domain.passwords import WayIn
from tracker.steps.log_ins import end_log_ins, open_log_ins
from tracker.store import event_log
from tracker.store.queries.unit_names import is_called
from tracker.store.queries.unused_accounts import is_last
from tracker.store.row_digests import row_digest
from tracker.store.tables.units import FormerPasswordRow, UnitRow, UserRow


class UnitNeeded(Rejected):
    """A liaison or a head has to be somebody of a unit."""

    code = "unit_needed"


class UnitUnfit(Rejected):
    """Who sees the matters of all units, or keeps accounts, is nobody of one of them; facts: role."""

    code = "unit_unfit"


class RoleNotGrantable(BadInput):
    """Nobody is granted what is no role of a person."""

    code = "role_not_grantable"


class UnknownUnit(BadInput):
    """No unit of the list is meant, or one that went up in another."""

    code = "unknown_unit"


class LastAdministrator(Rejected):
    """Nobody else can log in with this role, and without it nobody could give it back; facts: role."""

    code = "last_administrator"


class SecondPersonForAccount(Rejected):
    """Who created an account, or reset it since a role was granted, does not grant its role."""

    code = "second_person_for_account"


class OwnAccount(Rejected):
    """Nobody decides on his own account."""

    code = "own_account"


class AccountOff(Rejected):
    """The account is disabled: what is done to its role or its secrets would let nobody in."""

    code = "account_off"


class NoChange(Rejected):
    """The account is already so."""

    code = "account_unchanged"


def load_account(session: Session, user_id: int) -> UserRow:
    """Return an account, locked. Raises NotFound."""
    user = session.scalars(select(UserRow).where(col(UserRow.id) == user_id).with_for_update()).first()
    if user is None:
        raise NotFound()
    return user


def check_active(user: UserRow) -> None:
    """Refuse what does nothing while an account is disabled; enabling it begins anew. Raises AccountOff."""
    if not user.active:
        raise AccountOff()


def unit_named(session: Session, words: str) -> UnitRow:
    """Return a unit by its code or any of its names, former ones too. Raises UnknownUnit."""
    found = session.scalars(select(UnitRow).where(is_called(words)).order_by(col(UnitRow.id))).first()
    if found is None:
        raise UnknownUnit()
    return found


def check_unit(session: Session, *, role: str | None, unit_id: int | None) -> None:
    """Refuse a role of a unit without one, a role over all units with one, and a unit that went up in another.

    Raises UnitNeeded, UnitUnfit, UnknownUnit.
    """
    if unit_id is None:
        if role in OF_A_UNIT:
            raise UnitNeeded()
        return
    if role in OVER_ALL_UNITS:
        raise UnitUnfit(role=str(role))
    unit = session.get(UnitRow, unit_id)
    if unit is None or unit.merged_into_unit_id is not None:
        raise UnknownUnit()


def check_not_last(session: Session, user: UserRow, *, actor: Actor, when: Moment) -> None:
    """Keep one account that can be used of each of the three administrators. Raises LastAdministrator.

    Whoever has the machine may go without: he creates another one.
    """
    if actor.role is Role.SYSTEM or not user.active:
        return
    if is_last(session, user_id=user.id or 0, role=user.role, now=when.now, lock=True):
        raise LastAdministrator(role=user.role)


def take_role_back(session: Session, user: UserRow, *, reason: str, actor: Actor, when: Moment) -> bool:
    """Let the role wait until the second person grants it anew; return whether there was any. Records RoleGranted.

    Whoever has the machine grants by himself: what he does takes none back. Raises LastAdministrator.
    """
    if user.role == Role.PENDING or actor.role is Role.SYSTEM:
        return False
    check_not_last(session, user, actor=actor, when=when)
    taken = RoleGranted(
        user_id=user.id or 0, old_role=user.role, role=Role.PENDING, reason=reason, address=actor.address
    )
    user.asked_role, user.role = user.role, Role.PENDING.value
    event_log.record(session, taken, actor=actor, at=when.at)
    end_all(session, user, cause="role", actor=actor, when=when)
    return True


def end_all(session: Session, user: UserRow, *, cause: str, actor: Actor, when: Moment) -> int:
    """End all log-ins of somebody; return how many. Records LogInsEnded."""
    rows = open_log_ins(session, user.id or 0, now=when.now)
    return end_log_ins(session, rows, cause=cause, actor=actor, now=when.now, at=when.at)


def begin_anew(user: UserRow, *, now: datetime) -> None:
    """Count from now for how long an account is left unused: another has given its person a way in.

    He has come forward, and what was announced of the account before does not hold any more.
    """
    user.created_at = now


def keep_code(session: Session, user: UserRow, *, code_hash: str, policy: AccountPolicy, now: datetime) -> datetime:
    """Let a one-time code open an account, which has to be changed then; return until when it does."""
    _keep_former(session, user, now=now)
    begin_anew(user, now=now)
    expires_at = now + timedelta(hours=policy.code_hours)
    user.password_hash, user.must_change, user.code_expires_at = code_hash, True, expires_at
    user.code_second_hash = None
    return expires_at


def complete_code(
    session: Session, user: UserRow, *, second_hash: str, policy: AccountPolicy, actor: Actor, when: Moment
) -> datetime:
    """Let a one-time code open an account together with a second half only; return until when, counted from now.

    Records CodeCompleted.
    """
    _keep_former(session, user, now=when.now)
    begin_anew(user, now=when.now)
    expires_at = when.now + timedelta(hours=policy.code_hours)
    user.code_second_hash, user.code_expires_at = second_hash, expires_at
    event = CodeCompleted(user_id=user.id or 0, expires_at=expires_at, address=actor.address, sealed=row_digest(user))
    event_log.record(session, event, actor=actor, at=when.at)
    return expires_at


def way_in(user: UserRow) -> WayIn:
    """Return what opens an account: while its role waits to be granted no code does."""
    is_code = user.code_expires_at is not None
    return WayIn(user.password_hash, is_code, user.code_second_hash, waits=is_code and user.role == Role.PENDING)


def keep_password(session: Session, user: UserRow, *, password_hash: str, now: datetime) -> None:
    """Let a password open an account that its person has chosen."""
    _keep_former(session, user, now=now)
    user.password_hash, user.must_change = password_hash, False
    user.code_expires_at = user.code_second_hash = None
    user.password_changed_at = now


def _keep_former(session: Session, user: UserRow, *, now: datetime) -> None:
    """Remember whatever opens an account before another secret takes its place, whoever made it and however."""
    wanted = select(col(FormerPasswordRow.password_hash)).where(col(FormerPasswordRow.user_id) == user.id)
    known = session.scalars(wanted).all()
    for secret in _secrets(user):
        if secret not in known:
            session.add(FormerPasswordRow(user_id=user.id or 0, password_hash=secret, set_at=now))


def _secrets(user: UserRow) -> list[str]:
    return [secret for secret in (user.password_hash, user.code_second_hash) if secret]


def former_hashes(session: Session, user: UserRow, *, last: int) -> Sequence[str]:
    """Return the hashes of the last secrets that opened an account before the present one, the latest first."""
    wanted = select(col(FormerPasswordRow.password_hash)).where(
        col(FormerPasswordRow.user_id) == user.id, col(FormerPasswordRow.password_hash).not_in(_secrets(user))
    )
    return session.scalars(wanted.order_by(col(FormerPasswordRow.id).desc()).limit(last)).all()
