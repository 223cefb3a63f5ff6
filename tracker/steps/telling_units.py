"""Tell the log what units are as they are entered, so that nobody changes their names, keepers and rights past it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM
from tracker.domain.events.units import EnteredUnit, UnitsEntered
from tracker.store import event_log
from tracker.store.row_digests import row_digest
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UnitRow


def entered_unit(row: UnitRow) -> EnteredUnit:
    """Return what the log keeps of a unit that has its id."""
    return EnteredUnit(
        id=row.id or 0,
        full_name=row.full_name,
        short_name=row.short_name,
        kept_by_unit_id=row.kept_by_unit_id,
        merged_into_unit_id=row.merged_into_unit_id,
        sealed=row_digest(row),
    )


def tell_units(session: Session, new: Iterable[UnitRow] = (), *, at: datetime) -> int:
    """Record units that were entered, at the first time all that there are; return how many.

    One that came past the program is not told later: it stays what no event told. Records UnitsEntered.
    """
    session.flush()
    told = session.scalars(select(col(EventRow.seq)).where(col(EventRow.type) == UnitsEntered.type).limit(1)).first()
    rows = list(new) if told else session.scalars(select(UnitRow).order_by(col(UnitRow.id))).all()
    if rows:
        event = UnitsEntered(entered=tuple(map(entered_unit, rows)))
        event_log.record(session, event, actor=SYSTEM, at=at)
    return len(rows)
