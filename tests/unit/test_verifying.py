"""Which of the reports that a lead found true the office looks at singly."""

import pytest

from tracker.domain.verifying import in_sample


@pytest.mark.parametrize(
    ("report_id", "first", "sampled"),
    [(4, False, False), (5, False, True), (6, False, False), (10, False, True), (6, True, True), (5, True, True)],
)
def test_the_sample_is_every_fifth_report_and_the_first_of_a_lead(report_id: int, first: bool, sampled: bool) -> None:
    assert in_sample(report_id, one_in=5, first=first) is sampled
