"""What the log had told by a moment: the events from which state is folded, in their order."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlmodel import Session, col

from tracker.domain.calendar import full_date, local_day
from tracker.domain.errors import Rejected
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow


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


def told(
    session: Session, *, until: Cut, types: frozenset[str], part: Part, unread: set[int] | None = None
) -> Iterator[Told]:
    """Yield the events of some types up to a cut, the first first.

    The part narrows what is read as far as columns tell; what does not belong to it may be among the events. With
    `unread` those whose facts are none are left out and noted there.
    """
    wanted = (
        select(
            col(EventRow.seq),
            col(EventRow.type),
            col(EventRow.occurred_at),
            col(EventRow.task_id),
            col(EventRow.unit_id),
            col(EventRow.payload),
        )
        .where(col(EventRow.seq) <= until.last_event, col(EventRow.occurred_at) <= until.as_of)
        .where(col(EventRow.type).in_(sorted(types)))
        .order_by(col(EventRow.seq))
    )
    for row in session.execute(_narrowed(wanted, part)):
        if unread is not None and not _is_written(row.payload):
            unread.add(row.seq)
            continue
        yield Told(
            seq=row.seq,
            type=row.type,
            at=row.occurred_at,
            task_id=row.task_id,
            unit_id=row.unit_id,
            facts=json.loads(row.payload),
        )


def _is_written(payload: str) -> bool:
    """Tell whether a payload is one of the program's."""
    try:
        return isinstance(payload, str) and isinstance(json.loads(payload), dict)
    except (ValueError, RecursionError):
        return False


def _narrowed(wanted: Select[*tuple[Any, ...]], part: Part) -> Select[*tuple[Any, ...]]:  # Any: the columns of `told`
    """Leave out what other tasks and units did; an event that names neither is read by everybody."""
    if part.document_id is not None:
        tasks = select(col(TaskRow.id)).where(col(TaskRow.document_id) == part.document_id)
        wanted = wanted.where(or_(col(EventRow.task_id).is_(None), col(EventRow.task_id).in_(tasks)))
    if part.task_id is not None:
        wanted = wanted.where(or_(col(EventRow.task_id).is_(None), col(EventRow.task_id) == part.task_id))
    return wanted
