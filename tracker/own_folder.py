"""Whether a folder is a data directory of ours: by the mark that we leave there, or by what only we write.

A mistyped name leads to a folder of somebody else, whose things must neither be shut to others nor lie among ours.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

_MARK, _MARKED = "tracker-data", "data directory of the task tracker\n"
# What a file system puts into a folder by itself.
_OF_THE_SYSTEM = frozenset({"lost+found"})
_OUR_TABLES = frozenset({"alembic_version", "chain_head", "event"})
_MOST_READ_BYTES = 200  # nothing of ours that is looked into is longer
# Where SQLite keeps what it has not merged into the file of a database yet, or would take out of it again.
_UNMERGED = ("-wal", "-journal")
# A larger file of ours has our tables in itself, for its log is merged every thousand pages.
_MOST_COPIED_BYTES = 64 * 1024 * 1024


def mark(folder: Path) -> None:
    """Leave our mark in a folder that is ours, where it is not there yet. Raises OSError."""
    path = folder / _MARK
    if not _is_marked(path) or path.stat().st_size < len(_MARKED):
        path.write_text(_MARKED)


def is_ours(folder: Path) -> bool:
    """Tell whether a folder is ours, or empty: marked, or what an earlier program, which left no mark, has written.

    Raises OSError where it cannot be looked into.
    """
    found = [path for path in folder.iterdir() if path.name not in _OF_THE_SYSTEM]
    if _text(folder / _MARK) and _is_marked(folder / _MARK):  # an empty one proves nothing of what lies beside it
        return True
    return _is_proved(folder) or all(_is_written_by_us(path) for path in found)


def _is_marked(path: Path) -> bool:
    """Tell whether the mark is there, or as much of it as a full disk took."""
    text = _text(path)
    return text is not None and _MARKED.startswith(text)


def _is_proved(folder: Path) -> bool:
    """Tell whether something lies there that nobody else writes, whatever lies beside it."""
    if _is_key(folder / "anchor.key") or _has_our_tables(folder / "tracker.db"):
        return True
    return _is_key(folder / "secret.key") and bool(_text(folder / "mode")) and _is_mode(folder / "mode")


def _is_written_by_us(path: Path) -> bool:
    is_such = _WRITTEN.get(path.name)
    return is_such is not None and is_such(path)


def _text(path: Path) -> str | None:
    """Return the text of a short file; None where it is no such file."""
    with suppress(FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        if path.is_file() and path.stat().st_size <= _MOST_READ_BYTES:
            return path.read_text("utf-8")
    return None


def _is_key(path: Path) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}\s*", _text(path) or "") is not None


def _is_mode(path: Path) -> bool:
    return (_text(path) or "").strip() in {"", "demo", "production"} and path.is_file()


def _has_our_tables(path: Path) -> bool:
    return (_tables(path) or set()) >= _OUR_TABLES


def _is_own_database(path: Path) -> bool:
    """Tell whether a database is ours, be it that nothing was written into its file and its log yet."""
    tables = _tables(path)
    return tables is not None and (not tables or tables >= _OUR_TABLES)


def _is_own_log(path: Path) -> bool:
    """Tell whether what SQLite keeps beside a database is ours: as its database is; without one, where it is empty."""
    if not path.is_file():
        return False
    database = path.with_name(path.name.rpartition("-")[0])
    return _is_own_database(database) if database.exists() else not path.stat().st_size


def _tables(path: Path) -> set[str] | None:
    """Return the tables of a database; None of what is none, and of one that cannot be read whole.

    It is read as it lies there and not locked. One with a log is read in a copy: to read the log SQLite would write
    beside it, and merge it into the file. Raises OSError.
    """
    if not path.is_file():
        return None
    found = _tables_in(path, how="mode=ro&immutable=1")
    if found is not None and found >= _OUR_TABLES:
        return found
    logs = [log for ending in _UNMERGED if (log := path.with_name(path.name + ending)).is_file() and log.stat().st_size]
    return _tables_of_copy(path, logs) if logs else found


def _tables_of_copy(path: Path, logs: list[Path]) -> set[str] | None:
    sizes_bytes = [one.stat().st_size for one in (path, *logs)]
    if not sizes_bytes[0] or sum(sizes_bytes) > _MOST_COPIED_BYTES:  # of a file of no length SQLite throws the log away
        return None
    with TemporaryDirectory() as folder:
        for one in (*logs, path):  # the file last: what is merged meanwhile stands in both
            with suppress(FileNotFoundError):
                shutil.copyfile(one, Path(folder) / one.name)
        return _tables_in(Path(folder) / path.name, how="mode=rw")


def _tables_in(path: Path, *, how: str) -> set[str] | None:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?{how}", uri=True)) as file:
            return {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return None


def _is_evidence(folder: Path) -> bool:
    """Tell whether a folder holds what a store of files does, each under its digest; the first of a folder tells."""
    if not _holds_only(r"[0-9a-f]{2}|incoming")(folder):
        return False
    kept = [path for path in folder.iterdir() if path.name != "incoming"]
    return all(path.is_dir() and _is_digest(next(path.iterdir(), None)) for path in kept)


def _is_digest(path: Path | None) -> bool:
    return path is None or re.fullmatch(r"[0-9a-f]{64}", path.name) is not None


def _holds_only(pattern: str) -> Callable[[Path], bool]:
    """Return what tells whether a folder holds nothing but names like these."""

    def holds(folder: Path) -> bool:
        return folder.is_dir() and all(re.fullmatch(pattern, path.name) for path in folder.iterdir())

    return holds


_WRITTEN: Mapping[str, Callable[[Path], bool]] = {
    "mode": _is_mode,
    "secret.key": _is_key,
    "anchor.key": _is_key,
    _MARK: _is_marked,
    "tracker.db": _is_own_database,
    "evidence": _is_evidence,
    "redis": _holds_only(r"appendonlydir|redis\.sock|socket-directory"),
    "run": _holds_only(r"lock|.+\.(pid|beat)"),
    "tracker.db-held": Path.is_file,
    **dict.fromkeys(("tracker.db-wal", "tracker.db-shm", "tracker.db-journal"), _is_own_log),
}
