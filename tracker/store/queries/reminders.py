"""Who is reminded, and the ledger 「提醒台账」 as it is shown and printed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select, text, true
from sqlmodel import Session, col

from tracker.domain.accounts import Role
from tracker.store.tables.events import IS_UNREAD, ReminderRow


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who hears; `unit_id` is none, and `unit_name` the office's, for the people of the office.

    `digest_hour` is what he chose, where digests are planned.
    """

    user_id: int
    name: str
    address: str | None
    unit_id: int | None
    unit_name: str
    role: Role
    digest_hour: int | None = None


def ledger(
    session: Session,
    *,
    since: date | None = None,
    on: date | None = None,
    state: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[ReminderRow]:
    """Return the ledger's rows, the newest first."""
    wanted = select(ReminderRow)
    if since is not None:
        wanted = wanted.where(col(ReminderRow.planned_on) >= since)
    if on is not None:
        wanted = wanted.where(col(ReminderRow.planned_on) == on)
    if state is not None:
        wanted = wanted.where(col(ReminderRow.state) == state)
    ordered = wanted.order_by(col(ReminderRow.planned_for).desc(), col(ReminderRow.id).desc())
    return list(session.scalars(ordered.limit(limit).offset(offset)))


def count_ledger(session: Session, *, state: str | None = None) -> int:
    wanted = select(func.count()).select_from(ReminderRow)
    if state is not None:
        wanted = wanted.where(col(ReminderRow.state) == state)
    return int(session.execute(wanted).scalar_one())


def notices_for(session: Session, *, user_id: int, limit: int) -> list[ReminderRow]:
    """Return a person's in-app messages, the newest first; older unread ones before newer that were read."""
    wanted = (
        select(ReminderRow)
        .where(col(ReminderRow.recipient_id) == user_id, col(ReminderRow.channel) == "in_app")
        .order_by(col(ReminderRow.planned_for).desc(), col(ReminderRow.id).desc())
        .limit(limit)
    )
    unread = list(session.scalars(wanted.where(text(IS_UNREAD))))
    read = [row for row in session.scalars(wanted) if row.read_at is not None]
    shown = (*unread, *read[: limit - len(unread)])
    return sorted(shown, key=lambda row: (row.planned_for, row.id or 0), reverse=True)


def count_unread(session: Session, *, user_id: int, of_work: bool = False) -> int:
    """Count what somebody has not read, `of_work` only what whoever has his work from him is to read."""
    mine = col(ReminderRow.recipient_id) == user_id, text(IS_UNREAD)
    wanted = select(func.count()).select_from(ReminderRow).where(*mine, is_of_work() if of_work else true())
    return int(session.execute(wanted).scalar_one())


def is_of_work() -> ColumnElement[bool]:
    """Select messages but those about a person's own account: his leave, his address, that his work was handed over."""
    return ~col(ReminderRow.kind).startswith("account.")
