"""Restores onto disks that are too small, each of which is made larger afterwards; prints what became of it.

Run by a test. The disks are in memory, mounted where nobody else sees them: `unshare -rm` gives the process a view of
its own.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.commands import invoke_flask

# Too small for anything, for the rows, for the search beside them, and large enough.
_SIZES_KB = (64, 1024, 2048, 2560, 3072, 3584, 8192)
_AMPLE = "size=64m"


def may_mount() -> bool:
    """Tell whether this machine lets anybody mount a disk where nobody else sees it."""
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return shutil.which("unshare") is not None and subprocess.run(command, capture_output=True).returncode == 0


def main(folder: Path) -> None:
    tried = [(size_kb, _tried(folder, size_kb)) for size_kb in _SIZES_KB]
    _says_that_there_is_no_room_to_verify(folder)
    print(json.dumps(tried))


def _says_that_there_is_no_room_to_verify(folder: Path) -> None:
    """What is read is whole: the disk is at fault on which SQLite keeps what has no name, since it was loaded."""
    disk = Path(os.environ["TMPDIR"])
    _mount(disk, "size=16k")
    said = invoke_flask(folder / "nowhere", "restore", "--verify", str(folder / "a.tar"))
    assert (said.exit_code, f"{disk}所在的磁盘空间已满" in said.stderr) == (1, True), said.output
    _mount(disk, f"remount,{_AMPLE}")


def _tried(folder: Path, size_kb: int) -> str:
    disk, archive = folder / str(size_kb), str(folder / "a.tar")
    data = disk / "data"
    disk.mkdir()
    _mount(disk, f"size={size_kb}k")
    done = invoke_flask(data, "restore", archive)
    _mount(disk, f"remount,{_AMPLE}")
    if done.exit_code == 0:
        return "all"
    if "搜索目录没有建成" in done.stderr:
        assert "已恢复" in done.stdout, done.output
        _works(data, "search", "rebuild")
        _works(data, "audit", "verify")
        return "all but the search"
    assert "已恢复" not in done.output, done.output
    assert "所在的磁盘空间已满" in done.stderr, done.stderr
    _works(data, "restore", archive)
    return "nothing"


def _works(disk: Path, *command: str) -> None:
    done = invoke_flask(disk, *command)
    assert done.exit_code == 0, done.output


def _mount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
