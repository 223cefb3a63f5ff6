"""A plugin of pytest that writes down which functions of the mutated folders each test runs, and for how long.

Functions are enough to choose tests by, and noting them costs next to nothing; tracing lines would double the time.
"""

import ast
import json
import os
import sys
from collections.abc import Generator, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutants import FOLDERS
from tests.mutants.mutations import functions

RAN: set[str] = set()
_SHARED: dict[object, set[str]] = {}
_FAILED: set[str] = set()


class _Noting(SourceFileLoader):
    """Loads a module whose functions say that they ran."""

    def get_code(self, fullname: str) -> CodeType:
        tree = ast.parse(self.get_data(self.path))
        for name, function in functions(tree, fullname):
            at = 1 if ast.get_docstring(function, clean=False) is not None else 0
            function.body[at:at] = ast.parse(f"__ran__({name!r})").body
        return compile(ast.fix_missing_locations(tree), self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["__ran__"] = RAN.add
        super().exec_module(module)


class _Finder(PathFinder):
    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = super().find_spec(fullname, path, target)
        if spec is not None and spec.origin and fullname.replace(".", "/").startswith(FOLDERS):
            spec.loader = _Noting(fullname, spec.origin)
        return spec


class _Remembered(dict[object, object]):
    """Rows that one test made and others take over: whoever takes them over depends on what made them."""

    def __setitem__(self, key: object, value: object) -> None:
        _SHARED[key] = set(RAN)
        super().__setitem__(key, value)

    def __getitem__(self, key: object) -> object:
        RAN.update(_SHARED[key])
        return super().__getitem__(key)


sys.meta_path.insert(0, _Finder)  # before conftest imports the program


def pytest_collection_finish() -> None:
    """Note too what is remembered for other tests of the process."""
    remembering = sys.modules.get("tests.support.remembered")
    if remembering is not None:
        remembering.__dict__["_REMEMBERED"] = _Remembered()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    """Keep what a fixture ran that many tests share."""
    before = set(RAN)
    made = yield
    if fixturedef.scope != "function":
        _SHARED[fixturedef.argname] = RAN - before
    return made


def _spent_s() -> float:
    """Return the seconds of a core that this process and what it started have taken, however busy the machine is."""
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Write down what one test ran, from the setting up of its fixtures on; one that fails would notice any mutant."""
    RAN.clear()
    began = _spent_s()
    done = yield
    for name in getattr(item, "fixturenames", ()):
        RAN.update(_SHARED.get(name, ()))
    if item.nodeid not in _FAILED:
        line = json.dumps([item.nodeid, round(_spent_s() - began, 3), sorted(RAN)]) + "\n"
        with Path(os.environ["TRACKER_MUTANTS_RECORD"]).open(
            "ab", buffering=0
        ) as record:  # whole lines of two processes
            record.write(line.encode())
    return done


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember which test failed."""
    if not report.passed:
        _FAILED.add(report.nodeid)
