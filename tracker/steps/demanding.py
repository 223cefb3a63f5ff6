"""What an item demands after 交办: whom its words bind by name when a share changes hands 「改派」, and how often."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.items import Basis, CadenceKind
from tracker.store.tables.documents import ItemBearerRow, ItemCadenceRow


def hand_over_demands(session: Session, item_id: int, *, from_unit_id: int, to_unit_id: int, keeps_own: bool) -> None:
    """Let the new unit stand where the old one stood: whom the words name is bound by what they demand.

    With `keeps_own` only what the old unit had taken over itself goes on to the new one.
    """
    for row in _naming(session, item_id, unit_id=from_unit_id):
        if row.instead_of_unit_id is None and keeps_own:
            continue
        named = row.instead_of_unit_id or from_unit_id
        row.unit_id, row.instead_of_unit_id = to_unit_id, named if named != to_unit_id else None
    session.flush()


def give_back_demands(session: Session, item_id: int, *, unit_id: int) -> None:
    """Let the words bind again whom they name, where a unit loses what it took over and nobody takes it instead."""
    for row in _naming(session, item_id, unit_id=unit_id):
        if row.instead_of_unit_id is not None:
            row.unit_id, row.instead_of_unit_id = row.instead_of_unit_id, None
    session.flush()


def keep_interval(session: Session, item_id: int, kind: CadenceKind) -> None:
    """Keep the office's own interval of an item, which quotes nothing, in the place of an earlier one."""
    of_item = col(ItemCadenceRow.item_id) == item_id
    for default in session.scalars(
        select(ItemCadenceRow).where(of_item, col(ItemCadenceRow.basis) == Basis.DEFAULT.value)
    ):
        session.delete(default)
    session.flush()
    last = session.scalars(select(func.max(ItemCadenceRow.position)).where(of_item)).one()
    position = 0 if last is None else last + 1
    row = ItemCadenceRow(item_id=item_id, position=position, kind=kind.value, basis=Basis.DEFAULT.value)
    session.add(row)
    session.flush()


def _naming(session: Session, item_id: int, *, unit_id: int) -> list[ItemBearerRow]:
    wanted = select(ItemBearerRow).where(col(ItemBearerRow.item_id) == item_id, col(ItemBearerRow.unit_id) == unit_id)
    return list(session.scalars(wanted.order_by(col(ItemBearerRow.id)).with_for_update()))
