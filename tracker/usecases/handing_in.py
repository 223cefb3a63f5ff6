"""A file is handed in: it counts against the quota of its unit, whatever becomes of the form that it came with."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import at_local, local_day
from tracker.domain.file_rules import FileRules
from tracker.store.queries.uploads import handed_in
from tracker.store.tables.units import UnitRow
from tracker.store.tables.uploads import UploadRow


def hand_in(
    session: Session, *, size_bytes: int, rules: FileRules, unit_id: int | None, person_id: int | None, at: datetime
) -> None:
    """Count a file before it is kept; of two of one unit at once the second sees the first.

    Raises DayQuotaUsedUp, QuotaUsedUp.
    """
    if unit_id is not None:
        session.execute(select(col(UnitRow.id)).where(col(UnitRow.id) == unit_id).with_for_update())
    used = handed_in(session, unit_id=unit_id, since=at_local(local_day(at), 0, 0))
    rules.check(size_bytes, today_bytes=used.since_bytes, total_bytes=used.total_bytes)
    session.add(UploadRow(unit_id=unit_id, person_id=person_id, size_bytes=size_bytes, at=at))
