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
_WITHIN = _WITHOUT_RIGHTS if os.geteuid() == 0 else []
_CAN_BE_SHUT_OUT = pytest.mark.skipif(
    os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root cannot shut himself out"
)


def _told(folder: Path, case: str, *, within: list[str]) -> Any:  # Any: JSON
    command = [*within, sys.executable, "-m", "tests.support.shut_files", str(folder), case]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=200)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


@_CAN_BE_SHUT_OUT
def test_files_that_are_shut_are_named_with_what_to_do(tmp_path: Path) -> None:
    told = _told(tmp_path, "shut", within=_WITHIN)
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


@_CAN_BE_SHUT_OUT
def test_evidence_that_is_shut_is_named_and_not_passed_over(tmp_path: Path) -> None:
    told = _told(tmp_path, "evidence", within=_WITHIN)
    missing = str(tmp_path / "missing")
    assert told.pop(missing) == [f"Error: {missing}不存在，没有完成。请核对后重新运行。\n"]
    assert len(told) == 3
    for path, said in told.items():
        for one in said:
            if "发现1处问题" in one:  # the audit names it and goes on
                assert "）：不能读出（PermissionError）\n" in one, (path, one)
            else:
                assert (one.count("\n"), f"不能读写{path}，没有完成" in one) == (1, True), (path, one)


@_CAN_BE_SHUT_OUT
def test_what_is_shut_before_there_is_a_command_is_said_in_one_line_too(tmp_path: Path) -> None:
    told = _told(tmp_path, "start", within=_WITHIN)
    assert len(told) == 3
    for path, said in told.items():
        for one in said:
            assert one.count("\n") == 1, (path, one)
            assert f"不能读写{path}，没有完成。请以运行服务的账号执行命令" in one, (path, one)


@pytest.mark.skipif(not may_mount(), reason="this machine lets nobody mount a small disk in a namespace of his own")
def test_disks_that_are_full_or_read_only_are_said_to_be_so(tmp_path: Path) -> None:
    told = _told(tmp_path, "disk", within=["unshare", "-rm"])
    for case, words in (("full", "磁盘空间已满"), ("read-only", "磁盘是只读挂载")):
        listed, doctor, *others = told[case]
        assert f"{tmp_path / 'data'}所在的{words}" in doctor, doctor
        for one in (listed, *others):
            assert (one.count("\n"), f"{tmp_path / 'data'}所在的{words}" in one) == (1, True), (case, one)
