"""The worker that gunicorn starts for the pages: no client keeps anybody else waiting, slow or gone without a word.

gunicorn's own begins to wait anew with each byte that comes, and lingers over a connection that ends in the one thread
that accepts all others.
"""

import errno
import socket
import time
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

# How long a client may send nothing, and how slow its line may be in all: the worst of a village carries as much.
SILENT_S, PATIENCE_S, SLOWEST_BYTES_A_S = 20.0, 30.0, 20_000
# How long it may take to see that nothing more is on its way, and for an answer to reach who still sends.
_A_MOMENT_S, _LINGER_S = 0.01, 1.0


class TooSlow(TimeoutError):
    """A client sends more slowly than is waited for; by its number the server takes it for gone."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "a client that sends too slowly")


class PatientSocket:
    """The socket of a client whose request is waited for no longer than a slow line needs for what came of it."""

    def __init__(self, own: socket.socket) -> None:
        self._own = own
        self.begin()

    def begin(self) -> None:
        """Wait for the next request from now on."""
        self._came, self._waited_s = 0, 0.0

    def recv(self, size: int) -> bytes:
        """Return what came. Raises TooSlow, OSError."""
        asked = self._own.gettimeout()
        left = PATIENCE_S + self._came / SLOWEST_BYTES_A_S - self._waited_s
        if left <= 0:
            raise TooSlow()
        began = time.monotonic()
        self._own.settimeout(min(SILENT_S, left, SILENT_S if asked is None else asked))
        try:
            chunk = self._own.recv(size)
        except TimeoutError as error:
            raise TooSlow() from error
        finally:
            self._waited_s += time.monotonic() - began
            self._own.settimeout(asked)
        self._came += len(chunk)
        return chunk

    def __getattr__(self, name: str) -> Any:  # Any: as of the socket
        return getattr(self._own, name)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn says nothing of its types
    """Threads that wait for a client for a while, and for one that does not hang up in a thread of their own."""

    def handle(self, conn: Any) -> Any:  # Any: gunicorn's connection, and whether it goes on
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(conn.sock)
        conn.sock.begin()
        goes_on = super().handle(conn)
        if not goes_on:
            _close(conn)
        return goes_on


def _close(conn: Any) -> None:  # Any: as above
    """Close a connection in this thread; where its request was not read to its end, after its client had the answer."""
    try:
        whole = conn.parser is None or conn.parser.finish_body(deadline=time.monotonic() + _A_MOMENT_S)
    except Exception:  # what came is no request, or its client is gone
        whole = True
    if whole:
        util.close(conn.sock)
    else:
        util.close_graceful(conn.sock, timeout=_LINGER_S)
    conn.close = lambda graceful=False: None  # else the accepting thread would do it again
