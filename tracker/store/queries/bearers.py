"""Whom the words of a demand name themselves."""

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.store.tables.documents import ItemBearerRow
from tracker.store.tables.tasks import TaskRow


def named_bearers(session: Session, task_ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """Return the pairs of task and unit where the words name the unit itself now, or one whose part it took over."""
    wanted = (
        select(col(TaskRow.id), col(ItemBearerRow.unit_id))
        .join(ItemBearerRow, col(ItemBearerRow.item_id) == col(TaskRow.item_id))
        .where(col(TaskRow.id).in_(task_ids))
    )
    return frozenset((task_id or 0, unit_id) for task_id, unit_id in session.execute(wanted) if unit_id is not None)
