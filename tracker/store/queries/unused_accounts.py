"""Accounts that nobody uses any more, and whose people have been told of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.account_policy import used_last
from tracker.domain.accounts import ADMINISTRATORS, Role
from tracker.domain.events.accounts import AccountUnused
from tracker.domain.events.decoding import decode_as
from tracker.store.queries.accounts import is_stale
from tracker.store.rows import as_views
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UnitRow, UserRow


@dataclass(frozen=True, slots=True)
class _Line:
    user_id: int
    login: str
    name: str
    role: str
    unit_name: str | None
    last_login_at: datetime | None
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnusedAccount:
    """An active account that nobody has used `since` a moment, None where none was kept.

    `disabled_from` is what its person was told; None where he was not told since he used it last. `is_last`: nobody
    else has its role of the three administrators, so that it stays.
    """

    user_id: int
    login: str
    name: str
    role: str
    unit_name: str | None
    since: datetime | None
    disabled_from: datetime | None
    is_last: bool


def unused_accounts(session: Session, *, before: datetime) -> list[UnusedAccount]:
    """Return the accounts that nobody has used since a moment, longest unused first; none of the demonstration's."""
    wanted = (
        select(
            label("user_id", col(UserRow.id)),
            col(UserRow.login),
            col(UserRow.name),
            col(UserRow.role),
            label("unit_name", col(UnitRow.short_name)),
            col(UserRow.last_login_at),
            col(UserRow.created_at),
        )
        .outerjoin(UnitRow, col(UnitRow.id) == col(UserRow.unit_id))
        .where(is_stale(before), col(UserRow.demonstration).is_(False))
        .order_by(col(UserRow.id))
    )
    lines = as_views(_Line, session.execute(wanted))
    told = _told(session) if lines else {}
    found = [_unused(session, line, told.get(line.user_id)) for line in lines]
    return sorted(found, key=lambda one: one.since.timestamp() if one.since else 0.0)


def _unused(session: Session, line: _Line, told: AccountUnused | None) -> UnusedAccount:
    since = used_last(line.last_login_at, line.created_at)
    return UnusedAccount(
        user_id=line.user_id,
        login=line.login,
        name=line.name,
        role=line.role,
        unit_name=line.unit_name,
        since=since,
        disabled_from=told.disabled_from if told is not None and told.unused_since == since else None,
        is_last=is_last(session, user_id=line.user_id, role=line.role),
    )


def is_last(session: Session, *, user_id: int, role: str, lock: bool = False) -> bool:
    """Tell whether nobody else who could log in has a role of the three administrators.

    With `lock` the others are locked, so that of the last two who go at once one stays.
    """
    if role not in ADMINISTRATORS:
        return False
    others = select(col(UserRow.id)).where(
        col(UserRow.role) == Role(role).value, col(UserRow.active).is_(True), col(UserRow.id) != user_id
    )
    return session.scalars(others.with_for_update() if lock else others).first() is None


def _told(session: Session) -> Mapping[int, AccountUnused]:
    """Return what people were told last of accounts that nobody used."""
    wanted = select(col(EventRow.payload)).where(col(EventRow.type) == AccountUnused.type).order_by(col(EventRow.seq))
    told = (decode_as(AccountUnused, json.loads(payload)) for payload in session.scalars(wanted))
    return {event.user_id: event for event in told}
