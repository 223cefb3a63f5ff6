"""What documents and people say stands between “ ”, and what they quote themselves between ‘ ’."""

import re
from pathlib import Path

import pytest

from tracker.domain.quoting import quoted
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
