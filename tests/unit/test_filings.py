"""What a unit hands in at the last moment, and at the first one that is too late."""

from datetime import date, timedelta

import pytest

from tracker.domain.calendar import end_of_day
from tracker.domain.filings import ExtensionTooLate, check_extension, is_late

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
