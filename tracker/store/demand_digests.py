"""Digests of what items demand in the words of their documents: numbers, evidence, rhythms."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.items import Basis
from tracker.store.row_digests import digest_of
from tracker.store.tables.documents import ItemCadenceRow, ItemEvidenceRow, ItemTargetRow

_Demand = ItemTargetRow | ItemEvidenceRow | ItemCadenceRow
_TABLES: tuple[type[ItemTargetRow] | type[ItemEvidenceRow] | type[ItemCadenceRow], ...] = (
    ItemTargetRow,
    ItemEvidenceRow,
    ItemCadenceRow,
)
# Rows are replaced when a document is read anew, and units follow mergers: neither is what the words demand.
_NOT_WORDS = frozenset({"id", "item_id", "addressee_unit_id"})


def demand_digests(session: Session, item_ids: Collection[int]) -> dict[int, str]:
    """Return the SHA-256, in hex, of what each item demands; the office's own rhythms are told by events."""
    said: dict[int, dict[str, list[object]]] = {id_: defaultdict(list) for id_ in item_ids}
    for table in _TABLES:
        wanted = select(table).where(col(table.item_id).in_(item_ids)).order_by(col(table.position))
        if table is ItemCadenceRow:
            wanted = wanted.where(col(ItemCadenceRow.basis) != Basis.DEFAULT.value)
        # As they are stored: of what was just entered a number may still be whole and be read as a fraction.
        rows: Iterable[_Demand] = session.scalars(wanted.execution_options(populate_existing=True))
        for row in rows:
            said[row.item_id][str(table.__tablename__)].append(_words(row))
    return {id_: digest_of(demands) for id_, demands in said.items()}


def _words(row: _Demand) -> list[object]:
    return [getattr(row, name) for name in type(row).model_fields if name not in _NOT_WORDS]
