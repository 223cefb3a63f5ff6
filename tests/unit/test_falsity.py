"""That a report is untrue is said in a sentence; other classes of return need no more than a word."""

import pytest

from tracker.domain.falsity import FEWEST_SIGNS, FindingTooShort, check_return_reason
from tracker.domain.filings import ReasonRequired, ReturnReason

_UNTRUE = ReturnReason.FALSIFIED
_FOUND = "现场核查只建成一期"  # nine letters


@pytest.mark.parametrize(("words", "length"), [("造假", 2), (_FOUND, 9), (f"{_FOUND}。。，！…… ", 9)])
def test_who_finds_a_report_untrue_says_what_was_found_and_how(words: str, length: int) -> None:
    with pytest.raises(FindingTooShort) as refused:
        check_return_reason(words, _UNTRUE)
    assert refused.value.facts == {"fewest": FEWEST_SIGNS, "length": length}
    assert check_return_reason(f" {words} ", ReturnReason.FIGURES) == words.strip()


def test_a_sentence_is_taken_and_nothing_is_refused_as_for_every_return() -> None:
    assert check_return_reason(f" {_FOUND}楼。", _UNTRUE) == f"{_FOUND}楼。"
    for reason_class in ReturnReason:
        with pytest.raises(ReasonRequired):
            check_return_reason(" \x00", reason_class)
