"""A test in a browser waits for what it expects: asked at once, the page before may answer for the next."""

import ast
from pathlib import Path

_BROWSER = Path(__file__).parents[1] / "browser"
_AT_ONCE = frozenset(
    {
        *("is_visible", "is_hidden", "is_enabled", "is_disabled", "is_checked", "is_editable", "count"),
        *("inner_text", "inner_html", "text_content", "input_value", "get_attribute"),
    }
)


def test_what_a_page_shows_is_waited_for() -> None:
    offenders = [
        f"{path.name}:{node.lineno} {call.func.attr}"
        for path in _BROWSER.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _AT_ONCE
    ]
    assert not offenders, f"expect(…) of playwright waits, what is asked at once does not: {offenders}"
