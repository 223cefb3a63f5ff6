"""A user has read what the system told him."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text, update
from sqlmodel import Session, col

from tracker.store.tables.events import IS_UNREAD, ReminderRow


def mark_read(session: Session, *, user_id: int, shown: Collection[int], at: datetime) -> None:
    """Note that a person has opened the list of their messages; what it had no place for stays unread."""
    session.execute(
        update(ReminderRow)
        .where(
            col(ReminderRow.recipient_id) == user_id,
            col(ReminderRow.id).in_(shown),
            text(IS_UNREAD),
        )
        .values(read_at=at)
    )
