"""Shares with a clock for each case 「逐件时限」: their forms count the cases."""

from collections.abc import Collection

from sqlalchemy import bindparam, exists, select
from sqlmodel import Session, col

from tracker.domain.items import Basis, CadenceKind, DemandKind, ItemKind
from tracker.store.queries.asked_of_shares import binds, named_units
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import ItemCadenceRow, ItemRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

# Asked of the document of each share found: a list of all such documents would read every item.
_RESPONDS = exists(
    select(col(ItemRow.id)).where(
        col(ItemRow.document_id) == col(TaskRow.document_id), col(ItemRow.kind) == ItemKind.RESPONSE_STEP.value
    )
)
_CLOCKS = (
    select(AssignmentRow, ItemCadenceRow)
    .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
    .join(ItemCadenceRow, col(ItemCadenceRow.item_id) == col(TaskRow.item_id))
    .where(
        col(AssignmentRow.id).in_(bindparam("ids", expanding=True)),
        is_one_of(col(ItemCadenceRow.kind), CadenceKind.WITHIN_HOURS, CadenceKind.WITHIN_WORKDAYS),
        col(ItemCadenceRow.basis) == Basis.STATED.value,
        ~_RESPONDS,
    )
)


def counting_shares(session: Session, assignment_ids: Collection[int]) -> frozenset[int]:
    """Return the shares that a stated limit of hours or working days binds for each case.

    In a document with response levels such a limit is started by an event and reported by itself.
    """
    rows = session.execute(_CLOCKS, {"ids": list(assignment_ids)}).all()
    named = named_units(session, {clock.item_id for _share, clock in rows}, DemandKind.CADENCE) if rows else {}
    return frozenset(
        share.id or 0
        for share, clock in rows
        if binds(share, clock.bearer, named.get((clock.item_id, clock.position), set()))
    )
