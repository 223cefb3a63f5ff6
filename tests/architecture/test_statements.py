"""What a statement brings is named: two columns of one type that change places would else go unnoticed."""

import ast
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("tracker", "workers", "seeds", "tests")
_MIGRATIONS = "tracker/store/migrations/"  # each is kept as it ran
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
        for path, tree in _trees(("tracker/store",))
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in _ROWS
        if not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str))
    ]
    assert not offenders, f"label the column, and read it by its name: {offenders}"


def test_statements_are_written_and_asked_one_way() -> None:
    found = [f"{path}:{where}" for path, tree in _trees(_PACKAGES) for node in ast.walk(tree) for where in _aside(node)]
    assert not found, f"select of sqlalchemy; session.scalars for one thing a row, session.execute for several: {found}"


def _aside(node: ast.AST) -> Iterator[str]:
    """Yield what of a statement is written or asked another way."""
    match node:
        case ast.ImportFrom(module="sqlmodel", names=names) if any(name.name == "select" for name in names):
            yield f"{node.lineno} select of sqlmodel"
        case ast.ImportFrom(module="sqlalchemy", names=names):
            yield from (
                f"{node.lineno} select as {name.asname}" for name in names if name.name == "select" and name.asname
            )
        case ast.Call(func=ast.Attribute(attr="exec")):
            yield f"{node.lineno} session.exec"
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Attribute(attr="execute")), attr="scalars")):
            yield f"{node.lineno} session.execute(…).scalars()"


def _filled_by_place() -> Iterator[tuple[str, str]]:
    """Yield each class that takes the places of a tuple, and where."""
    for path, tree in _trees(("tracker", "workers")):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and any(isinstance(argument, ast.Starred) for argument in node.args):
                name = ast.unparse(node.func).rpartition(".")[2]
                if name.lstrip("_")[:1].isupper():
                    yield name, f"{path}:{node.lineno} {name}"


def _trees(packages: tuple[str, ...]) -> Iterator[tuple[str, ast.Module]]:
    for file in (file for package in packages for file in sorted((_ROOT / package).rglob("*.py"))):
        path = file.relative_to(_ROOT).as_posix()
        if not path.startswith(_MIGRATIONS):
            yield path, ast.parse(file.read_text(encoding="utf-8"))
