"""What the log had told by a moment: the events from which state is folded, in their order."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlmodel import Session, SQLModel, col

from tracker.domain.calendar import full_date, local_day
from tracker.domain.errors import Rejected
from tracker.store.history.disagreement import pages
from tracker.store.stored_rows import UNREADABLE, stored_rows
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow

_EVENTS = SQLModel.metadata.tables[str(EventRow.__tablename__)]
_COLUMNS = ("seq", "type", "occurred_at", "task_id", "unit_id", "payload", "actor_id")

# What facts raise that no program wrote, where something is looked for in them.
NO_FACTS = (LookupError, TypeError, ValueError, AttributeError)


class BeforeTheReckoning(Rejected):
    """The log tells series and forms from a later moment on; facts: since."""

    code = "before_the_reckoning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Up to where the log is read: `as_of` is aware and inclusive, `last_event` the number of the last event read."""

    as_of: datetime
    last_event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The part of the city that is folded: one document, one task, or all of it.

    What one unit owes is never folded by itself: how its tasks stand depends on their other leads.
    """

    document_id: int | None = None
    task_id: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event; `facts` is its payload."""

    seq: int
    type: str
    at: datetime
    task_id: int | None
    unit_id: int | None
    facts: dict[str, Any]  # Any: what an event of its type carries
    actor_id: int | None = None


def last_event(session: Session) -> int:
    """Return the number of the last event in the log, 0 where it is empty."""
    return int(session.execute(select(func.max(col(EventRow.seq)))).scalar_one() or 0)


def reckoned_since(session: Session) -> datetime | None:
    """Return from when on the log tells series and forms; None where it always did."""
    switched = select(func.min(col(EventRow.occurred_at))).where(col(EventRow.type) == "reckoning.switched")
    found: datetime | None = session.execute(switched).scalar_one()
    return found


def cut(session: Session, *, as_of: datetime, last: int | None = None) -> Cut:
    """Return where the log is cut: at a moment, and at its last event or the one that was last when somebody looked.

    Raises BeforeTheReckoning for a moment before which the log told periods and not series.
    """
    since = reckoned_since(session)
    if since is not None and as_of < since:
        raise BeforeTheReckoning(since=full_date(local_day(since)))
    return Cut(as_of=as_of, last_event=_last_until(session, as_of) if last is None else last)


def _last_until(session: Session, as_of: datetime) -> int:
    """Return the number of the last event that had happened by a moment, 0 where none had."""
    wanted = select(col(EventRow.seq)).where(col(EventRow.occurred_at) <= as_of)
    return session.scalars(wanted.order_by(col(EventRow.seq).desc()).limit(1)).first() or 0


def told(session: Session, *, until: Cut, types: frozenset[str], part: Part) -> Iterator[Told]:
    """Yield the events of some types up to a cut, the first first.

    The part narrows what is read as far as columns tell; what does not belong to it may be among the events.
    """
    wanted = (
        select(*(_EVENTS.c[name] for name in _COLUMNS))
        .where(col(EventRow.seq) <= until.last_event, col(EventRow.occurred_at) <= until.as_of)
        .where(col(EventRow.type).in_(sorted(types)))
        .order_by(col(EventRow.seq))
    )
    for row in session.execute(_narrowed(wanted, part)).mappings():
        yield _told(dict(row))


def readable(session: Session, types: Collection[str], *, unread: set[int] | None = None) -> Iterator[Told]:
    """Yield the events of some types, the first first, for an audit, which no event stops.

    Those of which a column cannot be read, or whose facts are none, are left out and noted in `unread`. The chain
    names them by itself.
    """
    wanted = select(col(EventRow.seq)).where(col(EventRow.type).in_(sorted(types)))
    for page in pages(session.scalars(wanted.order_by(col(EventRow.seq)))):
        for row in stored_rows(session, _EVENTS, _COLUMNS, _EVENTS.c.seq.in_(page)):
            try:
                event = _told(row)
            except (*NO_FACTS, RecursionError):
                (set() if unread is None else unread).add(row["seq"])
            else:
                yield event


def _told(row: Mapping[str, Any]) -> Told:  # Any: what the columns hold
    """Return an event. Raises TypeError, ValueError or RecursionError for one that no program wrote."""
    facts = json.loads(row["payload"])
    if UNREADABLE in row.values() or not isinstance(facts, dict):
        raise ValueError("an event that cannot be read")
    return Told(row["seq"], row["type"], row["occurred_at"], row["task_id"], row["unit_id"], facts, row["actor_id"])


def _narrowed(wanted: Select[*tuple[Any, ...]], part: Part) -> Select[*tuple[Any, ...]]:  # Any: the columns of `told`
    """Leave out what other tasks and units did; an event that names neither is read by everybody."""
    if part.document_id is not None:
        tasks = select(col(TaskRow.id)).where(col(TaskRow.document_id) == part.document_id)
        wanted = wanted.where(or_(col(EventRow.task_id).is_(None), col(EventRow.task_id).in_(tasks)))
    if part.task_id is not None:
        wanted = wanted.where(or_(col(EventRow.task_id).is_(None), col(EventRow.task_id) == part.task_id))
    return wanted
