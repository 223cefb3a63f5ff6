"""Whoever enters anything of a project reads which kept months do not have it.

What is read is in `test_records_aside`; here, that no act is without it.
"""

import ast
import inspect
from collections.abc import Iterator

import pytest

from tracker.web import project_acts

_TREE = ast.parse(inspect.getsource(project_acts))


def _acts() -> Iterator[ast.FunctionDef]:
    """Yield what answers a POST of the blueprint."""
    for one in _TREE.body:
        ways = one.decorator_list if isinstance(one, ast.FunctionDef) else []
        if any(ast.unparse(way).startswith("pages.post(") for way in ways):
            assert isinstance(one, ast.FunctionDef)
            yield one


@pytest.mark.parametrize("act", [*_acts()], ids=lambda act: act.name)
def test_every_act_on_a_project_ends_with_what_the_kept_months_lack(act: ast.FunctionDef) -> None:
    answers = [one for one in ast.walk(act) if isinstance(one, ast.Return)]
    told = [one for one in answers if one.value is not None and ast.unparse(one.value).startswith("_entered(")]
    assert told
    assert ast.unparse(act.body[-1]).startswith("return _entered(")


def test_nothing_else_says_that_something_was_entered() -> None:
    imported = {name.name for one in ast.walk(_TREE) if isinstance(one, ast.ImportFrom) for name in one.names}
    assert "flash" not in imported
    [ends] = [one for one in _TREE.body if isinstance(one, ast.FunctionDef) and one.name == "_entered"]
    assert "flash_entered(" in ast.unparse(ends)
