"""Rows held against the events that say what they hold, each column against the last one that does."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from tracker.store.history.disagreement import Disagreement, compared, pages
from tracker.store.history.row_facts import SAYS
from tracker.store.history.row_says import Beside, Fact, Is, Says
from tracker.store.row_digests import DIGESTED, digest_field
from tracker.store.stored_rows import UNREADABLE, Stored, stored_rows
from tracker.store.tables.events import EventRow

_EVENTS = SQLModel.metadata.tables[str(EventRow.__tablename__)]
_COLUMNS = ("type", "payload", "actor", "actor_id", "occurred_at", "unit_id", "task_id")
_UNKNOWN = object()


@dataclass(slots=True)
class ToldRows:
    """What events say of rows, by table and key; `born` are the rows of which they tell how they came to be.

    `unread` are the numbers of events that say what no program wrote.
    """

    rows: dict[str, dict[int, dict[str, object]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    born: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    unread: set[int] = field(default_factory=set)


def read_told_rows(session: Session) -> ToldRows:
    """Return what the whole log says of rows up to now."""
    told = ToldRows()
    wanted = session.scalars(select(col(EventRow.seq)).where(col(EventRow.type).in_(sorted(SAYS))))
    for page in pages(wanted):
        for row in stored_rows(session, _EVENTS, _COLUMNS, _EVENTS.c.seq.in_(page)):
            try:
                _read(told, row)
            except Exception:  # what no program wrote raises whatever it likes
                told.unread.add(row["seq"])
    return told


def told_tables() -> Collection[str]:
    """Return the tables of whose rows events say something."""
    return tuple({says.table: None for all_of in SAYS.values() for says in all_of})


def differing_rows(session: Session, table: str, told: ToldRows) -> Iterator[Disagreement]:
    """Yield where rows of a table hold other than the events say, and rows that are gone."""
    rows, of_table = told.rows[table], SQLModel.metadata.tables[table]
    digested = DIGESTED.get(table, ())
    names = {name for known in rows.values() for name in known} | set(digested)
    names -= {digest_field(table)} if digested else set()
    yield from compared(session, of_table, rows, rows.__getitem__, sorted(names))


def _read(told: ToldRows, row: Stored) -> None:
    if UNREADABLE in row.values():
        raise ValueError("an event that cannot be read")
    facts, beside = json.loads(row["payload"]), _beside(row)
    for says in SAYS[row["type"]]:
        if any(facts.get(name) != value for name, value in says.when.items()):
            continue
        for said in facts.get(says.each) or () if says.each else (facts,):
            if says.optional and said.get(says.key) is None:
                continue
            id_ = beside[says.key] if isinstance(says.key, Beside) else said[says.key]
            _say(told.rows[says.table][id_], says, said, beside)
            if says.born:
                told.born[says.table].add(id_)


def _beside(row: Stored) -> Mapping[Beside, Any]:  # Any: what the columns hold
    return {
        Beside.ACTOR: row["actor"],
        Beside.ACTOR_ID: row["actor_id"],
        Beside.AT: row["occurred_at"],
        Beside.UNIT: row["unit_id"],
        Beside.TASK: row["task_id"],
    }


def _say(known: dict[str, object], says: Says, facts: Mapping[str, Any], beside: Mapping[Beside, Any]) -> None:
    for column, source in says.columns.items():
        value = _value(source, facts, beside)
        if value is _UNKNOWN:  # and so is what was said before
            known.pop(column, None)
        else:
            known[column] = value


def _value(source: str | Beside | Is | Fact, facts: Mapping[str, Any], beside: Mapping[Beside, Any]) -> object:
    if isinstance(source, Is):
        return source.value
    if isinstance(source, Beside):
        return beside[source]
    fact = source if isinstance(source, Fact) else Fact(source)
    value = facts.get(fact.name, _UNKNOWN)
    if fact.kept_later and not value:
        return _UNKNOWN
    return None if fact.or_none and not value else value
