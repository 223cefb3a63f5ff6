"""The secret link by which a calendar program reads what is due: it needs no log-in, so it can be revoked."""

import secrets

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.account_policy import Moment
from tracker.domain.accounts import Actor, Role
from tracker.domain.audiences import OF_UNITS
from tracker.domain.events.accounts import CalendarLinkSet
from tracker.steps.accounts import load_account
from tracker.steps.log_ins import key_digest
from tracker.store import event_log
from tracker.store.tables.units import UserRow

_KEY_BYTES = 32


def has_calendar_link(session: Session, *, user_id: int) -> bool:
    """Tell whether somebody has a link. Raises NotFound."""
    return load_account(session, user_id).calendar_sha256 is not None


def make_calendar_link(session: Session, *, actor: Actor, when: Moment) -> str:
    """Return the key of a new link, of which only the digest is kept; an earlier one opens nothing any more.

    Records CalendarLinkSet.
    """
    key = secrets.token_urlsafe(_KEY_BYTES)
    _set(session, key_digest(key), actor=actor, when=when)
    return key


def give_up_calendar_link(session: Session, *, actor: Actor, when: Moment) -> None:
    """Let a link open nothing any more; records CalendarLinkSet where there was one."""
    if has_calendar_link(session, user_id=actor.user_id or 0):
        _set(session, None, actor=actor, when=when)


def open_calendar_link(session: Session, *, key: str) -> int | None:
    """Return of which unit whoever a link belongs to is; None where it is none, or none of an account that is in use.

    No try is counted: nobody guesses 256 bits, and programs that ask for an old link would shut out the others of their
    house.
    """
    found = session.execute(
        select(col(UserRow.unit_id), col(UserRow.role)).where(
            col(UserRow.calendar_sha256) == key_digest(key), col(UserRow.active).is_(True)
        )
    ).first()
    if found is None or Role(found.role) not in OF_UNITS:
        return None
    unit_id: int | None = found.unit_id
    return unit_id


def _set(session: Session, digest: str | None, *, actor: Actor, when: Moment) -> None:
    user = load_account(session, actor.user_id or 0)
    user.calendar_sha256 = digest
    event = CalendarLinkSet(user_id=user.id or 0, calendar_sha256=digest, address=actor.address)
    event_log.record(session, event, actor=actor, at=when.at)
