"""The append-only, hash-chained log of events, which is also the outbox that the relay reads."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import insert, select
from sqlmodel import Session, SQLModel, col

from tracker.domain.accounts import Actor
from tracker.domain.audit import ChainHeadGone
from tracker.domain.entered import LARGEST_ID
from tracker.domain.events.base import Event
from tracker.store.stored_rows import Stored, raise_of_the_database, stored_rows
from tracker.store.tables.events import ChainHeadRow, EventRow

GENESIS = "0" * 64
_PENDING = "tracker_events"
_CHECKS = "tracker_checks"
_PAGE = 2_000
_EVENTS = SQLModel.metadata.tables[str(EventRow.__tablename__)]
_APPEND = insert(_EVENTS)  # as an entity, what has other facts would be a statement of its own


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event waiting for the end of its transaction, with who did it and when."""

    event: Event
    actor: Actor
    at: datetime


class LinkProblem(StrEnum):
    """What is wrong at an event: those before it are missing, it does not continue the one before, or was changed.

    At the last one: the head of the chain names another event than the log ends with.
    """

    GAP = "gap"
    JOINT = "joint"
    CONTENT = "content"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """An event at which the chain does not hold."""

    seq: int
    problem: LinkProblem


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of the chain: its number and its hash."""

    seq: int
    hash: str


def head(session: Session) -> Head:
    """Return the last link of the chain; number 0 where nothing was recorded."""
    found = session.scalars(select(ChainHeadRow)).one()
    return Head(found.seq, found.hash)


def last_number(session: Session) -> int:
    """Return the number of the last event that there is, whatever is stored as the head; 0 where there is none."""
    return session.scalars(select(col(EventRow.seq)).order_by(col(EventRow.seq).desc()).limit(1)).first() or 0


def hash_of(session: Session, *, seq: int) -> str | None:
    """Return the hash of an event; None where the log has no such event."""
    return session.scalars(select(col(EventRow.hash)).where(col(EventRow.seq) == seq)).first()


def record(session: Session, event: Event, *, actor: Actor, at: datetime) -> None:
    """Keep an event for the end of this transaction, so that the chain's lock is held only for the commit."""
    session.info.setdefault(_PENDING, []).append(Recorded(event, actor, at))


def hold(session: Session) -> None:
    """Keep others from appending until this transaction ends, for an act that decides by what the log tells.

    Called after every other lock, for whoever commits holds those and waits for this one.
    """
    _locked_head(session)


def _locked_head(session: Session) -> ChainHeadRow:
    """Return the last link of the chain, locked. Raises ChainHeadGone: what cannot be recorded is not done."""
    try:
        found = session.scalars(select(ChainHeadRow).with_for_update()).one_or_none()
    except Exception as error:  # what no program wrote raises whatever it likes
        raise_of_the_database(error)
        found = None
    if found is None or not isinstance(found.seq, int) or not isinstance(found.hash, str) or found.seq >= LARGEST_ID:
        raise ChainHeadGone()
    return found


def check_last(session: Session, check: Callable[[], None]) -> None:
    """Let a check that decides by what others recorded run when nobody else can append; it raises what refuses the act.

    It runs under the chain's lock and before this transaction's own events, after every lock that is taken until then.
    """
    session.info.setdefault(_CHECKS, []).append(check)


def write(session: Session) -> int:
    """Append the recorded events in order and return how many were new. Raises what a check of `check_last` raises.

    An event whose key is in the log already is the same fact and is left out. The row lock on the chain's head
    lets writers append one after another; on SQLite the write transaction does.
    """
    recorded: list[Recorded] = session.info.pop(_PENDING, [])
    checks: list[Callable[[], None]] = session.info.pop(_CHECKS, [])
    if not recorded and not checks:
        return 0
    session.flush()
    last = _locked_head(session)
    for check in checks:
        check()
    rows = list(links(_new(session, recorded), seq=last.seq, previous_hash=last.hash))
    if rows:
        session.execute(_APPEND, rows)
        last.seq, last.hash = last.seq + len(rows), str(rows[-1]["hash"])
        session.add(last)
    return len(rows)


def links(recorded: Iterable[Recorded], *, seq: int, previous_hash: str) -> Iterator[dict[str, object]]:
    """Yield the rows by which events continue a chain whose last link has this number and hash."""
    for entry in recorded:
        row = _link(entry, seq=seq + 1, previous_hash=previous_hash)
        seq, previous_hash = seq + 1, str(row["hash"])
        yield row


def _new(session: Session, recorded: list[Recorded]) -> Iterator[Recorded]:
    keys = [key for entry in recorded if (key := entry.event.key()) is not None]
    known: set[str | None] = set()
    for start in range(0, len(keys), _PAGE):
        page = keys[start : start + _PAGE]
        known.update(session.scalars(select(col(EventRow.key)).where(col(EventRow.key).in_(page))))
    for entry in recorded:
        key = entry.event.key()
        if key is None or key not in known:
            known.add(key)
            yield entry


def _link(entry: Recorded, *, seq: int, previous_hash: str) -> dict[str, object]:
    row: dict[str, object] = {
        "seq": seq,
        "type": entry.event.type,
        "key": entry.event.key(),
        "task_id": entry.event.task_id,
        "unit_id": entry.event.unit_id,
        "occurred_at": entry.at.astimezone(UTC),
        "actor": entry.actor.name,
        "actor_id": entry.actor.user_id,
        "actor_unit": entry.actor.unit_name,
        "payload": json.dumps(entry.event.payload(), ensure_ascii=False, sort_keys=True),
        "previous_hash": previous_hash,
        "about": entry.event.about(),
    }
    row["hash"] = _digest(row)
    return row


def _digest(row: dict[str, object]) -> str:
    # Events of before had no such fact: one that is about nothing is hashed as they are.
    told = [value for name, value in row.items() if name != "about" or value is not None]
    facts = [value.isoformat() if isinstance(value, datetime) else value for value in told]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def broken_links(session: Session) -> Iterator[BrokenLink]:
    """Recompute the chain from the first event and yield where it does not hold, going on after each.

    An event of which something cannot be read was changed.
    """
    seq, previous_hash = 0, GENESIS
    while page := session.scalars(
        select(col(EventRow.seq)).where(col(EventRow.seq) > seq).order_by(col(EventRow.seq)).limit(_PAGE)
    ).all():
        for row in stored_rows(session, _EVENTS, (*_HASHED, "hash"), _EVENTS.c.seq.in_(page)):
            if problem := _problem(row, seq=seq + 1, previous_hash=previous_hash):
                yield BrokenLink(row["seq"], problem)
            seq, previous_hash = row["seq"], row["hash"]
    last = stored_head(session)
    if last is None or (last.seq, last.hash) != (seq, previous_hash):
        yield BrokenLink(max(seq, last.seq if last else 0), LinkProblem.HEAD)


def stored_head(session: Session) -> Head | None:
    """Return what is stored as the last link of the chain; None where there is none, or none that can be read."""
    found = stored_rows(session, SQLModel.metadata.tables[str(ChainHeadRow.__tablename__)], ("seq", "hash"))
    if len(found) != 1 or not isinstance(found[0]["seq"], int) or not isinstance(found[0]["hash"], str):
        return None
    return Head(found[0]["seq"], found[0]["hash"])


def _problem(held: Stored, *, seq: int, previous_hash: object) -> LinkProblem | None:
    if held["seq"] != seq:
        return LinkProblem.GAP
    if held["previous_hash"] != previous_hash:
        return LinkProblem.JOINT
    try:
        digest = _digest({name: held[name] for name in _HASHED})
    except (TypeError, ValueError):  # what cannot be read, or is none of what is written
        return LinkProblem.CONTENT
    return None if digest == held["hash"] else LinkProblem.CONTENT


_HASHED = (
    "seq",
    "type",
    "key",
    "task_id",
    "unit_id",
    "occurred_at",
    "actor",
    "actor_id",
    "actor_unit",
    "payload",
    "previous_hash",
    "about",
)
