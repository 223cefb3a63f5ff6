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
    """There are as many of one and the same at it as may be, or none of the others was done in time."""


class Turns:
    """So many at a time, and so many of one and the same.

    Of one who comes beyond is turned away at once: he has sent too much himself. Else he waits for those before him,
    `wait_s` seconds at most.
    """

    def __init__(self, most: int, *, of_one: int, wait_s: float) -> None:
        self._of_one, self._wait_s = of_one, wait_s
        self._free = BoundedSemaphore(most)
        self._lock = Lock()
        self._come: Counter[Hashable] = Counter()

    @contextmanager
    def taken(self, who: Hashable) -> Iterator[None]:
        """Be one of them. Raises NoTurn."""
        with self._lock:
            if self._come[who] >= self._of_one:
                raise NoTurn
            self._come[who] += 1
        try:
            if not self._free.acquire(timeout=self._wait_s):
                raise NoTurn
            try:
                yield
            finally:
                self._free.release()
        finally:
            with self._lock:
                self._come[who] -= 1
                self._come += Counter()  # forgets whom it counts no more


# Requests that one process works on at a time.
REQUESTS = Places(4)
# Files that one process has inspected at a time, each in a process of its own, and of those one person's.
INSPECTIONS = Turns(4, of_one=2, wait_s=30)
