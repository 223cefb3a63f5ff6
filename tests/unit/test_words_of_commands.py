"""What a command says to a person is Chinese; what other programs read, and click's own help, is not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_CLI = Path(__file__).parents[2] / "tracker" / "cli"
_SAY = {"echo", "ClickException", "UsageError", "fail", "prompt", "mend", "warn"}
_CHINESE, _WORDS = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{3,}")


def _said(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what is handed to whatever says something, and what functions that make words return."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _SAY:
                yield from node.args
        elif isinstance(node, ast.FunctionDef) and node.name.endswith("words"):
            yield from (part.value for part in ast.walk(node) if isinstance(part, ast.Return) and part.value)


def _constant(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, str) else ""
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_no_command_says_an_english_sentence() -> None:
    english = [
        (path.name, text)
        for path in sorted(_CLI.rglob("*.py"))
        for node in _said(ast.parse(path.read_text(encoding="utf-8")))
        if _WORDS.search(text := _constant(node)) and not _CHINESE.search(text)
    ]
    assert english == []
