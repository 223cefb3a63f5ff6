"""The data directory and what lies in it: its user's own, and nobody else's."""

import contextlib
import errno
import os
import secrets
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tracker.own_folder import is_ours, mark

# sun_path of sockaddr_un holds 108 bytes on Linux, the closing NUL included; 104 on macOS.
_LONGEST_SOCKET_PATH_BYTES = 103 if os.uname().sysname == "Darwin" else 107


class NotPrivate(Exception):
    """A folder cannot be used, or not by this user alone; the message is one line that says which and why."""

    def __init__(self, words: str, *, folder: Path) -> None:
        super().__init__(words)
        self.folder = folder


def keep_private() -> None:
    """Let what this process writes from now on be readable by its own user only."""
    os.umask(0o077)


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system say of which file it is: reading and writing one that is open do not."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def private_directory(path: Path, *, making: bool) -> Path:
    """Take away what others may do in the data directory, where it is asked for, which makes one that is missing too.

    It is marked as ours then. A folder with other people's things is not touched, for its name may be mistyped.
    Raises NotPrivate, OSError.
    """
    try:
        resolved = path.expanduser().resolve()
    except (RuntimeError, ValueError) as error:  # no such user, links in a circle, a NUL
        raise OSError(errno.EINVAL, str(error), str(path)) from None
    if making:
        resolved.mkdir(mode=0o700, parents=True, exist_ok=True)
    else:
        there = next(path for path in (resolved, *resolved.parents) if path.exists())
        if not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
        if there != resolved:
            return resolved
    mode = stat.S_IMODE(resolved.stat().st_mode)
    if mode & stat.S_ISVTX or resolved == Path(resolved.anchor):
        words = f"TRACKER_DATA_DIR: {resolved} belongs to everybody; name a directory of its own"
        raise NotPrivate(words, folder=resolved)
    if not is_ours(resolved):
        words = f"TRACKER_DATA_DIR: {resolved} holds what is not this program's; name a directory of its own"
        raise NotPrivate(words, folder=resolved)
    if not making:
        return resolved
    if mode & 0o077:
        resolved.chmod(mode & 0o700)
    for own in open_to_others(resolved):
        with contextlib.suppress(FileNotFoundError):  # SQLite takes away its own when the last one leaves
            own.chmod(stat.S_IMODE(own.stat().st_mode) & 0o700)
    with contextlib.suppress(OSError):  # a disk that is full is said where something of worth is to be written
        mark(resolved)
    return resolved


def open_to_others(data_dir: Path) -> Iterator[Path]:
    """Yield the files and folders of a data directory's first level that others may read or write."""
    for found in data_dir.iterdir():
        with contextlib.suppress(FileNotFoundError):
            mode = found.lstat().st_mode
            if mode & 0o077 and (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                yield found


def keep_once(path: Path, *, make: Callable[[], str]) -> str:
    """Return the text of a private file (0600), writing it first if it is missing.

    Idempotent: of several processes that start at once one writes, all return its text. Raises OSError.
    """
    if not path.exists():
        with _written_beside(path, make()) as name, contextlib.suppress(FileExistsError):
            os.link(name, path)
    return path.read_text().strip()


def write_whole(path: Path, text: str) -> None:
    """Write a private file (0600), over one that is there; it holds all of the text or is as it was. Raises OSError."""
    with _written_beside(path, text) as name:
        os.replace(name, path)


@contextlib.contextmanager
def _written_beside(path: Path, text: str) -> Iterator[str]:
    """Hand out another file of the same folder, in which the text has reached the disk; without a name afterwards."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with naming(path), os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield name
    finally:
        Path(name).unlink(missing_ok=True)


def socket_path(data_dir: Path, *, making: bool) -> Path:
    """Place the socket under the data directory, or, where that path is too long for a socket, under the system's
    temporary directory, in a private folder whose name the data directory records.

    Where nothing is to be made and no such folder is recorded, nobody listens at the path that is returned.
    """
    folder = data_dir / "redis"
    if making:
        folder.mkdir(mode=0o700, exist_ok=True)
    socket, record = folder / "redis.sock", folder / "socket-directory"
    if len(os.fsencode(socket)) <= _LONGEST_SOCKET_PATH_BYTES or not (making or record.exists()):
        return socket
    fallback = Path(keep_once(record, make=_temporary_name))
    _make_private(fallback)
    return fallback / "redis.sock"


def _temporary_name() -> str:
    return str(Path(tempfile.gettempdir()) / f"tracker-{secrets.token_hex(8)}")


def _make_private(folder: Path) -> None:
    """Create the folder, also after a clean-up of the temporary directory; refuse one that others may enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        words = f"TRACKER_REDIS_URL: {folder} is not a private directory of this user; remove it or set this"
        raise NotPrivate(words, folder=folder)
