"""Digests of what items demand in the words of their documents: numbers, evidence, rhythms."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Table
from sqlmodel import Session, SQLModel

from tracker.domain.items import Basis
from tracker.store.row_digests import digest_of
from tracker.store.stored_rows import UNREADABLE, Stored, stored_rows
from tracker.store.tables.documents import ItemCadenceRow, ItemEvidenceRow, ItemTargetRow

# Rows are replaced when a document is read anew, and units follow mergers: neither is what the words demand.
_NOT_WORDS = frozenset({"id", "item_id", "addressee_unit_id"})
_TABLES = tuple(
    SQLModel.metadata.tables[str(table.__tablename__)] for table in (ItemTargetRow, ItemEvidenceRow, ItemCadenceRow)
)


def demand_digests(session: Session, item_ids: Collection[int]) -> dict[int, str]:
    """Return the SHA-256, in hex, of what each item demands; the office's own rhythms are told by events."""
    return {id_: digest_of(demands) for id_, demands in stored_demands(session, item_ids).items()}


def stored_demands(session: Session, item_ids: Collection[int]) -> Mapping[int, Mapping[str, object]]:
    """Return what each item demands, by table, as it is stored; what cannot be read under the name of its column."""
    said: dict[int, dict[str, Any]] = {id_: defaultdict(list) for id_ in item_ids}
    for table in _TABLES:
        names = [column.name for column in table.columns if column.name not in _NOT_WORDS]
        for held in sorted(_rows(session, table, item_ids), key=lambda held: str(held["position"]).zfill(9)):
            demands = said[held["item_id"]]
            demands[table.name].append([held[name] for name in names])
            demands.update({name: UNREADABLE for name in names if held[name] is UNREADABLE})
    return said


def _rows(session: Session, table: Table, item_ids: Collection[int]) -> Iterator[Stored]:
    """Yield the rows of some items without those rhythms that the office set."""
    columns = [column.name for column in table.columns]
    for row in stored_rows(session, table, columns, table.c.item_id.in_(item_ids)):
        if table.name != ItemCadenceRow.__tablename__ or row["basis"] != Basis.DEFAULT.value:
            yield row
