"""What templates put behind a value: no second bracket behind a weekday, no second stop behind what people wrote."""

import re
from pathlib import Path

PAGES = Path(__file__).parents[2] / "templates"
_SECOND_BRACKET = re.compile(r"\|(printed_)?day \}\}（")
_SECOND_STOP = re.compile(r"\{\{ ?[a-z_.]*(reason|matter|words|text)\b ?\}\}[。；]")


def test_no_page_puts_a_bracket_behind_a_weekday_or_a_stop_behind_what_somebody_wrote() -> None:
    pages = {path.relative_to(PAGES): path.read_text() for path in PAGES.rglob("*.html")}
    assert pages
    found = {str(path): match[0] for path, page in pages.items() for match in _faults(page)}
    assert found == {}


def _faults(page: str) -> list[re.Match[str]]:
    return [*_SECOND_BRACKET.finditer(page), *_SECOND_STOP.finditer(page)]
