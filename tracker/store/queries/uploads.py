"""How much a unit has handed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from tracker.store.tables.uploads import UploadRow


@dataclass(frozen=True, slots=True)
class HandedIn:
    since_bytes: int
    total_bytes: int


def handed_in(session: Session, *, unit_id: int | None, since: datetime) -> HandedIn:
    """Return what came from a unit, or from people of none: in all, and since a moment, which is inclusive."""
    size = col(UploadRow.size_bytes)
    recent = case((col(UploadRow.at) >= since, size), else_=0)
    statement = select(func.coalesce(func.sum(recent), 0), func.coalesce(func.sum(size), 0))
    found = session.execute(statement.where(col(UploadRow.unit_id).is_not_distinct_from(unit_id))).one()
    return HandedIn(int(found[0]), int(found[1]))
