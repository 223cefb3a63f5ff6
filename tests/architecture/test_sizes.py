"""No file and no function grows beyond what is read at once, or the reason stands here."""

import ast
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_LONGEST_FILE, _LONGEST_FUNCTION = 300, 40
# Data and words: they are looked up in, not read.
_APART = ("tracker/wording/", "tracker/store/migrations/")
_FILES: dict[str, str] = {}
_FUNCTIONS = {
    "tracker/store/queries/forms.py _Told._row": "fills one record of thirty fields by name",
    "tracker/store/queries/work_lights.py _light_facts": "fills one record of twenty fields by name",
    "seeds/documents.py _item": "fills one record of twenty fields by name",
}


def _files() -> Iterator[tuple[str, str]]:
    for folder in ("tracker", "workers", "seeds", "."):
        for path in sorted((_ROOT / folder).glob("*.py" if folder == "." else "**/*.py")):
            name = path.relative_to(_ROOT).as_posix()
            if not name.startswith(_APART):
                yield name, path.read_text(encoding="utf-8")


def _functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, int]]:
    """Yield each function with its lines, the docstring apart."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{within}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            words = node.body[0] if ast.get_docstring(node) else None
            said = (words.end_lineno or 0) - words.lineno + 1 if words else 0
            yield f"{within}{node.name}", (node.end_lineno or 0) - node.lineno + 1 - said


def test_no_file_is_longer_than_what_is_read_at_once() -> None:
    found = {name: lines for name, text in _files() if (lines := len(text.splitlines())) > _LONGEST_FILE}
    assert found.keys() == _FILES.keys(), found


def test_no_function_is_longer_than_what_is_seen_at_once() -> None:
    found = {
        f"{name} {function}": lines
        for name, text in _files()
        for function, lines in _functions(ast.parse(text))
        if lines > _LONGEST_FUNCTION
    }
    assert found.keys() == _FUNCTIONS.keys(), found
