"""Starts the processes of a run in order, keeps them alive, ends them in reverse order."""

import ctypes
import fcntl
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TextIO

from workers.process_records import (
    STOP_WITHIN_S,
    remove_record,
    run_directory,
    signal_group,
    stop_leftovers,
    write_record,
)

__all__ = ["ProcessSpec", "SupervisorError", "stop_leftovers", "supervise"]

_FIRST_PAUSE_S = 0.3
_LONGEST_PAUSE_S = 5.0
_SETTLED_AFTER_S = 10.0
_READY_WITHIN_S = 60.0
_TICK_S = 0.1
_LAST_WORDS_WITHIN_S = 1.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class SupervisorError(Exception):
    """The run cannot begin; the message is one line."""


@dataclass(frozen=True)
class ProcessSpec:
    """One process; `ready` is asked again and again until it says yes, `env` is added to the environment."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] | None = None
    env: Mapping[str, str] = field(default_factory=dict)


def supervise(
    specs: Sequence[ProcessSpec],
    *,
    data_dir: Path,
    listens_on: tuple[str, int] | None = None,
    on_ready: Callable[[], object] | None = None,
    out: TextIO = sys.stdout,
    write: Callable[[str, str], str] | None = None,
) -> int:
    """Run the processes in the foreground until SIGINT or SIGTERM; return the exit code.

    `write` makes the line that is printed of a process's name and what it said; without it the name stands before.

    0: stopped as asked. 1, with one clear line on stderr: another run holds the data directory, `listens_on` (the
    web server's address) is taken, a command does not exist or is not ready within a minute. What a killed run left
    behind is ended first. Must be called from the main thread.
    """
    try:
        with _only_run(data_dir):
            stop_leftovers(data_dir)
            if listens_on is not None:
                _check_free(*listens_on)
            return _Supervisor(specs, data_dir=data_dir, out=out, write=write).run(on_ready)
    except SupervisorError as error:
        print(error, file=sys.stderr, flush=True)
        return 1


class _Child:
    """One process, its output and when it may start again."""

    def __init__(self, spec: ProcessSpec) -> None:
        self.spec = spec
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_again_at = 0.0
        self._pause_s = _FIRST_PAUSE_S
        self._rest = b""

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.spec.command,
            env={**os.environ, **self.spec.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with(os.getpid()) if sys.platform == "linux" else None,
        )
        self.started_at = time.monotonic()

    def read(self) -> list[str] | None:
        """Return the complete lines that have come; None at the end of the output."""
        assert self.process is not None
        assert self.process.stdout is not None
        chunk = os.read(self.process.stdout.fileno(), 65_536)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk:
            self._rest = b""
            return None
        return [line.decode("utf-8", "replace") for line in lines]

    def wait_before_the_next_start(self) -> float:
        """Double the pause for one that keeps dying; one that had settled starts from the shortest again."""
        now = time.monotonic()
        if now - self.started_at > _SETTLED_AFTER_S:
            self._pause_s = _FIRST_PAUSE_S
        pause_s, self._pause_s = self._pause_s, min(self._pause_s * 2, _LONGEST_PAUSE_S)
        self.start_again_at = now + pause_s
        return pause_s


class _Supervisor:
    """A single loop without threads: a process lives as long as the thread that started it."""

    def __init__(
        self,
        specs: Sequence[ProcessSpec],
        *,
        data_dir: Path,
        out: TextIO,
        write: Callable[[str, str], str] | None,
    ) -> None:
        self._children = [_Child(spec) for spec in specs]
        self._started: list[_Child] = []
        self._data_dir = data_dir
        self._out = out
        width = max((len(spec.name) for spec in specs), default=0)
        self._write = write or (lambda name, line: f"{name:<{width}} | {line}")
        self._selector = selectors.DefaultSelector()
        self._signals = 0

    def run(self, on_ready: Callable[[], object] | None) -> int:
        write_record(self._data_dir, "supervisor", pid=os.getpid(), command=sys.argv)
        with _signals_to(self._count_signal):
            try:
                self._start_all()
                if on_ready is not None and not self._signals:
                    on_ready()
                while not self._signals:
                    self._turn()
            finally:
                self._stop_all()
                remove_record(self._data_dir, "supervisor")
                self._selector.close()
        return 0

    def _count_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _start_all(self) -> None:
        for child in self._children:
            if self._signals:
                return
            self._started.append(child)
            self._start(child)
            deadline = time.monotonic() + _READY_WITHIN_S
            while not self._signals and not self._is_ready(child):
                if time.monotonic() > deadline:
                    raise SupervisorError(f"{child.spec.name} was not ready within {_READY_WITHIN_S:.0f} s")
                self._turn()

    def _is_ready(self, child: _Child) -> bool:
        return child.is_running and (child.spec.ready is None or child.spec.ready())

    def _start(self, child: _Child) -> None:
        try:
            child.start()
        except OSError as error:
            raise SupervisorError(f"{child.spec.name}: cannot start {child.spec.command[0]}: {error}") from None
        assert child.process is not None
        assert child.process.stdout is not None
        write_record(self._data_dir, child.spec.name, pid=child.process.pid, command=child.spec.command)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _turn(self) -> None:
        """Pass on what has been printed, then look after the dead."""
        self._pass_on_output()
        for child in self._started:
            if child.process is not None and not child.is_running:
                self._bury(child)
                pause_s = child.wait_before_the_next_start()
                self._say(child, f"ended with {_verdict(child)}; starting again in {pause_s:.1f} s")
                child.process = None
            elif child.process is None and time.monotonic() >= child.start_again_at:
                self._start(child)

    def _pass_on_output(self) -> None:
        for key, _events in self._selector.select(_TICK_S):
            lines = key.data.read()
            if lines is None:
                self._selector.unregister(key.fileobj)
                continue
            for line in lines:
                self._say(key.data, line)

    def _bury(self, child: _Child) -> None:
        """End what the dead process has left of its own, print its last words, close its line."""
        assert child.process is not None
        assert child.process.stdout is not None
        signal_group(child.process.pid, signal.SIGKILL)
        deadline = time.monotonic() + _LAST_WORDS_WITHIN_S
        while child.process.stdout in self._selector.get_map():
            self._pass_on_output()
            if time.monotonic() > deadline:  # a process that left the group still holds the line open
                self._selector.unregister(child.process.stdout)
        child.process.stdout.close()
        remove_record(self._data_dir, child.spec.name)

    def _stop_all(self) -> None:
        patience = self._signals
        for child in reversed(self._started):
            if child.process is None:
                continue
            if child.is_running:
                child.process.terminate()
            deadline = time.monotonic() + STOP_WITHIN_S
            while child.is_running and time.monotonic() < deadline and self._signals <= patience + 1:
                self._pass_on_output()
            signal_group(child.process.pid, signal.SIGKILL)
            child.process.wait()
            self._bury(child)

    def _say(self, child: _Child, line: str) -> None:
        try:
            print(self._write(child.spec.name, line), file=self._out, flush=True)
        except (OSError, ValueError):
            # Whoever read along is gone; the processes go on.
            self._out = open(os.devnull, "w")  # noqa: SIM115 - open until this process ends


def _verdict(child: _Child) -> str:
    assert child.process is not None
    code = child.process.returncode
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _end_with(parent: int) -> Callable[[], None]:
    """Let the kernel send SIGTERM to the child when this process dies, even by SIGKILL.

    SIGTERM rather than SIGKILL, because the child may have children of its own to take along.
    """

    def arrange() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


@contextmanager
def _signals_to(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


@contextmanager
def _only_run(data_dir: Path) -> Iterator[None]:
    with (run_directory(data_dir) / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SupervisorError(f"another run is using {data_dir}; end it with Ctrl-C or: make stop") from None
        yield


def _check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SupervisorError(f"port {port} is in use; choose another: PORT=8001 make run ({error})") from None
