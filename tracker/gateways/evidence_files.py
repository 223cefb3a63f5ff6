"""The evidence store 「佐证」: files kept under the hash of their content, never changed, never named by a person."""

import fcntl
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from tracker.data_directory import naming
from tracker.domain.errors import BadInput, NotFound, TrackerError

LARGEST_FILE_BYTES = 50 * 1024 * 1024  # what pages promise people as 50MB
LONGEST_UPLOAD = timedelta(days=1)  # by then whatever names a file that came is committed
_CHUNK_BYTES = 1024 * 1024
_FOLDER = re.compile(r"[0-9a-f]{2}", re.ASCII)
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
        with self._arrived(stream, max_bytes=max_bytes) as (arriving, sha256, size_bytes):
            if inspect is not None:
                inspect(arriving)
            return StoredFile(sha256, size_bytes, self._keep(arriving, sha256))

    def look_at(self, stream: BinaryIO, *, max_bytes: int, inspect: Callable[[Path], object]) -> None:
        """Let `inspect` see the complete file, of which nothing is kept. Raises FileTooLarge and what it raises."""
        with self._arrived(stream, max_bytes=max_bytes) as (arriving, _sha256, _size_bytes):
            inspect(arriving)

    @contextmanager
    def _arrived(self, stream: BinaryIO, *, max_bytes: int) -> Iterator[tuple[Path, str, int]]:
        """Yield where what the stream holds has reached the disk, its digest and size; it is gone afterwards."""
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._incoming)
        arriving = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                sha256, size_bytes = _copy(stream, file, max_bytes=max_bytes, to=arriving)
            yield arriving, sha256, size_bytes
        finally:
            arriving.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Raises EvidenceMissing, also for what is no hash, OSError where nobody lets us look."""
        if _SHA256.fullmatch(sha256):
            path = self._place(sha256)
            with suppress(FileNotFoundError, NotADirectoryError):  # one that is shut is not missing
                if stat.S_ISREG(path.stat().st_mode):
                    return path
        raise EvidenceMissing(sha256=sha256)

    def open(self, sha256: str) -> BinaryIO:
        """Raises EvidenceMissing."""
        return self.path(sha256).open("rb")

    def verify(self, sha256: str) -> None:
        """Read the file again and compare its hash. Raises EvidenceMissing, EvidenceAltered, OSError."""
        path = self.path(sha256)
        with naming(path), path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            raise EvidenceAltered(sha256=sha256, found=found)

    def drop_unfinished(self, *, before: datetime) -> int:
        """Remove what interrupted uploads left behind before an aware time; return how many files."""
        return sum(_drop_old(path, before=before) for path in self._incoming.glob("*"))

    def digests(self) -> Iterator[str]:
        """Yield under which digests files are kept. Raises OSError where a folder is shut, which hides them."""
        if not self._root.exists():
            return
        for folder in self._root.iterdir():
            if _FOLDER.fullmatch(folder.name) and folder.is_dir():
                yield from (path.name for path in folder.iterdir() if _SHA256.fullmatch(path.name))

    def drop(self, sha256: str) -> None:
        """Take back a file that came with a restore which failed; where there is none, nothing happens."""
        self._place(sha256).unlink(missing_ok=True)

    def orphans(self, *, named: Collection[str], before: datetime) -> list[str]:
        """Return which files nothing names and were last handed in before an aware time."""
        return sorted(
            sha256 for sha256 in set(self.digests()).difference(named) if _is_older(self._place(sha256), before)
        )

    def drop_orphans(self, *, named: Collection[str], before: datetime) -> int:
        """Remove the orphans; return how many.

        A file is kept first and named by a row afterwards, so `before` lies further back than any request takes. One
        that is handed in again meanwhile is young again, and is looked at under the lock that keeping takes. While
        others keep or hold files, what might be theirs stays for the next time.
        """
        dropped = 0
        for sha256 in self.orphans(named=named, before=before):
            with self._alone() as alone:
                dropped += alone and _drop_old(self._place(sha256), before=before)
        return dropped

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no file be removed; others go on handing in."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self._root, fcntl.LOCK_SH):
            yield

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Tell whether nobody keeps or holds a file, and let nobody begin to."""
        try:
            with _locked(self._root, fcntl.LOCK_EX | fcntl.LOCK_NB):
                yield True
        except BlockingIOError:
            yield False

    def _place(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def _keep(self, arriving: Path, sha256: str) -> Path:
        place = self._place(sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        arriving.chmod(0o400)
        with self.held():
            os.replace(arriving, place)
        _sync_directory(place.parent)
        _sync_directory(self._root)
        return place


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _is_older(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:  # kept, or swept by another process
        return False


def _drop_old(path: Path, *, before: datetime) -> bool:
    old = _is_older(path, before)
    if old:
        path.unlink(missing_ok=True)
    return old


def _copy(stream: BinaryIO, file: BinaryIO, *, max_bytes: int, to: Path) -> tuple[str, int]:
    digest, size_bytes = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK_BYTES):
        size_bytes += len(chunk)
        if size_bytes > max_bytes:
            raise FileTooLarge(max_bytes=max_bytes, max_mb=max_bytes // (1024 * 1024))
        digest.update(chunk)
        with naming(to):
            file.write(chunk)
    with naming(to):
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size_bytes


def _sync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
