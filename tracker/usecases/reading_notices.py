"""A user has read what the system told him."""

from datetime import datetime

from sqlalchemy import text, update
from sqlmodel import Session, col

from tracker.store.tables.events import IS_UNREAD, ReminderRow


def mark_read(session: Session, *, user_id: int, at: datetime) -> None:
    """Note that a person has opened the list of their messages."""
    session.execute(
        update(ReminderRow)
        .where(
            col(ReminderRow.recipient_id) == user_id,
            text(IS_UNREAD),
        )
        .values(read_at=at)
    )
