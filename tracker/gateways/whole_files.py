"""A large file that is there as a whole or not at all."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from tracker.domain.errors import Rejected

_BEGINS, _ENDS = ".backup-", ".part"


class FileExists(Rejected):
    """Nothing is written over; facts: file."""

    code = "backup_exists"


@contextmanager
def written_whole(target: Path) -> Iterator[BinaryIO]:
    """Open a private file (0600) that gets its name once it is complete and has reached the disk.

    A process that was killed leaves an unfinished file beside it, which the next one removes.
    Raises FileExists, OSError, which names the file where it says of none, or of the one with the other name.
    """
    if target.exists():
        raise FileExists(file=target)
    try:
        _drop_abandoned(target.parent)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=_BEGINS, suffix=_ENDS)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # says to others that somebody is still writing it
                yield cast(BinaryIO, file)
                file.flush()
                os.fsync(file.fileno())
                os.rename(name, target)
        finally:
            Path(name).unlink(missing_ok=True)
        _sync(target.parent)
    except OSError as error:
        if error.filename is None or Path(error.filename).name.startswith(_BEGINS):
            error.filename = str(target)
        raise


def _drop_abandoned(folder: Path) -> None:
    for path in folder.glob(f"{_BEGINS}*{_ENDS}"):
        with suppress(BlockingIOError, FileNotFoundError, PermissionError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
