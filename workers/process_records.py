"""Which processes of a run are alive: one private file each, safe against process ids that were given away again."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

STOP_WITHIN_S = 20.0
_POLL_S = 0.05
_PROC = Path("/proc")


@dataclass(frozen=True)
class ProcessRecord:
    """`birth` tells a process from a later one with the same id; `command` is what was started."""

    name: str
    pid: int
    birth: str
    command: tuple[str, ...]


def run_directory(data_dir: Path) -> Path:
    folder = data_dir / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_record(data_dir: Path, name: str, *, pid: int, command: Sequence[str]) -> None:
    record = ProcessRecord(name, pid, birth_of(pid) or "gone", tuple(command))
    path = run_directory(data_dir) / f"{name}.pid"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(record)))
    fresh.replace(path)


def remove_record(data_dir: Path, name: str) -> None:
    (run_directory(data_dir) / f"{name}.pid").unlink(missing_ok=True)


def read_records(data_dir: Path) -> list[ProcessRecord]:
    """Return what is recorded, the oldest first; a file cut off by a crash tells nothing and is removed."""
    paths = sorted(run_directory(data_dir).glob("*.pid"), key=lambda path: path.stat().st_mtime_ns)
    records = []
    for path in paths:
        try:
            fields = json.loads(path.read_text())
            records.append(ProcessRecord(fields["name"], int(fields["pid"]), fields["birth"], tuple(fields["command"])))
        except (ValueError, KeyError, TypeError):
            path.unlink(missing_ok=True)
    return records


def birth_of(pid: int) -> str | None:
    """Name the moment a process began, in whatever unit the system counts; None if there is none or it has ended."""
    if _PROC.joinpath("self/stat").exists():
        fields = _stat(pid)
        return None if fields is None or fields[0] == "Z" else f"{_boot()}/{fields[19]}"
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def is_alive(record: ProcessRecord) -> bool:
    """Say whether the very process of the record lives, not another one that got its id."""
    return birth_of(record.pid) == record.birth


def has_orphans(record: ProcessRecord) -> bool:
    """Say whether members of the record's group outlived it: the group's id is not given away while it has members."""
    if birth_of(record.pid) is not None or not record.birth.startswith(f"{_boot()}/"):
        return False
    stats = (_stat(int(entry.name)) for entry in _PROC.glob("[0-9]*"))
    return any(fields[2] == fields[3] == str(record.pid) and fields[0] != "Z" for fields in stats if fields)


def signal_group(pid: int, number: int) -> None:
    """Signal everything that a leader of a session of its own has started; nothing if all of it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)


def stop_leftovers(data_dir: Path, *, within_s: float = STOP_WITHIN_S) -> list[str]:
    """End what a run left behind, the supervisor first, then the others in reverse order; return their names.

    A process gets SIGTERM, after `within_s` its whole group SIGKILL. Idempotent. A record whose process is gone or
    whose id belongs to somebody else now is only removed.
    """
    records = read_records(data_dir)
    first = [record for record in records if record.name == "supervisor"]
    order = first + [record for record in reversed(records) if record not in first]
    stopped = []
    for record in order:
        if is_alive(record):
            _stop(record, within_s=within_s)
            stopped.append(record.name)
        elif has_orphans(record):
            signal_group(record.pid, signal.SIGKILL)
            stopped.append(record.name)
        remove_record(data_dir, record.name)
    return stopped


def _stop(record: ProcessRecord, *, within_s: float) -> None:
    os.kill(record.pid, signal.SIGTERM)
    # A supervisor needs its own processes' time and a little more.
    deadline = time.monotonic() + within_s + (5 if record.name == "supervisor" else 0)
    while is_alive(record) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    if is_alive(record) and record.name == "supervisor":
        os.kill(record.pid, signal.SIGKILL)
    elif is_alive(record) or has_orphans(record):
        signal_group(record.pid, signal.SIGKILL)


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat from the state on; the name before them may hold any character."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (OSError, UnicodeDecodeError):
        return None


def _boot() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
