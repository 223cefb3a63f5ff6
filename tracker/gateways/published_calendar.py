"""The working-day calendar as it stands: the seed's notices and those that the office imported since."""

import time
from datetime import datetime
from threading import Lock

from tracker.domain.calendar import WorkdayCalendar
from tracker.store.database import Database
from tracker.store.queries.calendar import calendar_stamp, imported_notices

_CHECK_EVERY_S = 1.0


class PublishedCalendar:
    """Holds the calendar of a process; at most once a second it asks whether somebody imported a notice.

    Several processes need no word from each other: each compares the stamp of the table with that of its own reading.
    """

    def __init__(self, database: Database, *, seed: WorkdayCalendar) -> None:
        self._database = database
        self._seed = self._calendar = seed
        self._stamp: tuple[int, datetime | None] = (0, None)
        self._checked_at_s: float | None = None
        self._lock = Lock()

    def now(self) -> WorkdayCalendar:
        """Return the calendar, read anew where the table has changed."""
        with self._lock:
            at_s = time.monotonic()
            if self._checked_at_s is None or at_s - self._checked_at_s >= _CHECK_EVERY_S:
                self._read()
                self._checked_at_s = at_s
            return self._calendar

    def forget(self) -> None:
        """Let the next call ask at once."""
        with self._lock:
            self._checked_at_s = None

    def _read(self) -> None:
        with self._database.reading() as session:
            stamp = calendar_stamp(session)
            if stamp != self._stamp:
                self._calendar = self._seed.with_notices(imported_notices(session))
                self._stamp = stamp
