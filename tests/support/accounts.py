"""Accounts and log-ins as they stand, without the acts and events by which they come about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Role
from tracker.steps.log_ins import Came, open_log_in
from tracker.store.tables.units import UnitRow, UserRow


@dataclass(frozen=True, slots=True)
class NewUser:
    login: str
    name: str
    role: Role
    password_hash: str
    unit_code: str | None = None
    email: str | None = None


def create_user(session: Session, new: NewUser) -> None:
    """Enter an account that is at work."""
    unit_id = None
    if new.unit_code is not None:
        unit_id = session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == new.unit_code)).one()
    user = UserRow(
        login=new.login, name=new.name, role=new.role.value, unit_id=unit_id, email=new.email, password_hash=""
    )
    user.password_hash = new.password_hash
    session.add(user)


def log_in(session: Session, *, user_id: int, now: datetime) -> str:
    """Open a log-in and return its key."""
    return open_log_in(session, user_id=user_id, now=now, came=Came())
