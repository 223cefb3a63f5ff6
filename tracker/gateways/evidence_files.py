"""The evidence store 「佐证」: files kept under the hash of their content, never changed, never named by a person."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from tracker.domain.errors import BadInput, NotFound, TrackerError

LARGEST_FILE_BYTES = 50 * 1024 * 1024  # what pages promise people as 50MB
_CHUNK_BYTES = 1024 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class FileTooLarge(BadInput):
    """More bytes came than one file may have; facts: max_bytes, max_mb."""

    code = "file_too_large"


class EvidenceMissing(NotFound):
    """No file is kept under this hash; facts: sha256."""

    code = "evidence_missing"


class EvidenceAltered(TrackerError):
    """The bytes on the disk are no longer those that were handed in; facts: sha256, found."""

    code = "evidence_altered"


@dataclass(frozen=True)
class StoredFile:
    sha256: str
    size_bytes: int
    path: Path


class EvidenceFiles:
    """Files under `root`/ab/ab12…; what is still arriving lies in `root`/incoming on the same disk."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"

    def store(
        self, stream: BinaryIO, *, max_bytes: int = LARGEST_FILE_BYTES, inspect: Callable[[Path], object] | None = None
    ) -> StoredFile:
        """Keep what the stream holds; on return it has reached the disk.

        `inspect` sees the complete file before it is kept and refuses it by raising.
        Idempotent: the same content is kept once. Raises FileTooLarge and what `inspect` raises.
        """
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._incoming)
        arriving = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                sha256, size_bytes = _copy(stream, file, max_bytes=max_bytes)
            if inspect is not None:
                inspect(arriving)
            return StoredFile(sha256, size_bytes, self._keep(arriving, sha256))
        finally:
            arriving.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Raises EvidenceMissing, also for what is no hash."""
        if _SHA256.fullmatch(sha256):
            path = self._place(sha256)
            if path.is_file():
                return path
        raise EvidenceMissing(sha256=sha256)

    def open(self, sha256: str) -> BinaryIO:
        """Raises EvidenceMissing."""
        return self.path(sha256).open("rb")

    def verify(self, sha256: str) -> None:
        """Read the file again and compare its hash. Raises EvidenceMissing, EvidenceAltered."""
        with self.path(sha256).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            raise EvidenceAltered(sha256=sha256, found=found)

    def drop_unfinished(self, *, before: datetime) -> int:
        """Remove what interrupted uploads left behind before an aware time; return how many files."""
        dropped = 0
        for path in self._incoming.glob("*"):
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
                dropped += 1
        return dropped

    def _place(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def _keep(self, arriving: Path, sha256: str) -> Path:
        place = self._place(sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        arriving.chmod(0o400)
        os.replace(arriving, place)
        _sync_directory(place.parent)
        _sync_directory(self._root)
        return place


def _copy(stream: BinaryIO, file: BinaryIO, *, max_bytes: int) -> tuple[str, int]:
    digest, size_bytes = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK_BYTES):
        size_bytes += len(chunk)
        if size_bytes > max_bytes:
            raise FileTooLarge(max_bytes=max_bytes, max_mb=max_bytes // (1024 * 1024))
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest(), size_bytes


def _sync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
