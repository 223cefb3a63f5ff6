"""What the documents name is there: files, folders, tests."""

import re
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_DOCUMENTS = ["README.md", *sorted(path.relative_to(_ROOT).as_posix() for path in (_ROOT / "docs").glob("*.md"))]
# A path with a folder, or a file with a usual ending: `store/rows.py`, `domain/readings/`, `config/policy.toml`.
_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:py|toml|md|css|html))`")
_TEST = re.compile(r"`(test_\w+)`")
_NO_FILES = {
    "tracker.items/1": "a format",
    "templates/circulars/TYPE/body.txt": "one for each type",
    "./var": "made by the program",
    ".cache/mutants": "made by the program",
    "build/bench.json": "made by the program",
    "database/": "in a backup",
    "manifest.json": "in a backup",
    "evidence/incoming/": "made by the program",
    "queries/units.units_acted_for": "a function",
    "queries/evidence.FILE_COLUMNS": "a constant",
    "domain/calendar_changes.Clock": "a class",
}


# What the program makes beside itself.
_MADE = frozenset({"var", "build"})


@cache
def _tree() -> frozenset[str]:
    tops = [path for path in _ROOT.iterdir() if not path.name.startswith(".") and path.name not in _MADE]
    found = [path for top in tops for path in (top, *top.rglob("*"))]
    return frozenset(f"{path.relative_to(_ROOT).as_posix()}{'/' if path.is_dir() else ''}" for path in found)


def _is(named: str, there: str) -> bool:
    """Tell whether a path is named by its end, a folder with or without its stroke, a module without its ending."""
    whole = f"/{there}"
    return whole.endswith((f"/{named}", f"/{named}/", f"/{named}.py", f"/{named}.html"))


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_every_path_that_a_document_names_is_there(document: str) -> None:
    named = set(_PATH.findall((_ROOT / document).read_text(encoding="utf-8"))) - _NO_FILES.keys()
    missing = [path for path in named if not any(_is(path, there) for there in _tree())]
    assert missing == []


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_every_test_that_a_document_names_is_there(document: str) -> None:
    named = _TEST.findall((_ROOT / document).read_text(encoding="utf-8"))
    modules = {Path(path).stem for path in _tree()}
    code = "".join(path.read_text(encoding="utf-8") for path in (_ROOT / "tests").rglob("test_*.py"))
    assert [name for name in named if name not in modules and f"def {name}(" not in code] == []
