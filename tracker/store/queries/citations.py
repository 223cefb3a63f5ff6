"""Items as papers cite them: the number of their document and their clause, in one word."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.items import printed_label
from tracker.domain.quoting import quoted
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.tasks import TaskRow

_AT_ONCE = 500  # codes in one statement


@dataclass(frozen=True, slots=True)
class CitedItem:
    """An item as papers cite it, with the task that it became."""

    task_id: int
    words: str


def items_cited(session: Session, codes: Collection[str]) -> Mapping[str, CitedItem]:
    """Return the items of issued tasks by the codes under which figures keep them; unknown codes are left out.

    Source of the form of a citation: 文号＋条款＋名称.
    """
    found: dict[str, CitedItem] = {}
    wanted = sorted(set(codes))
    for start in range(0, len(wanted), _AT_ONCE):
        rows = session.execute(
            select(col(ItemRow.code), col(ItemRow.label), col(ItemRow.title), col(TaskRow.id), col(DocumentRow.number))
            .join(TaskRow, col(TaskRow.item_id) == col(ItemRow.id))
            .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
            .where(col(ItemRow.code).in_(wanted[start : start + _AT_ONCE]), col(TaskRow.issued_at).is_not(None))
        )
        for row in rows:
            found[row.code] = CitedItem(row.id, f"{row.number}{printed_label(row.label)}{quoted(row.title)}")
    return found


def citable(session: Session, cited: Collection[str]) -> frozenset[str]:
    """Return which of these are items of issued tasks: 驻政办〔2022〕48号三（一）1."""
    numbers = session.execute(select(col(DocumentRow.id), col(DocumentRow.number))).all()
    meant = {number: id_ for id_, number in numbers if any(one.startswith(number) for one in cited)}
    issued = (
        select(col(TaskRow.document_id), col(ItemRow.label))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(TaskRow.document_id).in_(meant.values()), col(TaskRow.issued_at).is_not(None))
    )
    by_id = {id_: number for number, id_ in meant.items()}
    known = {f"{by_id[id_]}{printed_label(label)}" for id_, label in session.execute(issued)}
    return frozenset(known & set(cited))
