"""Messages are sealed: the log keeps a digest of each, so that one which is changed or taken away later is missed."""

from datetime import datetime
from itertools import islice

from sqlalchemy import text
from sqlmodel import Session

from tracker.domain.accounts import SYSTEM
from tracker.domain.events.machinery import RemindersSealed
from tracker.store import event_log
from tracker.store.reminder_digests import last_sealed, reminder_digests

_AT_A_TIME = 200


def seal_reminders(session: Session, *, at: datetime) -> int:
    """Seal what was written since the last time; return how many messages. Records RemindersSealed.

    Nobody writes messages meanwhile: one with a smaller number that is committed later would seem to be put in.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE reminder IN SHARE ROW EXCLUSIVE MODE"))
    found, sealed = reminder_digests(session, after=last_sealed(session)), 0
    while page := list(islice(found, _AT_A_TIME)):
        ids, digests = zip(*page, strict=True)
        event_log.record(session, RemindersSealed(reminder_ids=ids, digests=digests), actor=SYSTEM, at=at)
        sealed += len(page)
    return sealed
