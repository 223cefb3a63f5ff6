"""Whether a folder is a data directory of ours: by the mark that we leave there, or by what only we write.

A mistyped name leads to a folder of somebody else, whose things must neither be shut to others nor lie among ours.
"""

import re
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path

_MARK, _MARKED = "tracker-data", "data directory of the task tracker\n"
# What a file system puts into a folder by itself.
_OF_THE_SYSTEM = frozenset({"lost+found"})
_OUR_TABLES = frozenset({"alembic_version", "chain_head", "event"})
_MOST_READ_BYTES = 200  # nothing of ours that is looked into is longer


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
    """Tell whether a database is ours, be it that nothing was written into its file yet."""
    tables = _tables(path)
    return tables is not None and (not tables or tables >= _OUR_TABLES)


def _tables(path: Path) -> set[str] | None:
    """Return the tables of a database, None of what is none; read as it lies there, without its log, and not locked."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as file:
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
    **dict.fromkeys(("tracker.db-wal", "tracker.db-shm", "tracker.db-journal", "tracker.db-held"), Path.is_file),
}
