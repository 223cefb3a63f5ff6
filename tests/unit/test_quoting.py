"""What documents and people say stands between “ ”, and what they quote themselves between ‘ ’."""

import re
from pathlib import Path

import pytest

from tracker.domain.quoting import quoted, titled
from tracker.domain.readings.checking import QuoteNotInText
from tracker.wording.refusals import sentence

_ROOT = Path(__file__).parents[2]
# Words of documents and people, by what they are called where a text puts them between quotation marks.
_OF_OTHERS = re.compile(r"“\{\{?[^{}“”]*\b(?:title|metric|name|quote|words|place|rhythm)\b[^{}“”]*\}\}?”")
# Sentences of refusals, whose facts are turned as they are put in, and the function itself.
_APART = {_ROOT / "tracker/wording/refusals.py", _ROOT / "tracker/domain/quoting.py"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("推进项目建设", "“推进项目建设”"),
        ("落实“四个一”机制", "“落实‘四个一’机制”"),
        ("落实“‘三个一’工程”", "“落实‘“三个一”工程’”"),
        ("落实‘四个一’机制", "“落实‘四个一’机制”"),
    ],
)
def test_what_a_quoted_text_quotes_itself_stands_in_single_marks(words: str, told: str) -> None:
    assert quoted(words) == told


def test_a_refusal_quotes_as_everything_does() -> None:
    refused = QuoteNotInText(item="99-01", quote="落实“四个一”机制")
    assert "“落实‘四个一’机制”" in sentence(refused)


def test_no_text_puts_words_of_others_between_quotation_marks_by_hand() -> None:
    sources = [*(_ROOT / "tracker").rglob("*.py"), *(_ROOT / "templates").rglob("*.html")]
    by_hand = {
        (str(path.relative_to(_ROOT)), found)
        for path in sources
        if path not in _APART
        for found in _OF_OTHERS.findall(path.read_text("utf-8"))
    }
    assert by_hand == set()


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("督查通报", "《督查通报》"),
        ("关于《招商引资方案》落实情况的通报", "《关于〈招商引资方案〉落实情况的通报》"),
    ],
)
def test_a_title_within_a_title_stands_between_single_marks(title: str, told: str) -> None:
    assert titled(title) == told


def test_no_title_is_put_between_marks_by_hand() -> None:
    """Figures of papers are bound to the words that issued editions keep, and name documents' short titles."""
    files = [*(_ROOT / "tracker").rglob("*.py"), *(_ROOT / "templates").rglob("*.html")]
    apart = {
        _ROOT / "tracker/domain/quoting.py",
        _ROOT / "tracker/domain/circulars/figures.py",
        _ROOT / "tracker/paper/press.py",
    }
    found = [file.name for file in files if file not in apart and re.search(r"《\{", file.read_text())]
    assert found == []
