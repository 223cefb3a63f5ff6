"""Demonstration accounts: a liaison and a head for every unit, and the people of the office."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import SYSTEM, Role
from tracker.domain.units import UnitKind, UnitRegistry
from tracker.store.tables.units import UserRow
from tracker.usecases.accounts import NewUser, create_account

PASSWORD = "demo-2022"
EXAMPLE_UNIT = "shangwuju"
SCENARIO = "autumn-2022"
# Nobody logs in for the city government itself or for provincial bodies; leading groups are acted for by their keepers.
_NO_STAFF = {UnitKind.LEADING_GROUP, UnitKind.CITY_GOVERNMENT, UnitKind.UPPER_LEVEL}


def create_demonstration_accounts(
    session: Session, registry: UnitRegistry, *, hash_password: Callable[[str], str], at: datetime
) -> int:
    """Create the accounts that do not exist yet; return how many. All share one password and one hash of it.

    `at` is the time of the city. Only the demonstration calls this; production ships no account, and starts with none
    of these.
    """
    known = set(session.scalars(select(col(UserRow.login))))
    wanted = [user for user in _accounts(registry, password_hash=hash_password(PASSWORD)) if user.login not in known]
    when = Moment(now=datetime.now(UTC), at=at)
    for user in wanted:
        create_account(session, user, policy=AccountPolicy(), actor=SYSTEM, when=when)
    return len(wanted)


def _accounts(registry: UnitRegistry, *, password_hash: str) -> list[NewUser]:
    users = [
        NewUser("ducha", "督查员", Role.SUPERVISOR, password_hash, email="ducha@example.org"),
        NewUser("zhuren", "督查室主任", Role.SUPERVISOR, password_hash, email="zhuren@example.org"),
        NewUser("leader", "市政府领导", Role.LEADER, password_hash),
        NewUser("reader", "阅文人员", Role.READER, password_hash),
        NewUser("xitong", "系统管理员", Role.SYSTEM_ADMIN, password_hash),
        NewUser("anquan", "安全保密管理员", Role.SECURITY_ADMIN, password_hash),
        NewUser("shenji", "审计管理员", Role.AUDIT_ADMIN, password_hash),
    ]
    for unit in registry.units:
        if unit.kind in _NO_STAFF:
            continue
        mail = f"{unit.code}@example.org"
        users.append(NewUser(unit.code, "联络员", Role.LIAISON, password_hash, unit.code, mail))
        users.append(NewUser(f"{unit.code}-head", "负责人", Role.UNIT_HEAD, password_hash, unit.code))
    return [replace(user, demonstration=True) for user in users]
