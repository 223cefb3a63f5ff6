"""Places of a process for those who are worked on; whoever waits for something else leaves his to another."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, local


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


# Requests that one process works on at a time.
REQUESTS = Places(4)
