"""What a form asks for by its address fits into the line of a request, whatever is written into its fields."""

import ast
import re
from pathlib import Path
from urllib.parse import quote

from tracker.domain.searching import LONGEST_QUESTION

_ROOT = Path(__file__).parents[2]
_FORM = re.compile(r"<form[^>]*method=\"get\".*?</form>", re.DOTALL)
_FIELD = re.compile(r"<input[^>]*type=\"(?:text|search)\"[^>]*>")
_LONGEST = re.compile(r"maxlength=\"(\d+)\"")
_BESIDE = 2_000  # for the path, what is chosen in the form's other fields, and the names of all


def _limit_of_a_line() -> int:
    """Read what gunicorn is told without starting it."""
    tree = ast.parse((_ROOT / "gunicorn.conf.py").read_text(encoding="utf-8"))
    told = {each.targets[0]: each.value for each in tree.body if isinstance(each, ast.Assign)}
    value = next(
        value for name, value in told.items() if isinstance(name, ast.Name) and name.id == "limit_request_line"
    )
    return int(ast.literal_eval(value))


def test_whatever_the_fields_of_a_search_take_fits_into_an_address() -> None:
    forms = [
        (path.name, form[0])
        for path in sorted((_ROOT / "templates").rglob("*.html"))
        for form in _FORM.finditer(path.read_text(encoding="utf-8"))
    ]
    assert len(forms) > 3
    for name, form in forms:
        longest = [_LONGEST.search(field[0]) for field in _FIELD.finditer(form)]
        assert None not in longest, f"{name}: a field without maxlength"
        signs = sum(int(found[1]) for found in longest if found)
        assert len(quote("查")) * signs + _BESIDE <= _limit_of_a_line(), name


def test_the_search_in_the_head_takes_as_much_as_is_looked_up() -> None:
    page = (_ROOT / "templates" / "layout" / "base.html").read_text(encoding="utf-8")
    assert f'name="q" type="search" maxlength="{LONGEST_QUESTION}"' in page
