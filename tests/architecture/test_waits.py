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
_MANY_AT_ONCE = frozenset({"all", "count", "all_inner_texts", "all_text_contents", "evaluate_all"})
_FINDERS = ("locator(", "get_by_")


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


def test_how_many_there_are_is_asked_of_a_page_that_is_there() -> None:
    offenders = [
        f"{path.name}:{call.lineno} {call.func.attr}"
        for path in _BROWSER.glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _MANY_AT_ONCE
        if any(finder in ast.unparse(call.func.value) for finder in _FINDERS)
    ]
    assert not offenders, f"every(…) of tests/browser/waiting.py waits for the page: {offenders}"
