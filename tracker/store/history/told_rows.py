"""Rows held against the events that say what they hold, each column against the last one that does."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, select
from sqlmodel import Session, SQLModel, col

from tracker.store.history.disagreement import Disagreement, pages
from tracker.store.history.row_facts import SAYS
from tracker.store.history.row_says import Beside, Fact, Is, Says, digest_field
from tracker.store.row_digests import DIGESTED, digest_of
from tracker.store.tables.events import EventRow

# Of these every row was told since there are any; rows of the others may be older than their events.
_TOLD_ALWAYS = ("absence", "handover")
_Told = dict[str, dict[int, dict[str, object]]]
_UNKNOWN = object()


def told_rows(session: Session) -> Iterator[Disagreement]:
    """Yield where rows hold other than the events say, rows that are gone and rows that were put in."""
    told, born = _told(session)
    for table in {says.table: None for all_of in SAYS.values() for says in all_of}:
        yield from _compared(session, SQLModel.metadata.tables[table], told[table])
        first = 0 if table in _TOLD_ALWAYS else min(born[table], default=None)
        if first is not None:
            yield from _put_in(session, SQLModel.metadata.tables[table], told[table], after=first)


def _told(session: Session) -> tuple[_Told, dict[str, set[int]]]:
    told: _Told = defaultdict(lambda: defaultdict(dict))
    born: dict[str, set[int]] = defaultdict(set)
    columns = (
        *(EventRow.type, EventRow.payload, EventRow.actor, EventRow.actor_id),
        *(EventRow.occurred_at, EventRow.unit_id, EventRow.task_id),
    )
    wanted = select(*map(col, columns)).where(col(EventRow.type).in_(sorted(SAYS)))
    for row in session.execute(wanted.order_by(col(EventRow.seq)).execution_options(yield_per=2_000)):
        facts, beside = json.loads(row.payload), _beside(row)
        for says in SAYS[row.type]:
            if any(facts.get(name) != value for name, value in says.when.items()):
                continue
            for said in facts.get(says.each) or () if says.each else (facts,):
                id_ = beside[says.key] if isinstance(says.key, Beside) else said[says.key]
                _say(told[says.table][id_], says, said, beside)
                if says.born:
                    born[says.table].add(id_)
    return told, born


def _beside(row: Any) -> Mapping[Beside, Any]:  # Any: a row of the columns that are asked for
    return {
        Beside.ACTOR: row.actor,
        Beside.ACTOR_ID: row.actor_id,
        Beside.AT: row.occurred_at,
        Beside.UNIT: row.unit_id,
        Beside.TASK: row.task_id,
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


def _compared(session: Session, table: Any, told: Mapping[int, Mapping[str, object]]) -> Iterator[Disagreement]:
    (key,) = table.primary_key.columns
    digested = DIGESTED.get(table.name, ())
    digest = digest_field(table.name) if digested else ""
    names = {name for known in told.values() for name in known}
    columns: list[Column[Any]] = [
        table.c[name] for name in sorted(names - {digest} | ({*digested} & {*table.c.keys()}))
    ]
    for page in pages(told):
        wanted = select(key.label("row_key"), *columns).where(key.in_(page))
        found = {row["row_key"]: row for row in session.execute(wanted).mappings()}
        for id_ in page:
            if id_ not in found:
                yield Disagreement(table.name, id_, "", None, "told")
                continue
            for name, value in told[id_].items():
                stored = digest_of({one: found[id_][one] for one in digested}) if name == digest else found[id_][name]
                if stored != _like(stored, value):
                    yield Disagreement(table.name, id_, name, stored, value)


def _put_in(session: Session, table: Any, told: Collection[int], *, after: int) -> Iterator[Disagreement]:
    (key,) = table.primary_key.columns
    for id_ in session.scalars(select(key).where(key > after).order_by(key)):
        if id_ not in told:
            yield Disagreement(table.name, id_, "", "stored", None)


def _like(stored: object, told: object) -> object:
    """Read a time or a day that was told as text."""
    if isinstance(stored, date) and isinstance(told, str):
        return (datetime if isinstance(stored, datetime) else date).fromisoformat(told)
    return told
