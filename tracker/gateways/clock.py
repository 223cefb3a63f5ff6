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

    def scenario(self) -> str | None:
        """Return the name of the scenario that is or was played here."""
        with self._database.reading() as session:
            row = session.get(DemonstrationClockRow, 1)
            return row.scenario if row else None

    def begin(self, session: Session, *, scenario: str) -> None:
        """Keep the scenario as which the units behave from now on, inside the caller's transaction."""
        self._row(session).scenario = scenario

    def move(self, session: Session, *, to: datetime) -> None:
        """Set the clock inside the caller's transaction. Raises ClockRunsForwards."""
        row = self._row(session)
        if to < row.now:
            raise ClockRunsForwards(now=row.now.isoformat(), to=to.isoformat())
        row.now = to

    def _row(self, session: Session) -> DemonstrationClockRow:
        row = session.get(DemonstrationClockRow, 1, with_for_update=True)
        if row is None:
            row = DemonstrationClockRow(id=1, now=self._starts_at)
            session.add(row)
        return row
