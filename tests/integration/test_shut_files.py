"""Commands say in one Chinese line that a disk is full or files are shut, and what to do, as the doctor does."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import ROOT
from tests.support.small_disks import may_mount

# Whoever is root reads and writes whatever is shut, unless this is taken from him.
_WITHOUT_RIGHTS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


def _told(folder: Path, case: str, *, within: list[str]) -> Any:  # Any: JSON
    command = [*within, sys.executable, "-m", "tests.support.shut_files", str(folder), case]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root cannot shut himself out")
def test_files_that_are_shut_are_named_with_what_to_do(tmp_path: Path) -> None:
    told = _told(tmp_path, "shut", within=_WITHOUT_RIGHTS if os.geteuid() == 0 else [])
    named = {
        "file is read only": "data/tracker.db",
        "file is shut": "data/tracker.db",
        "hold is shut": "data/tracker.db-held",
        "folder is read only": "data",
    }
    for case, (listed, doctor) in told.items():
        said = f"不能读写{tmp_path / named[case]}，没有完成"
        assert (listed.count("\n"), said in listed, "用chown将" in listed) == (1, True, True), (case, listed)
        assert said in doctor, (case, doctor)
        assert "TRACKER_DATABASE_URL" not in doctor, (case, doctor)
    assert told.keys() == named.keys()


@pytest.mark.skipif(not may_mount(), reason="this machine lets nobody mount a small disk in a namespace of his own")
def test_a_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    listed, doctor = _told(tmp_path, "full", within=["unshare", "-rm"])
    said = f"{tmp_path / 'data'}所在的磁盘空间已满"
    assert (listed.count("\n"), said in listed, "腾出空间" in listed) == (1, True, True), listed
    assert said in doctor, doctor
