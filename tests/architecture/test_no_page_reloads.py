"""No page loads itself again: it would wipe what somebody is typing on it."""

from pathlib import Path

_TEMPLATES = Path(__file__).parents[2] / "templates"


def test_no_page_loads_itself_again() -> None:
    pages = [path for path in _TEMPLATES.rglob("*.html") if "http-equiv" in path.read_text(encoding="utf-8").lower()]
    assert pages == []
