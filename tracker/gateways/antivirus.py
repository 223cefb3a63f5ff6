"""ClamAV's daemon, where one is configured: each file is sent to it before it is kept.

Source: clamd(8), command INSTREAM: chunks, each after its length in four bytes of network order, and an empty one last.
"""

import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit

from tracker.domain.errors import BadInput, Unavailable

_CHUNK_BYTES = 64 * 1024
_TIMEOUT_S = 60.0
_LONGEST_ANSWER = 4096


class VirusFound(BadInput):
    """Facts: virus, its name."""

    code = "virus_found"


class ScannerFailed(Unavailable):
    """The daemon is away or could not examine the file, which is not taken then."""

    code = "scanner_failed"


def scan(path: Path, *, address: str) -> None:
    """Return when the daemon found a file clean; `address` is unix:///path or tcp://host:port.

    Raises VirusFound, ScannerFailed.
    """
    try:
        with _connect(address) as connection, path.open("rb") as file:
            connection.sendall(b"zINSTREAM\0")
            while chunk := file.read(_CHUNK_BYTES):
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
            answer = _answer(connection)
    except OSError as error:
        raise ScannerFailed from error
    if answer == "stream: OK":
        return
    if answer.endswith(" FOUND"):
        raise VirusFound(virus=answer.removeprefix("stream: ").removesuffix(" FOUND"))
    raise ScannerFailed()


def _connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=_TIMEOUT_S)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_TIMEOUT_S)
    try:
        connection.connect(parts.path)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    """Return what the daemon says, up to the NUL that ends it."""
    said = b""
    while b"\0" not in said and len(said) < _LONGEST_ANSWER and (more := connection.recv(_LONGEST_ANSWER)):
        said += more
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()
