"""A file has a size that says something, however small or large it is, and every page says it the same way."""

from pathlib import Path

import pytest

from tracker.wording.sizes import size_words

_TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(1, "1字节"), (49, "49字节"), (1023, "1023字节"), (1024, "1.0KB"), (2458, "2.4KB"), (50 * 1024 * 1024, "50.0MB")],
)
def test_no_file_is_nothing_long(size_bytes: int, words: str) -> None:
    assert size_words(size_bytes) == words


def test_no_page_reckons_sizes_itself() -> None:
    assert [page.name for page in _TEMPLATES.rglob("*.html") if "1024" in page.read_text()] == []
