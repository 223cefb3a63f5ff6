"""The clocks: business logic asks one of these, never the system's."""

from datetime import UTC, datetime
from typing import Protocol

from sqlmodel import Session

from tracker.domain.errors import Rejected
from tracker.store.database import Database
from tracker.store.tables.events import DemonstrationClockRow


class ClockRunsForwards(Rejected):
    """The demonstration clock was asked to go back; facts: now, to."""

    code = "clock_runs_forwards"


class Clock(Protocol):
    """Says what time it is, aware, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class DemonstrationClock:
    """A clock that stands still until it is moved; its time is a row, so every process sees the same."""

    def __init__(self, database: Database, *, starts_at: datetime) -> None:
        self._database = database
        self._starts_at = starts_at

    def now(self) -> datetime:
        with self._database.reading() as session:
            row = session.get(DemonstrationClockRow, 1)
            return row.now if row else self._starts_at

    def move(self, session: Session, *, to: datetime) -> None:
        """Set the clock inside the caller's transaction. Raises ClockRunsForwards."""
        row = session.get(DemonstrationClockRow, 1, with_for_update=True)
        now = row.now if row else self._starts_at
        if to < now:
            raise ClockRunsForwards(now=now.isoformat(), to=to.isoformat())
        if row is None:
            row = DemonstrationClockRow(id=1, now=to)
        row.now = to
        session.add(row)
