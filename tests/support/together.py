"""Several who act at the same moment."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier  # noqa: TID251 # nothing comes before it here
from typing import TypeVar

from sqlalchemy import text

from tracker.gateways.places import Places
from tracker.store.database import Database

_Done = TypeVar("_Done")
_LONGEST_S = 60
_LONGEST_WAIT_S = 5.0
_LOCKED_OUT = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def together(*acts: Callable[[], _Done]) -> list[_Done]:
    """Start acts at the same moment, each in a thread of its own; return what they returned, in their order.

    What they need first, a log-in for one, is done before: an act that failed on its way would leave the others
    waiting for it for good, and no time limit of a test ends a thread.
    """
    barrier = Barrier(len(acts))

    def one(act: Callable[[], _Done]) -> _Done:
        barrier.wait(timeout=_LONGEST_S)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def await_waiting(database: Database, following: Future[None]) -> None:
    """Wait until an act that was begun in another thread waits for a lock of PostgreSQL, or is over."""
    until = time.monotonic() + _LONGEST_WAIT_S
    with database.engine.connect() as connection:
        while not following.done() and time.monotonic() < until:
            if connection.execute(_LOCKED_OUT).scalar_one():
                return
            connection.rollback()


def fill(places: Places, most: int) -> None:
    """Take so many places at the same moment and leave them. Raises BrokenBarrierError where so many are not free."""
    barrier = Barrier(most)

    def take() -> None:
        with places.taken():
            barrier.wait(timeout=10)

    with ThreadPoolExecutor(most) as pool:
        for done in [pool.submit(take) for _ in range(most)]:
            done.result()
