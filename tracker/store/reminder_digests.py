"""The digest of what a message says, to whom and for when, which the log seals so that none is changed or lost later.

What becomes of a message (sent, held, read) goes on and is not part of it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.store.tables.events import EventRow, ReminderRow

_FACTS = (
    *("ukey", "kind", "channel", "recipient_id", "recipient", "address"),
    *("subject", "reason", "content", "planned_for", "planned_on"),
)
_SEALED = "reminder.sealed"
_PAGE = 2_000


def last_sealed(session: Session) -> int:
    """Return the id of the last message that the log has sealed, 0 where it has none."""
    wanted = select(col(EventRow.payload)).where(col(EventRow.type) == _SEALED).order_by(col(EventRow.seq).desc())
    found = session.scalars(wanted.limit(1)).first()
    return int(json.loads(found)["reminder_ids"][-1]) if found else 0


def sealed_digests(session: Session) -> Mapping[int, str]:
    """Return the digest of each message that the log has sealed."""
    wanted = select(col(EventRow.payload)).where(col(EventRow.type) == _SEALED).order_by(col(EventRow.seq))
    told = map(json.loads, session.scalars(wanted))
    return {id_: digest for one in told for id_, digest in zip(one["reminder_ids"], one["digests"], strict=True)}


def reminder_digests(session: Session, *, after: int) -> Iterator[tuple[int, str]]:
    """Yield id and SHA-256, in hex, of the messages with a greater id than this, in their order."""
    columns = [col(getattr(ReminderRow, name)) for name in ("id", *_FACTS)]
    while page := session.execute(
        select(*columns).where(col(ReminderRow.id) > after).order_by(col(ReminderRow.id)).limit(_PAGE)
    ).all():
        for id_, *facts in page:
            yield id_, _digest(facts)
            after = id_


def _digest(facts: list[object]) -> str:
    said = [fact.isoformat() if isinstance(fact, date | datetime) else fact for fact in facts]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
