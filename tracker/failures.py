"""What an administrator reads when a command or a start meets a full or read-only disk, files that it may not use, or a
database that does not answer.
"""

import errno
import os
import pwd
import shutil
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from tracker.settings import SettingsError
from tracker.store.server_troubles import server_trouble
from tracker.store.sqlite_file import refusal_in
from tracker.store.sqlite_hold import files_of
from tracker.store.troubles import Trouble, trouble_of
from tracker.wording import database
from tracker.wording.refusals import sentence
from tracker.wording.settings import settings_words

# SQLite speaks of an I/O error where a disk is too full for its log.
_FULL_BELOW_BYTES = 1024 * 1024
_MISSING = "不存在"
_WRONG_NAMES = {
    errno.ENOENT: _MISSING,
    errno.ENOTDIR: "不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENAMETOOLONG: "的名称过长",
}


def failure_words(error: OSError | DBAPIError) -> str:
    """Return in one line what has failed and what to do; what nobody foresaw as the system or the database says it."""
    if (refusal := refusal_in(error)) is not None:
        return sentence(refusal)
    known = known_words(error)
    if known is None and isinstance(error, DBAPIError):
        return database.UNKNOWN.format(said=said_by(error))
    return known or said_by(error)


def said_by(error: Exception) -> str:
    """Return the first line of what the system or the database said."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return (str(said).splitlines() or [type(said).__name__])[0]


def start_words(error: SettingsError) -> str:
    """Return in one line why nothing can be started: a setting that is wrong, or files that cannot be used."""
    of_files = known_words(error.__cause__) if isinstance(error.__cause__, OSError) else None
    if of_files is not None:
        return f"数据目录（TRACKER_DATA_DIR）不能使用：{of_files}"
    return settings_words(str(error), fault=error.fault, place=error.place)


def known_words(error: Exception) -> str | None:
    """Say what to do about full disks, about files that are shut or cannot be written, about names that are wrong, and
    about a server that does not let us in.

    None where it is nothing of this.
    """
    if isinstance(error, DBAPIError) and (told := server_words(error)) is not None:
        return told
    path, trouble = _where(error), trouble_of(error)
    if path is not None and (wrong := _WRONG_NAMES.get(getattr(error, "errno", None) or 0)):
        named = path.parent if wrong is _MISSING and not os.path.exists(path.parent) else path
        return f"{named}{wrong}，没有完成。请核对后重新运行。"
    if path is None or trouble not in (Trouble.DISK_FULL, Trouble.DISK, Trouble.DATABASE):
        return "磁盘空间已满，没有完成。请腾出空间后重新运行。" if trouble is Trouble.DISK_FULL else None
    folder = path if os.path.isdir(path) else path.parent
    if trouble is Trouble.DISK_FULL or (isinstance(error, DBAPIError) and _is_full(folder)):
        return f"{folder}所在的磁盘空间已满，没有完成。请在数据目录以外腾出空间后重新运行。"
    if _is_read_only(folder, error):
        return f"{folder}所在的磁盘是只读挂载，没有完成。请检查磁盘是否损坏，重新挂载为可以写入后重新运行。"
    if shut := _shut(path) or ([str(path)] if isinstance(error, PermissionError) else []):
        named_files = "、".join(shut)
        return (
            f"当前账号{_account()}不能读写{named_files}，没有完成。请以运行服务的账号执行命令；"
            f"属主、权限不对的，用chown将{named_files}改归该账号，用chmod让该账号可以读写。"
        )
    if trouble is Trouble.DISK:
        return f"{path}不能读写（{said_by(error)}），没有完成。请检查所在磁盘是否损坏，处理后重新运行。"
    return None


def server_words(error: DBAPIError) -> str | None:
    """Say why the server does not let us in, or that the tables are not there; None where it is something else."""
    if (said := server_trouble(error)) is not None:
        return database.SERVER_TROUBLES[said.kind].format(name=said.name)
    trouble = trouble_of(error)
    if trouble is Trouble.SCHEMA:
        return database.NO_TABLES
    return database.BUSY if trouble is Trouble.BUSY else None


def _where(error: Exception) -> Path | None:
    """Return the file of the database, or the one of which the system speaks; None where nobody says."""
    named = getattr(error.orig, "database", None) if isinstance(error, DBAPIError) else getattr(error, "filename", None)
    return Path(named) if isinstance(named, str | Path) else None


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _FULL_BELOW_BYTES
    except OSError:
        return False


def _is_read_only(folder: Path, error: Exception) -> bool:
    """Tell whether nobody may write on that disk; a database does not say which of its files it could not write."""
    if isinstance(error, OSError):
        return error.errno == errno.EROFS
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _shut(path: Path) -> list[str]:
    """Name what of a file, of a database with all that belongs to it, this account may not enter, read or write."""
    for folder in reversed(path.parents):
        if os.path.isdir(folder) and not os.access(folder, os.X_OK):
            return [str(folder)]
    folder = path if os.path.isdir(path) else path.parent
    there = [one for one in files_of(path) if os.path.isfile(one)]
    if unreadable := [str(one) for one in there if not os.access(one, os.R_OK)]:
        return unreadable
    if os.path.exists(folder) and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return [str(folder)]
    return [str(one) for one in there if not os.access(one, os.W_OK)]


def _account() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
