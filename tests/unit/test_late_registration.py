"""From which period a late document may be reported on."""

from datetime import date

import pytest

from tracker.domain.late_registration import chosen_starts


@pytest.mark.parametrize(
    ("began_on", "today", "starts"),
    [
        (date(2022, 8, 13), date(2022, 8, 16), []),
        (date(2022, 8, 13), date(2022, 9, 30), []),
        (date(2022, 8, 13), date(2022, 10, 1), [date(2022, 7, 1)]),
        (date(2022, 8, 13), date(2023, 6, 15), [date(2022, 7, 1), date(2022, 10, 1), date(2023, 1, 1)]),
    ],
)
def test_only_quarters_that_are_over_can_be_chosen(began_on: date, today: date, starts: list[date]) -> None:
    assert [span.starts_on for span in chosen_starts(began_on, today=today)] == starts
