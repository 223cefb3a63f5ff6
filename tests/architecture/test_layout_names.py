"""No page gives a value of its own a name by which the layout shows something on every page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
# What a template names by itself, e.g. {% set unread = … %}, {% for id_, count in served %}.
_NAMED = re.compile(r"{%-?\s*(?:set|for)\s+([\w, ]+?)\s*(?:=|\bin\b)")


def test_no_page_hides_what_the_layout_shows() -> None:
    names = _of_the_layout()
    assert {"unread", "viewer", "navigation"} <= names
    given, named = set(_given_to_templates()), set(_named_in_templates())
    assert len(given) > 100
    assert {(place, name) for place, name in given | named if name in names} == set()


def _of_the_layout() -> set[str]:
    tree = ast.parse((_ROOT / "tracker" / "web" / "app.py").read_text(encoding="utf-8"))
    [layout] = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == "layout"]
    return {
        key.value
        for told in ast.walk(layout)
        if isinstance(told, ast.Dict)
        for key in told.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _given_to_templates() -> Iterator[tuple[str, str]]:
    for path in (_ROOT / "tracker" / "web").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "render_template":
                yield from ((path.name, given.arg) for given in call.keywords if given.arg)


def _named_in_templates() -> Iterator[tuple[str, str]]:
    for path in (_ROOT / "templates" / "web").rglob("*.html"):
        for found in _NAMED.finditer(path.read_text(encoding="utf-8")):
            yield from ((path.name, name.strip()) for name in found[1].split(","))
