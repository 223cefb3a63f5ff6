"""Items as papers cite them: the number of their document and their clause, in one word."""

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.items import printed_label
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.tasks import TaskRow


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
