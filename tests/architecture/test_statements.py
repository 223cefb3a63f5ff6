"""What a statement brings is named: two columns of one type that change places would else go unnoticed."""

import ast
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_SOURCES = [*sorted((_ROOT / "tracker").rglob("*.py")), *sorted((_ROOT / "workers").rglob("*.py"))]
# What takes the places of a tuple that no statement brought.
_FILLED_BY_PLACE = {
    "ItemSpan": "where an item begins and ends is a pair",
    "Span": "where an item begins and ends is a pair",
    "Address": "the two halves of a mail address",
    "Index": "as many columns as an index has",
    "NewShare": "role and duty are enumerations, which types tell apart",
    "NavigationEntry": "a table beside the class",
}
_ROWS = frozenset({"row", "head", "line"})


def test_views_are_filled_by_name() -> None:
    found = list(_filled_by_place())
    offenders = [where for name, where in found if name not in _FILLED_BY_PLACE]
    assert not offenders, f"use as_views or as_view of tracker.store.rows: {offenders}"
    assert {name for name, _where in found} == _FILLED_BY_PLACE.keys(), "an exception is no longer needed"


def test_columns_of_a_row_are_read_by_name() -> None:
    offenders = [
        f"{path}:{node.lineno} {ast.unparse(node)}"
        for path, tree in _trees()
        if path.startswith("tracker/store/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in _ROWS
        if not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str))
    ]
    assert not offenders, f"label the column, and read it by its name: {offenders}"


def _filled_by_place() -> Iterator[tuple[str, str]]:
    """Yield each class that takes the places of a tuple, and where."""
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and any(isinstance(argument, ast.Starred) for argument in node.args):
                name = ast.unparse(node.func).rpartition(".")[2]
                if name.lstrip("_")[:1].isupper():
                    yield name, f"{path}:{node.lineno} {name}"


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in _SOURCES:
        yield path.relative_to(_ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))
