"""Whether a file looks like a backup that was finished, without reading it: its first part and its end."""

import os
from pathlib import Path

from tracker.gateways.backup_archive import CLOSING, BackupDamaged, parts_of

# An archive is filled up to a multiple of this; what closes it stands in the last or the one before.
_RECORD_BYTES = 10_240


def looks_whole(path: Path) -> bool:
    """Tell whether a file begins with a part of a backup and ends with what closes one.

    That it holds, only `flask restore --verify` says. Raises OSError where the file cannot be read.
    """
    with path.open("rb") as file:
        try:
            begins = next(iter(parts_of(file)), None) is not None
        except BackupDamaged:
            return False
        size_bytes = file.seek(0, os.SEEK_END)
        file.seek(max(0, size_bytes - 2 * _RECORD_BYTES))
        return begins and CLOSING.encode() + b"\0" in file.read()
