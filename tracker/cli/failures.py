"""What an administrator reads when a command meets a full disk, or files that are shut to its account."""

import os
import pwd
import shutil
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from tracker.store.sqlite_file import refusal_in
from tracker.store.sqlite_hold import files_of
from tracker.store.troubles import Trouble, trouble_of
from tracker.wording.refusals import sentence

# SQLite speaks of an I/O error where a disk is too full for its log.
_FULL_BELOW_BYTES = 1024 * 1024


def failure_words(error: OSError | DBAPIError) -> str:
    """Return in one line what has failed and what to do; what nobody foresaw as the system or the database says it."""
    if (refusal := refusal_in(error)) is not None:
        return sentence(refusal)
    return known_words(error) or said_by(error)


def said_by(error: Exception) -> str:
    """Return the first line of what the system or the database said."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return (str(said).splitlines() or [type(said).__name__])[0]


def known_words(error: Exception) -> str | None:
    """Say what to do about a full disk and about files that are shut; None where neither is it."""
    path, trouble = _where(error), trouble_of(error)
    if path is None or trouble not in (Trouble.DISK_FULL, Trouble.DISK, Trouble.DATABASE):
        return "磁盘空间已满，没有完成。请腾出空间后重新运行。" if trouble is Trouble.DISK_FULL else None
    folder = path if path.is_dir() else path.parent
    if trouble is Trouble.DISK_FULL or _is_full(folder):
        return f"{folder}所在的磁盘空间已满，没有完成。请在数据目录以外腾出空间后重新运行。"
    if shut := _shut(path):
        return (
            f"当前账号{_account()}不能读写{'、'.join(shut)}，没有完成。请以运行服务的账号执行命令；"
            f"属主不对的，用chown将{folder}和其中的{path.name}、-wal、-shm、-held改归该账号，"
            "用chmod设为文件夹700、文件600。"
        )
    if trouble is Trouble.DISK:
        return f"{path}不能读写（{said_by(error)}），没有完成。请检查所在磁盘是否损坏、是否只读挂载，处理后重新运行。"
    return None


def _where(error: Exception) -> Path | None:
    """Return the file of the database, or the one of which the system speaks; None where nobody says."""
    named = getattr(error.orig, "database", None) if isinstance(error, DBAPIError) else getattr(error, "filename", None)
    return Path(named) if isinstance(named, str | Path) else None


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _FULL_BELOW_BYTES
    except OSError:
        return False


def _shut(path: Path) -> list[str]:
    """Name the folder and the files of a database that are there and that this account may not read and write."""
    folder = path.parent
    if os.path.exists(folder) and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return [str(folder)]
    there = [one for one in files_of(path) if os.path.exists(one)]
    return [str(one) for one in there if not os.access(one, os.R_OK | os.W_OK)]


def _account() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
