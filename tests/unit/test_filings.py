"""What a unit hands in at the last moment, and at the first one that is too late."""

from datetime import date, timedelta

import pytest

from tracker.domain.calendar import end_of_day
from tracker.domain.entered import LONGEST_REASON
from tracker.domain.filings import (
    ExtensionTooLate,
    ReasonRequired,
    ReasonTooLong,
    check_extension,
    check_reason,
    is_late,
)
from tracker.wording.refusals import sentence

DUE_AT = end_of_day(date(2022, 10, 10))  # midnight: the first moment of 11 October
LAST = DUE_AT - timedelta(seconds=1)


def test_a_filing_is_late_from_the_midnight_after_its_due_day() -> None:
    assert is_late(DUE_AT, filed_at=LAST, required=True, pending=False) is False
    assert is_late(DUE_AT, filed_at=DUE_AT, required=True, pending=False) is True
    assert is_late(DUE_AT, filed_at=DUE_AT, required=True, pending=True) is None
    assert is_late(DUE_AT, filed_at=DUE_AT, required=False, pending=True) is False


def test_more_time_is_asked_for_before_the_midnight_after_the_due_day() -> None:
    later = date(2022, 10, 20)
    assert check_extension(DUE_AT, now=LAST, new_due_on=later) == end_of_day(later)
    with pytest.raises(ExtensionTooLate):
        check_extension(DUE_AT, now=DUE_AT, new_due_on=later)


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000", "\x00", "\x00\x07 \x1b\x7f\x9f", "\u200b\ufeff", "\ud800"])
def test_what_nobody_can_read_is_no_reason(text: str) -> None:
    with pytest.raises(ReasonRequired):
        check_reason(text)


def test_a_reason_is_kept_without_control_characters_and_with_its_lines() -> None:
    assert check_reason(" 市长\x00点题\x1b\r\n第二行\ud800\t。\n") == "市长点题\n第二行\t。"


def test_a_reason_of_more_than_two_pages_is_refused_in_words() -> None:
    assert check_reason("长" * LONGEST_REASON + "\x00")
    with pytest.raises(ReasonTooLong) as refused:
        check_reason("长" * (LONGEST_REASON + 1))
    assert "不能超过2000字，现有2001字" in sentence(refused.value)
