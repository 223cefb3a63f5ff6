"""Which file and log the processes of a SQLite database have open, told to each other beside the file.

SQLite takes the log that lies beside a file for the file's own. A small file, `<name>-held`, says which file and log
are open, and every connection keeps a shared lock on it; who can have it alone knows that there are none. What it says
of itself tells a copy of the whole folder, which may be opened as what it is, from a file put into another's place.
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

_Name = tuple[int, int]
# Where SQLite's own locks stand (os_unix.c): who has a file open in this mode holds both, on any Unix.
ON_FILE = (0x40000002, 510)
_IN_LOG = (128, 1)


def log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def index_of(file: Path) -> Path:
    """Return the index of the log, which all processes share."""
    return file.with_name(f"{file.name}-shm")


def held_of(file: Path) -> Path:
    """Return the file that says which file and log are open."""
    return file.with_name(f"{file.name}-held")


def files_of(file: Path) -> tuple[Path, ...]:
    """Return all that belongs to a database."""
    return file, log_of(file), index_of(file), held_of(file)


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of a database named: device and inode of the file, its log and the log's index."""

    file: _Name
    log: _Name
    index: _Name

    @classmethod
    def found(cls, file: Path) -> "Names":
        """Look what is there now. Raises FileNotFoundError."""
        return cls(cls.of_one(file), cls.of_one(log_of(file)), cls.of_one(index_of(file)))

    @staticmethod
    def of_one(path: Path) -> _Name:
        """Raises FileNotFoundError."""
        found = path.stat()
        return found.st_dev, found.st_ino


class Hold:
    """One connection's hold on what is open; goes with its process."""

    def __init__(self, file: Path) -> None:
        """Raises OSError."""
        self._handle = os.open(held_of(file), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if (
            os.geteuid() == 0
        ):  # a command of the administrator shuts nobody out: it is the database's owner's, as its log
            owner = file.stat()
            os.fchown(self._handle, owner.st_uid, owner.st_gid)

    def alone(self) -> bool:
        """Keep all others out; False where somebody is in."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def share(self, *, waiting: bool = False) -> None:
        """Let others in who share. BlockingIOError where somebody keeps all out, and he is not waited for."""
        fcntl.flock(self._handle, fcntl.LOCK_SH | (0 if waiting else fcntl.LOCK_NB))

    def write(self, names: Names) -> None:
        """Tell the others. Raises OSError."""
        written = " ".join(f"{device}:{inode}" for device, inode in (self._own(), names.file, names.log, names.index))
        os.pwrite(self._handle, f"{written}\n".encode(), 0)
        os.ftruncate(self._handle, len(written) + 1)

    def read(self) -> Names | None:
        """Return what is told; None where nothing is, or it is a copy of what was told elsewhere."""
        try:
            words = os.pread(self._handle, 1_000, 0).decode("ascii").split()
            own, file, log, index = ((int(device), int(inode)) for device, inode in (word.split(":") for word in words))
        except ValueError:
            return None
        return Names(file, log, index) if own == self._own() else None

    def release(self) -> None:
        """Let go; a second time does nothing."""
        if self._handle >= 0:
            fcntl.flock(self._handle, fcntl.LOCK_UN)  # for a forked process, too, that has it still
            os.close(self._handle)
            self._handle = -1

    def _own(self) -> _Name:
        own = os.fstat(self._handle)
        return own.st_dev, own.st_ino


def where_strangers_are(file: Path) -> tuple[bool, bool]:
    """Say whether anybody has this file open, and whether anybody is in its log, as `sqlite3` or an earlier program.

    Only for who is alone: to close a file takes away all locks that his process has on it. Raises OSError.
    """
    index = index_of(file)
    return _is_locked(file, *ON_FILE), index.exists() and _is_locked(index, *_IN_LOG)


def _is_locked(path: Path, start: int, length: int) -> bool:
    with path.open("rb+", buffering=0) as opened:
        try:
            fcntl.lockf(opened, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
        except BlockingIOError:
            return True
    return False
