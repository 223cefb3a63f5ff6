"""Signs of life: what each process that works in the background last said of itself, in a small file of its own.

Processes that share the data directory see each other's; they may be on several machines that mount it.
"""

import json
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path

WORKER, RELAY, SCHEDULER = "worker", "relay", "scheduler"
BACKGROUND = (WORKER, RELAY, SCHEDULER)
# Longer than any honest turn of a loop; of the worker a thread of its own beats.
SILENT_AFTER_S = 90.0
# No reaction and no mail takes that long: a claim is given to another after a minute.
HUNG_AFTER_S = 180.0
_FORGOTTEN_AFTER_S = 86_400.0
_ENDING = ".beat"


@dataclass(frozen=True, slots=True)
class Beat:
    """How long ago a process gave a sign, and for how long its slowest piece of work has been going on, in seconds."""

    name: str
    age_s: float
    busy_s: float

    @property
    def is_alive(self) -> bool:
        return self.age_s <= SILENT_AFTER_S

    @property
    def is_hung(self) -> bool:
        """Whether it lives and is stuck in one piece of work."""
        return self.is_alive and self.busy_s > HUNG_AFTER_S


class Heartbeats:
    """The signs of one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "run"

    def beat(self, name: str, *, busy_s: float = 0.0) -> None:
        """Give a sign for this process; that nobody can write it must not end the work."""
        path = self._folder / f"{name}-{socket.gethostname()}-{os.getpid()}{_ENDING}"
        fresh = path.with_suffix(".new")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_text(json.dumps({"name": name, "busy_s": busy_s}))
            fresh.replace(path)
        except OSError:
            return

    def leave(self, name: str) -> None:
        """Take the sign of this process away, and those that nobody has renewed for a day."""
        own = f"{name}-{socket.gethostname()}-{os.getpid()}{_ENDING}"
        for path, age_s in self._files():
            if path.name == own or age_s > _FORGOTTEN_AFTER_S:
                path.unlink(missing_ok=True)

    def read(self) -> tuple[Beat, ...]:
        """Return every sign that is there, of processes that ended without a word too."""
        found = []
        for path, age_s in self._files():
            try:
                told = json.loads(path.read_text())
                found.append(Beat(str(told["name"]), age_s, float(told["busy_s"])))
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return tuple(found)

    def _files(self) -> list[tuple[Path, float]]:
        found, now = [], time.time()
        for path in self._folder.glob(f"*{_ENDING}"):
            try:
                found.append((path, max(0.0, now - path.stat().st_mtime)))
            except OSError:
                continue
        return found


def latest(beats: tuple[Beat, ...], name: str) -> Beat | None:
    """Return the last sign that any process of this name gave; None where none ever did."""
    return min((beat for beat in beats if beat.name == name), key=lambda beat: beat.age_s, default=None)


def hung(beats: tuple[Beat, ...]) -> Beat | None:
    """Return the living process that has been stuck longest; None where none is."""
    return max((beat for beat in beats if beat.is_hung), key=lambda beat: beat.busy_s, default=None)
