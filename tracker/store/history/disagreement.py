"""A place where the tables say other than the log, and the pages in which rows are looked through."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session

from tracker.store.row_digests import DIGESTED, digest_field, digest_of
from tracker.store.stored_rows import UNREADABLE, Stored, stored_rows

_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field of a row in which the tables say other than the log; the field is empty where one knows no such row.

    What is stored is UNREADABLE where nobody can tell what it is.
    """

    table: str
    row_id: int
    field: str
    stored: object
    told: object


def pages(told: Iterable[int]) -> Iterator[Collection[int]]:
    """Yield ids in their order, as many at a time as one statement asks for."""
    ids = sorted(told)
    return (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))


def compared(
    session: Session,
    table: Table,
    told: Collection[int],
    facts: Callable[[int], Mapping[str, Any]],  # Any: what columns hold
    columns: Collection[str],
) -> Iterator[Disagreement]:
    """Yield rows that are gone of those that were told, and columns that hold other than the facts of their rows say.

    A fact under the name of columns that are digested together is their digest.
    """
    (key,) = table.primary_key.columns
    for page in pages(told):
        found = {held[key.name]: held for held in stored_rows(session, table, columns, key.in_(page))}
        for id_ in page:
            if id_ in found:
                yield from _differing(table.name, id_, found[id_], facts(id_))
            else:
                yield Disagreement(table.name, id_, "", None, "told")


def _differing(table: str, id_: int, held: Stored, facts: Mapping[str, Any]) -> Iterator[Disagreement]:
    digested = DIGESTED.get(table, ())
    for name, told in facts.items():
        if digested and name == digest_field(table):
            yield from digests_differ(table, id_, name, {one: held[one] for one in digested}, told)
        elif held[name] is UNREADABLE or held[name] != _like(held[name], told):
            yield Disagreement(table, id_, name, held[name], told)


def digests_differ(
    table: str,
    id_: int,
    field: str,
    facts: Stored,
    told: object,
    digest: Callable[[Mapping[str, object]], str] = digest_of,
) -> Iterator[Disagreement]:
    """Yield a row whose facts have another digest than was told; what of them cannot be read is named by itself."""
    unread = [name for name, fact in facts.items() if fact is UNREADABLE]
    yield from (Disagreement(table, id_, name, UNREADABLE, told) for name in unread)
    if not unread:
        try:
            found: object = digest(facts)
        except (TypeError, ValueError, AttributeError):  # bytes where text belongs
            found = UNREADABLE
        if found != told:
            yield Disagreement(table, id_, field, found, told)


def _like(stored: object, told: object) -> object:
    """Read a time or a day that was told as text."""
    if isinstance(stored, date) and isinstance(told, str):
        return (datetime if isinstance(stored, datetime) else date).fromisoformat(told)
    return told
