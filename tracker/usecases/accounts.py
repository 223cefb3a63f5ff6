"""Accounts: one administrator creates and keeps them, another one grants what they may do.

Where no second person is there yet, the command line on the machine creates an account with its role.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import GRANTABLE, Actor, Role, check_email, check_login, require_role
from tracker.domain.errors import Rejected
from tracker.domain.events.accounts import (
    AccountChanged,
    AccountCreated,
    AccountEnabled,
    AccountReset,
    FactorReset,
    RoleGranted,
)
from tracker.domain.filings import check_reason
from tracker.steps.account_use import put_out_of_use
from tracker.steps.accounts import (
    LastAdministrator,
    NoChange,
    OwnAccount,
    RoleNotGrantable,
    SecondPersonForAccount,
    UnitNeeded,
    UnknownUnit,
    check_active,
    check_not_last,
    check_unit,
    complete_code,
    end_all,
    keep_code,
    load_account,
    take_role_back,
    unit_named,
    way_in,
)
from tracker.store import event_log
from tracker.store.queries.account_history import account_history
from tracker.store.row_digests import row_digest
from tracker.store.tables.units import UserRow

__all__ = ["LastAdministrator", "SecondPersonForAccount", "UnitNeeded", "UnknownUnit", "unit_named"]


class LoginTaken(Rejected):
    """An account with that login exists; facts: login."""

    code = "login_taken"


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account to be created; `password_hash` is that of a one-time code where `is_code`.

    `role` is what it may do at once, which the command line alone says; pages ask for `asked_role`.
    """

    login: str
    name: str
    role: Role
    password_hash: str
    unit_code: str | None = None
    email: str | None = None
    asked_role: Role | None = None
    is_code: bool = False
    demonstration: bool = False
    unit_id: int | None = None


def create_account(session: Session, new: NewUser, *, policy: AccountPolicy, actor: Actor, when: Moment) -> int:
    """Enter an account; return its id. Records AccountCreated.

    Raises NotYourTask, LoginTaken, LoginMalformed, EmailMalformed, UnitNeeded, UnknownUnit.
    """
    require_role(actor, Role.SYSTEM_ADMIN, Role.SYSTEM, act="keep_accounts")
    if new.asked_role is not None and new.asked_role not in GRANTABLE:
        raise RoleNotGrantable()
    check_login(new.login)
    check_email(new.email or "")
    if session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == new.login)).first() is not None:
        raise LoginTaken(login=new.login)
    role = new.role if actor.role is Role.SYSTEM else Role.PENDING
    unit_id = unit_named(session, new.unit_code).id if new.unit_code is not None else new.unit_id
    check_unit(session, role=new.asked_role or role, unit_id=unit_id)
    user = UserRow(login=new.login, name=new.name, role=role.value, unit_id=unit_id, password_hash="")
    _put_email(user, new.email, actor=actor)
    user.asked_role = new.asked_role.value if new.asked_role else None
    user.created_at, user.created_by, user.demonstration = when.now, actor.user_id, new.demonstration
    if new.is_code:
        keep_code(session, user, code_hash=new.password_hash, policy=policy, now=when.now)
    else:
        user.password_hash = new.password_hash
    session.add(user)
    session.flush()
    assert user.id is not None
    event = AccountCreated(
        user_id=user.id,
        login=user.login,
        name=user.name,
        role=user.role,
        asked_role=user.asked_role,
        of_unit_id=unit_id,
        demonstration=user.demonstration,
        address=actor.address,
        sealed=row_digest(user),
    )
    event_log.record(session, event, actor=actor, at=when.at)
    return user.id


def grant_role(
    session: Session,
    *,
    user_id: int,
    role: Role,
    reason: str,
    second_hash: str,
    policy: AccountPolicy,
    actor: Actor,
    when: Moment,
) -> datetime | None:
    """Give an account another role; its log-ins end.

    Where a one-time code waits for the grant, the code whose hash is `second_hash` is its second half from then on: it
    is returned until when both open the account, None where nobody needs it. Records RoleGranted, CodeCompleted.
    Raises NotYourTask, NotFound, OwnAccount, AccountOff, SecondPersonForAccount, RoleNotGrantable, UnitNeeded,
    LastAdministrator, NoChange, ReasonRequired.
    """
    require_role(actor, Role.SECURITY_ADMIN, Role.SYSTEM, act="grant_role")
    if role not in GRANTABLE:
        raise RoleNotGrantable()
    user = _to_decide_on(session, user_id, actor=actor)
    waits = way_in(user).waits
    check_unit(session, role=role, unit_id=user.unit_id)
    _put_role(session, user, role, reason=reason, actor=actor, when=when)
    if not waits:
        return None
    return complete_code(session, user, second_hash=second_hash, policy=policy, actor=actor, when=when)


def take_back_role(session: Session, *, user_id: int, reason: str, actor: Actor, when: Moment) -> None:
    """Let an account wait for a role; its log-ins end. Records RoleGranted.

    Raises NotYourTask, NotFound, OwnAccount, AccountOff, SecondPersonForAccount, LastAdministrator, NoChange,
    ReasonRequired.
    """
    require_role(actor, Role.SECURITY_ADMIN, Role.SYSTEM, act="grant_role")
    user = _to_decide_on(session, user_id, actor=actor)
    _put_role(session, user, Role.PENDING, reason=reason, actor=actor, when=when)


def _to_decide_on(session: Session, user_id: int, *, actor: Actor) -> UserRow:
    """Return another's account that is in use, into which the actor let nobody.

    Raises NotFound, OwnAccount, AccountOff, SecondPersonForAccount.
    """
    user = load_account(session, user_id)
    if user.id == actor.user_id:
        raise OwnAccount()
    check_active(user)
    if actor.user_id is not None and actor.user_id in {user.created_by, *_gave_a_way_in(session, user)}:
        raise SecondPersonForAccount()
    return user


def _put_role(session: Session, user: UserRow, role: Role, *, reason: str, actor: Actor, when: Moment) -> None:
    if user.role == role:
        raise NoChange()
    check_not_last(session, user, actor=actor, when=when)
    old, user.role, user.asked_role = user.role, role.value, None
    event = RoleGranted(
        user_id=user.id or 0, old_role=old, role=role.value, reason=check_reason(reason), address=actor.address
    )
    event_log.record(session, event, actor=actor, at=when.at)
    end_all(session, user, cause="role", actor=actor, when=when)


def _gave_a_way_in(session: Session, user: UserRow) -> Iterator[int | None]:
    """Yield who gave a way into an account since it was granted a role, and who saw the code that still opens it.

    Whatever he is now, he is one person: he does not see the second half too.
    """
    granted, code_stands = False, user.code_expires_at is not None
    for act in account_history(session, user_id=user.id or 0):
        granted = granted or (act.type == RoleGranted.type and act.facts["role"] != Role.PENDING)
        if granted and not code_stands:
            return
        if act.type in (AccountEnabled.type, AccountReset.type):
            code_stands = False
            yield act.actor_id
        elif act.type == FactorReset.type and not granted:
            yield act.actor_id


def change_account(
    session: Session, *, user_id: int, name: str, unit_id: int | None, email: str | None, actor: Actor, when: Moment
) -> bool:
    """Change whose account it is and where; return whether its role waits to be granted anew.

    Another unit is another right: the role goes back, and the second person grants it again. A mail address is used
    once its person has confirmed it, unless he or the machine entered it. Records AccountChanged, and RoleGranted then.
    Raises NotYourTask, NotFound, UnitNeeded, UnknownUnit, EmailMalformed, LastAdministrator, NoChange.
    """
    require_role(actor, Role.SYSTEM_ADMIN, Role.SYSTEM, act="keep_accounts")
    user = load_account(session, user_id)
    check_email(email or "")
    before = (user.name, user.unit_id, user.wanted_email)
    if before == (name, unit_id, email):
        raise NoChange()
    check_unit(session, role=user.role, unit_id=unit_id)
    moved = user.unit_id != unit_id
    user.name, user.unit_id = name, unit_id
    if email != user.wanted_email:
        _put_email(user, email, actor=actor)
    event = AccountChanged(
        user_id=user_id,
        old_name=before[0],
        new_name=name,
        old_unit_id=before[1],
        new_unit_id=unit_id,
        email_changed=before[2] != email,
        email_waits=before[2] != email and user.new_email is not None,
        address=actor.address,
        sealed=row_digest(user),
    )
    event_log.record(session, event, actor=actor, at=when.at)
    return moved and take_role_back(session, user, reason="所属单位变更", actor=actor, when=when)


def _put_email(user: UserRow, email: str | None, *, actor: Actor) -> None:
    """Let an address wait for its person where another enters it; going back to the one in use needs nobody."""
    if email == user.email or actor.role is Role.SYSTEM or (user.id is not None and user.id == actor.user_id):
        user.email, user.new_email = email, None
    else:
        user.new_email = email or ""


def disable_account(session: Session, *, user_id: int, reason: str, actor: Actor, when: Moment) -> None:
    """Let nobody log in with an account any more; end its log-ins and its calendar link. Records AccountDisabled.

    Raises NotYourTask, NotFound, OwnAccount, LastAdministrator, NoChange, ReasonRequired.
    """
    require_role(actor, Role.SYSTEM_ADMIN, Role.SYSTEM, act="keep_accounts")
    user = load_account(session, user_id)
    if user.id == actor.user_id:
        raise OwnAccount()
    if not user.active:
        raise NoChange()
    check_not_last(session, user, actor=actor, when=when)
    put_out_of_use(session, user, reason=check_reason(reason), actor=actor, when=when)


def end_log_ins_of(session: Session, *, user_id: int, actor: Actor, when: Moment) -> int:
    """End all log-ins of somebody; return how many. Records LogInsEnded. Raises NotYourTask, NotFound."""
    require_role(actor, Role.SECURITY_ADMIN, Role.SYSTEM, act="end_log_ins")
    return end_all(session, load_account(session, user_id), cause="by_admin", actor=actor, when=when)
