"""Runs commands on a database whose files are shut, or whose disk is full; prints what each said. Run by a test.

For whoever is root nothing is shut: he runs it without that right.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.support.commands import invoke_flask

_SHUT = {
    "file is read only": ("tracker.db", 0o400),
    "file is shut": ("tracker.db", 0o000),
    "hold is shut": ("tracker.db-held", 0o000),
    "folder is read only": (".", 0o500),
}
_COMMANDS = (("users", "list"), ("doctor",))


def main(folder: Path, case: str) -> None:
    data = folder / "data"
    if case == "full":
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], check=True)
    assert invoke_flask(data, "db", "upgrade").exit_code == 0
    print(json.dumps(_on_a_full_disk(data) if case == "full" else {name: _shut(data, name) for name in _SHUT}))


def _shut(data: Path, case: str) -> list[str]:
    name, mode = _SHUT[case]
    path = data / name
    before = path.stat().st_mode & 0o777
    path.chmod(mode)
    try:
        return _said(data)
    finally:
        path.chmod(before)


def _on_a_full_disk(data: Path) -> list[str]:
    with (data / "in the way").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return _said(data)


def _said(data: Path) -> list[str]:
    return [invoke_flask(data, *command).output for command in _COMMANDS]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
