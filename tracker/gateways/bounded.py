"""Reads what people hand in, in a process of its own with limits of time and memory: whatever it meets ends there.

The child gets nothing of this process' environment, answers in JSON, and is killed with all it may have started.
"""

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tracker.domain.errors import BadInput
from tracker.inspection import refusals
from tracker.inspection.refusals import FileTooComplex

CPU_SECONDS = 5
READING_CPU_SECONDS = 60  # for what reads a whole document of hundreds of pages
MEMORY_BYTES = 1024 * 1024 * 1024
_ROOT = Path(__file__).parents[2]
_WAITS_SECONDS = 120  # on a busy machine a second of computing takes many


class ReaderFailed(RuntimeError):
    """The child ended without an answer and without having run into its limits; says how."""


def read_bounded(function: Callable[..., object] | str, *arguments: str, cpu_seconds: int = CPU_SECONDS) -> object:
    """Call a module's function, whose arguments are texts and whose answer is JSON, within limits.

    By its place, as `tracker.gateways.bounded:main`, whoever asks need not load what the child loads.
    Raises FileTooComplex where a limit was reached, what the function refuses, and ReaderFailed.
    """
    place = function if isinstance(function, str) else f"{function.__module__}:{function.__name__}"
    command = [sys.executable, "-m", "tracker.gateways.bounded", str(cpu_seconds), place, *arguments]
    environ = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command,
        cwd=_ROOT,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # tracebacks quote what people sent
        start_new_session=True,
    ) as child:
        try:
            answer, _ = child.communicate(timeout=_WAITS_SECONDS)
        except subprocess.TimeoutExpired:
            raise FileTooComplex() from None
        finally:
            _kill_group(child)
    if child.returncode < 0:  # by a signal: time is up, or a parser broke
        raise FileTooComplex()
    return _understood(answer, place=place)


def _kill_group(child: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _understood(answer: bytes, *, place: str) -> object:
    """Raises the refusal that the child answered with, and ReaderFailed."""
    try:
        said = json.loads(answer)
    except ValueError:
        raise ReaderFailed(f"{place} gave no answer") from None
    if "failed" in said:
        raise ReaderFailed(f"{place}: {said['failed']}")
    if "refused" in said:
        importlib.import_module(place.partition(":")[0])  # knows every refusal that its functions raise
        raise _refusal(said["refused"])(**said["facts"])
    return said["answer"]


def _refusal(code: str) -> type[BadInput]:
    """Return the class of a refusal's code: every one that a reader may raise is known once it is imported."""
    waiting = list(BadInput.__subclasses__())
    while waiting:
        found = waiting.pop()
        if found.code == code:
            return found
        waiting += found.__subclasses__()
    raise ReaderFailed(f"unknown refusal {code}")


def _answer(place: str, arguments: list[str]) -> dict[str, object]:
    """Call the function; what goes wrong is named by its kind only, since its words may quote the file."""
    module, _, name = place.partition(":")
    function: Callable[..., object] = getattr(importlib.import_module(module), name)
    try:
        return {"answer": function(*arguments)}
    except BadInput as refusal:
        return {"refused": refusal.code, "facts": refusal.facts}
    except (MemoryError, RecursionError):
        return {"refused": refusals.FileTooComplex.code, "facts": {}}
    except Exception as error:
        return {"failed": type(error).__name__}


def main() -> None:
    seconds, place, *arguments = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Answers go out by a pipe, which no limit of files touches.
    print(json.dumps(_answer(place, arguments), default=str))


if __name__ == "__main__":
    main()
