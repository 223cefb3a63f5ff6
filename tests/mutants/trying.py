"""Tries mutants in copies of the tree, each against the tests that stand nearest to it."""

import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutations import Mutant

TESTS_S = 60
"""So many seconds of a core's tests are run against a mutant, as they took when they were recorded."""
CPU_S, WAIT_S = 240, 1800
"""A mutant that takes so much of a core, or so long on a machine that may be busy, hangs, and counts as noticed."""

_WHOLE_LIVES = ("test_life", "test_silent_year", "test_every_page", "test_supervisor", "test_played_city")
"""Each of their tests takes longer than a mutant may."""


@dataclass(frozen=True, slots=True)
class RecordedTest:
    """A test that passes, with what it took and which functions it ran."""

    name: str
    took_s: float
    ran: frozenset[str]


class Tree:
    """A copy of the working tree that stands in a folder, as it is or with one mutant in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fill(self) -> None:
        """Copy the working tree, and compile it, which takes longer than most mutants.

        Raises SystemExit where the tests cannot be collected: they would seem to notice everything.
        """
        folder = self._folder
        listed = _output("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        for name in filter(None, listed.split("\0")):
            if Path(name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(name, folder / name)
        (folder / ".venv").symlink_to(Path(".venv").resolve())
        if self.pytest("--collect-only", "tests/unit", "tests/integration", compiling=True) != 0:
            raise SystemExit("The tests cannot be collected as they are")

    def again(self, folder: Path) -> "Tree":
        """Return another copy, compiled as this one is."""
        shutil.copytree(self._folder, folder, symlinks=True)
        return Tree(folder)

    def pytest(self, *args: str, compiling: bool = False, record: Path | None = None, hurried: bool = False) -> int:
        """Run pytest in this tree and return its exit code; raises TimeoutExpired, and leaves nothing running."""
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        running = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *args],
            cwd=self._folder,
            env=kept
            | ({} if compiling else {"PYTHONDONTWRITEBYTECODE": "1"})
            | ({"TRACKER_MUTANTS_RECORD": str(record)} if record else {}),
            stdout=None if record else subprocess.DEVNULL,
            stderr=None if record else subprocess.DEVNULL,
            start_new_session=True,
        )
        if hurried:
            resource.prlimit(running.pid, resource.RLIMIT_CPU, (CPU_S, CPU_S))
        try:
            return running.wait(WAIT_S if hurried else None)
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()

    def notices(self, mutant: Mutant, tests: Sequence[str]) -> bool:
        """Say whether one of the tests fails, hangs or cannot begin while the mutant stands in its module's place."""
        module = self._folder / mutant.path
        original, kept = module.read_bytes(), module.stat()
        module.write_bytes(mutant.source)
        try:
            return self.pytest("-x", "-p", "no:randomly", *tests, hurried=True) != 0
        except subprocess.TimeoutExpired:
            return True
        finally:  # with its time too, by which the compiled module is known to fit
            module.write_bytes(original)
            os.utime(module, ns=(kept.st_atime_ns, kept.st_mtime_ns))


def recorded(folder: Path, tree: Tree) -> list[RecordedTest]:
    """Return what each test runs; files that changed since they were recorded, and new ones, are recorded first."""
    folder.mkdir(parents=True, exist_ok=True)
    record, known = folder / "record.jsonl", folder / "files.json"
    files = {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in _test_files()}
    old = json.loads(known.read_text()) if known.exists() and record.exists() else {}
    stale = [file for file, text in files.items() if old.get(file) != text]
    if stale:
        print(f"Recording what the tests of {len(stale)} files run …", flush=True)
        lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
        fresh = [line for line in lines if json.loads(line)[0].split("::")[0] in files.keys() - set(stale)]
        record.write_text("".join(f"{line}\n" for line in fresh), encoding="utf-8")
        marks = ("-m", "not render and not browser and not faults", "-k", "not postgresql")
        tree.pytest("-p", "tests.mutants.recorder", "-n", "2", *marks, *stale, record=record.resolve())
        known.write_text(json.dumps(files), encoding="utf-8")
    found = (json.loads(line) for line in record.read_text(encoding="utf-8").splitlines())
    return [RecordedTest(name, took_s, frozenset(ran)) for name, took_s, ran in found]


def nearest(tests: Sequence[RecordedTest], mutant: Mutant) -> list[str]:
    """Return the tests of a mutant's function, or of any of its module's for what no function holds.

    First those of the file that bears the module's name, then those that run least besides, then the quick ones.
    """
    module = mutant.path.removesuffix(".py").replace("/", ".")
    inside = mutant.where != module
    at_hand = [
        test
        for test in tests
        if (mutant.where in test.ran if inside else any(name.startswith(f"{module}.") for name in test.ran))
    ]
    at_hand.sort(key=lambda test: (f"test_{Path(mutant.path).stem}.py" not in test.name, len(test.ran), test.took_s))
    return list(_within(at_hand, TESTS_S))


def _within(tests: Sequence[RecordedTest], limit_s: float) -> Iterator[str]:
    for test in tests:
        if test.took_s <= limit_s:
            limit_s -= test.took_s
            yield test.name


def _test_files() -> list[Path]:
    found = (file for part in ("unit", "integration") for file in Path("tests", part).glob("test_*.py"))
    return sorted(file for file in found if file.stem not in _WHOLE_LIVES)


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout
