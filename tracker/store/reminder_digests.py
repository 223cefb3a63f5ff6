"""The digest of what a message says, to whom and for when, which the log seals so that none is changed or lost later.

What becomes of a message (sent, held, read) goes on and is not part of it. To whom it is changes by a hand-over only,
whose event says so.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.store.tables.events import EventRow, ReminderRow

SEALED_FACTS = (
    *("ukey", "kind", "channel", "recipient_id", "recipient", "address"),
    *("subject", "reason", "content", "planned_for", "planned_on"),
)
_SEALED, _HANDED_OVER = "reminder.sealed", "account.handed_over"
MESSAGE_EVENTS = (_SEALED, _HANDED_OVER)
_PAGE = 2_000


@dataclass(slots=True)
class Sealed:
    """The digest of each sealed message, and how it came to another than it was sealed for.

    `moved` has of a message the person whose it was when it was sealed and the one whose it is; `_givers` are, of who
    took over, those from whom he did, where the hand-over was told before its messages were named.
    """

    digests: dict[int, str] = field(default_factory=dict)
    moved: dict[int, tuple[int, int]] = field(default_factory=dict)
    _givers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def hear(self, type_: str, facts: Mapping[str, Any]) -> None:  # Any: what an event of its type carries
        """Note what one of MESSAGE_EVENTS says, in the order of the log."""
        if type_ == _HANDED_OVER:
            self.move(facts, facts.get("message_ids"))
        else:
            self.digests.update(zip(facts["reminder_ids"], facts["digests"], strict=True))

    def move(self, facts: Mapping[str, int], message_ids: list[int] | None) -> None:
        """Note a hand-over that came after what was sealed up to now."""
        giver, receiver = facts["user_id"], facts["to_id"]
        if message_ids is None:
            self._givers[receiver] |= {giver} | self._givers.get(giver, set())
        for id_ in message_ids or ():
            if id_ in self.digests:
                self.moved[id_] = (self.moved[id_][0] if id_ in self.moved else giver, receiver)

    def sealed_for(self, id_: int, now: int) -> set[int]:
        """Return whose a message that is somebody's now can have been when it was sealed; nobody's where it may not."""
        first, last = self.moved.get(id_, (now, now))
        return {first} | self._givers.get(first, set()) if last == now else set()


def last_sealed(session: Session) -> int:
    """Return the id of the last message that the log has sealed, 0 where it has none."""
    wanted = select(col(EventRow.payload)).where(col(EventRow.type) == _SEALED).order_by(col(EventRow.seq).desc())
    found = session.scalars(wanted.limit(1)).first()
    return int(json.loads(found)["reminder_ids"][-1]) if found else 0


def reminder_digests(session: Session, *, after: int) -> Iterator[tuple[int, str]]:
    """Yield id and SHA-256, in hex, of the messages with a greater id than this, in their order."""
    columns = [col(getattr(ReminderRow, name)) for name in ("id", *SEALED_FACTS)]
    while page := session.execute(
        select(*columns).where(col(ReminderRow.id) > after).order_by(col(ReminderRow.id)).limit(_PAGE)
    ).all():
        for id_, *facts in page:
            yield id_, _digest(facts)
            after = id_


def message_digests(row: Mapping[str, Any], sealed: Sealed) -> list[str]:  # Any: what the columns hold
    """Return the digests that a message may have been sealed by: one for each person whose it can have been then."""
    was_for = sorted(sealed.sealed_for(row["id"], row["recipient_id"]))
    said = [{**row, "recipient_id": person} for person in was_for]
    return [_digest([facts[name] for name in SEALED_FACTS]) for facts in said]


def _digest(facts: list[object]) -> str:
    said = [fact.isoformat() if isinstance(fact, date | datetime) else fact for fact in facts]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
