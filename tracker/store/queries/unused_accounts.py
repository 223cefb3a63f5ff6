"""Accounts that nobody uses any more, what was announced of their end, and whether mail told their people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.account_policy import AccountPolicy, Reached, used_last
from tracker.domain.accounts import ADMINISTRATORS, Role
from tracker.domain.events.accounts import AccountUnused
from tracker.domain.events.decoding import decode_as
from tracker.domain.reminders import notice_key
from tracker.store.queries.accounts import is_stale, may_log_in
from tracker.store.rows import as_views
from tracker.store.tables.events import EventRow, ReminderRow, ReminderState
from tracker.store.tables.units import UnitRow, UserRow

_MAIL = "mail"
_UNDER_WAY = (ReminderState.PENDING, ReminderState.CLAIMED, ReminderState.HANDING_OVER)


@dataclass(frozen=True, slots=True)
class _Line:
    user_id: int
    login: str
    name: str
    role: str
    unit_name: str | None
    email: str | None
    last_login_at: datetime | None
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Word:
    """What was announced of an account, and the number of the event that says so."""

    seq: int
    event: AccountUnused


@dataclass(frozen=True, slots=True)
class UnusedAccount:
    """An active account that nobody has used `since` a moment, None where none was kept.

    `disabled_from` is what was announced by the event `announced_by`; None where nothing was since it was used last, or
    where that does not hold any more. `is_last`: it stays, for nobody else can log in with its role of the three
    administrators.
    """

    user_id: int
    login: str
    name: str
    role: str
    unit_name: str | None
    has_address: bool
    since: datetime | None
    disabled_from: datetime | None
    announced_by: int | None
    is_last: bool


def unused_accounts(session: Session, *, before: datetime, policy: AccountPolicy, now: datetime) -> list[UnusedAccount]:
    """Return the accounts that nobody has used since a moment, longest unused first; none of the demonstration's.

    `now` is the host's time.
    """
    wanted = (
        select(
            label("user_id", col(UserRow.id)),
            col(UserRow.login),
            col(UserRow.name),
            col(UserRow.role),
            label("unit_name", col(UnitRow.short_name)),
            col(UserRow.email),
            col(UserRow.last_login_at),
            col(UserRow.created_at),
        )
        .outerjoin(UnitRow, col(UnitRow.id) == col(UserRow.unit_id))
        .where(is_stale(before), col(UserRow.demonstration).is_(False))
        .order_by(col(UserRow.id))
    )
    lines = as_views(_Line, session.execute(wanted))
    told = _told(session) if lines else {}
    words = ((line, _holding(told.get(line.user_id), line, policy=policy, now=now)) for line in lines)
    found = [_unused(session, line, word, now=now) for line, word in words]
    return sorted(found, key=lambda one: one.since.timestamp() if one.since else 0.0)


def _holding(told: _Word | None, line: _Line, *, policy: AccountPolicy, now: datetime) -> _Word | None:
    """Return what was announced where nobody used the account since, and where it fits the rule of now."""
    since = used_last(line.last_login_at, line.created_at)
    if told is None or told.event.unused_since != since:
        return None
    return told if policy.still_holds(told.event.disabled_from, unused_since=since, now=now) else None


def _unused(session: Session, line: _Line, word: _Word | None, *, now: datetime) -> UnusedAccount:
    return UnusedAccount(
        user_id=line.user_id,
        login=line.login,
        name=line.name,
        role=line.role,
        unit_name=line.unit_name,
        has_address=bool(line.email),
        since=used_last(line.last_login_at, line.created_at),
        disabled_from=word.event.disabled_from if word else None,
        announced_by=word.seq if word else None,
        is_last=is_last(session, user_id=line.user_id, role=line.role, now=now),
    )


def is_last(session: Session, *, user_id: int, role: str, now: datetime, lock: bool = False) -> bool:
    """Tell whether nobody else who can log in has a role of the three administrators; `now` is the host's time.

    Whoever was given a one-time code and let it run out is no other: he could let nobody in. With `lock` the others are
    locked, so that of the last two who go at once one stays.
    """
    if role not in ADMINISTRATORS:
        return False
    others = select(col(UserRow.id)).where(
        col(UserRow.role) == Role(role).value, may_log_in(now), col(UserRow.id) != user_id
    )
    return session.scalars(others.with_for_update() if lock else others).first() is None


def _told(session: Session) -> Mapping[int, _Word]:
    """Return what was announced last of accounts that nobody used."""
    wanted = (
        select(col(EventRow.seq), col(EventRow.payload))
        .where(col(EventRow.type) == AccountUnused.type)
        .order_by(col(EventRow.seq))
    )
    words = (_Word(row.seq, decode_as(AccountUnused, json.loads(row.payload))) for row in session.execute(wanted))
    return {word.event.user_id: word for word in words}


def reached_by_mail(session: Session, unused: Sequence[UnusedAccount], *, mail: bool) -> list[Reached]:
    """Return of each account whether mail told its person of its end; without `mail` none leaves.

    A message on his page tells nobody: whoever reads it has logged in.
    """
    wanted = select(col(ReminderRow.ukey), col(ReminderRow.recipient_id), col(ReminderRow.state)).where(
        col(ReminderRow.kind) == AccountUnused.type,
        col(ReminderRow.channel) == _MAIL,
        col(ReminderRow.recipient_id).in_([one.user_id for one in unused]),
    )
    mails = session.execute(wanted).all()
    return [
        _reached(one, {row.ukey: row.state for row in mails if row.recipient_id == one.user_id}, mail) for one in unused
    ]


def _reached(one: UnusedAccount, mails: Mapping[str, str], mail: bool) -> Reached:
    key = notice_key(AccountUnused.type, subject_id=one.announced_by or 0, user_id=one.user_id, channel=_MAIL)
    state = next((state for ukey, state in mails.items() if ukey.startswith(key)), None)
    if state == ReminderState.SENT:
        return Reached.MAILED
    if not one.has_address:
        return Reached.NO_ADDRESS
    if not mail:
        return Reached.NO_MAIL
    waits = one.announced_by is None if state is None else state in _UNDER_WAY
    return Reached.MAIL_WAITS if waits else Reached.NOT_MAILED
