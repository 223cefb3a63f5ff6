"""A restore that fails leaves nothing, or says that it has not failed: on full disks, and in its last step."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.backups import attached, services_on
from tests.support.commands import ROOT, invoke_flask
from tests.support.databases import fresh_sqlite, open_database
from tests.support.site import Site
from tests.support.small_disks import may_mount
from tracker.backups import back_up, restore
from tracker.store import schema


def test_whatever_fails_last_fails_before_anything_is_kept(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    site = Site(fresh_sqlite(tmp_path / "site"), tmp_path / "site")
    attached(site.services, "台账".encode())
    back_up(site.services, tmp_path / "a.tar")
    elsewhere = services_on(open_database(f"sqlite:///{tmp_path / 'tracker.db'}"), tmp_path / "var")
    in_the_way = elsewhere.settings.data_dir / "mode"
    in_the_way.mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        restore(elsewhere, tmp_path / "a.tar")
    assert (schema.revision(elsewhere.database), set(elsewhere.evidence.digests())) == (None, set())
    in_the_way.rmdir()
    restore(elsewhere, tmp_path / "a.tar")
    assert in_the_way.read_text() == "demo"


@pytest.mark.skipif(not may_mount(), reason="this machine lets nobody mount a small disk in a namespace of his own")
@pytest.mark.timeout(300)
def test_a_restore_onto_a_disk_of_whatever_size_is_all_or_nothing_and_says_which(tmp_path: Path) -> None:
    for command in (("db", "upgrade"), ("seed",), ("backup", str(tmp_path / "a.tar"))):
        assert invoke_flask(tmp_path / "here", *command).exit_code == 0
    on_disks = ["unshare", "-rm", sys.executable, "-m", "tests.support.small_disks", str(tmp_path)]
    (unnamed := tmp_path / "unnamed").mkdir()
    environ = {**os.environ, "TMPDIR": str(unnamed)}
    ended = subprocess.run(on_disks, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=280)
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout.splitlines()[-1])
    assert {outcome for _size, outcome in said} == {"nothing", "all but the search", "all"}, said
