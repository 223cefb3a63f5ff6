"""Runs commands on files that are shut, and on disks that are full or read-only; prints what each said. Run by a test.

For whoever is root nothing is shut: he runs it without that right.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.backups import attached
from tests.support.commands import FLASK, ROOT, invoke_flask
from tests.support.databases import fresh_sqlite
from tests.support.keys import SECRET_KEY
from tests.support.site import Site

_SHUT = {
    "file is read only": ("tracker.db", 0o400),
    "file is shut": ("tracker.db", 0o000),
    "hold is shut": ("tracker.db-held", 0o000),
    "folder is read only": (".", 0o500),
}
_COMMANDS = (("users", "list"), ("doctor",))
_BEFORE_ANY_COMMAND = ("mode", "secret.key", ".")


def main(folder: Path, case: str) -> None:
    data = folder / "data"
    if case == "disk":
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], check=True)
    data.mkdir(mode=0o700)
    site = Site(fresh_sqlite(data), data)
    site.city.file(files=(attached(site.services, b"x"),))
    site.services.database.dispose()
    (data / "mode").write_text("demo")
    print(json.dumps({"shut": _shut, "evidence": _evidence, "start": _start, "disk": _disk}[case](data)))


def _shut(data: Path) -> dict[str, list[str]]:
    told = {}
    for case, (name, mode) in _SHUT.items():
        with _changed(data / name, mode):
            told[case] = [_said(data, *command) for command in _COMMANDS]
    return told


def _evidence(data: Path) -> dict[str, list[str]]:
    """Shut a file of evidence, and the folder in which it lies."""
    [file] = (data / "evidence").glob("??/*")
    target, told = str(data.parent / "a.tar"), {}
    for path, commands in (
        (file, (("audit", "verify"), ("backup", target))),
        (file.parent, (("audit", "verify"), ("backup", target), ("evidence", "orphans"))),
    ):
        with _changed(path, 0):
            told[str(path)] = [_said(data, *command) for command in commands]
    (shut := data.parent / "shut").mkdir(mode=0)
    for folder in (shut, data.parent / "missing"):
        told[str(folder)] = [_said(data, "backup", str(folder / "a.tar"))]
    shut.chmod(0o700)
    return told


def _start(data: Path) -> dict[str, list[str]]:
    """Shut what is read before there is any command: it is said by the process, not by the command."""
    (data / "secret.key").write_text(SECRET_KEY)
    told = {}
    for name in _BEFORE_ANY_COMMAND:
        with _changed(data / name, 0):
            told[str(data / name)] = [_started(data, *command) for command in _COMMANDS]
    return told


def _disk(data: Path) -> dict[str, list[str]]:
    said = [_said(data, *command) for command in _COMMANDS]  # whatever they make is there
    with (data / "in the way").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            said = [_said(data, *command) for command in _COMMANDS]
            said += [_said(data, "backup", str(data / "a.tar")), _started(data, "users", "list")]
    (data / "in the way").unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(data.parent)], check=True)
    return {
        "full": said,
        "read-only": [_said(data, *command) for command in (*_COMMANDS, ("backup", str(data / "a.tar")))],
    }


@contextmanager
def _changed(path: Path, mode: int) -> Iterator[None]:
    before = path.stat().st_mode & 0o777
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


def _said(data: Path, *command: str) -> str:
    done = invoke_flask(data, *command)
    return done.output if done.exception is None or isinstance(done.exception, SystemExit) else repr(done.exception)


def _started(data: Path, *command: str) -> str:
    """Run a process whose key lies in the data directory."""
    environ = {"PATH": os.environ["PATH"], "TRACKER_DATA_DIR": str(data)}
    ended = subprocess.run(
        [str(FLASK), *command], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=100
    )
    return ended.stdout + ended.stderr


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
