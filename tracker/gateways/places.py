"""Places of a process for those who are worked on; whoever waits for something else leaves his to another."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock, local


class Places:
    """So many at a time, however many threads there are."""

    def __init__(self, most: int) -> None:
        self._free = BoundedSemaphore(most)
        self._mine = local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a place and have it."""
        with self._free:
            self._mine.have = True
            try:
                yield
            finally:
                self._mine.have = False

    @contextmanager
    def left(self) -> Iterator[None]:
        """Let another have the place meanwhile, and wait for one again; nothing where this thread has none."""
        if not getattr(self._mine, "have", False):
            yield
            return
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()


class NoTurn(Exception):
    """There are as many at it as may be."""


class Turns:
    """So many at a time, and so many of one and the same; whoever comes beyond is turned away and does not wait."""

    def __init__(self, most: int, *, of_one: int) -> None:
        self._most, self._of_one = most, of_one
        self._lock = Lock()
        self._at_it: Counter[Hashable] = Counter()

    @contextmanager
    def taken(self, who: Hashable) -> Iterator[None]:
        """Be one of them. Raises NoTurn."""
        with self._lock:
            if self._at_it.total() >= self._most or self._at_it[who] >= self._of_one:
                raise NoTurn
            self._at_it[who] += 1
        try:
            yield
        finally:
            with self._lock:
                self._at_it[who] -= 1
                self._at_it += Counter()  # forgets whom it counts no more


# Requests that one process works on at a time.
REQUESTS = Places(4)
# Files that one process has inspected at a time, each in a process of its own, and of those one person's.
INSPECTIONS = Turns(4, of_one=2)
