"""How far ahead a day may be set by which something is to be done, and what strikes of one that may be right."""

from datetime import date

import pytest

from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.entered import YEARS_FOR_WORK, DayTooFar, check_day_ahead
from tracker.domain.filings import check_extension
from tracker.domain.inquiries import check_answer_by
from tracker.steps.tasks import check_deadline
from tracker.wording.moments import far_words
from tracker.wording.refusals import sentence

TODAY = date(2022, 10, 10)


@pytest.mark.parametrize("day", [date(2022, 10, 11), date(2023, 10, 10)])
def test_a_report_is_put_off_by_a_year_at_most(day: date) -> None:
    assert check_day_ahead(day, field="新时限", since=TODAY) == day


def test_what_is_later_is_refused_with_the_last_day_that_may_be_named() -> None:
    with pytest.raises(DayTooFar) as refused:
        check_day_ahead(date(2023, 10, 11), field="新时限", since=TODAY)
    assert sentence(refused.value) == (
        "新时限最晚可定在2023年10月10日（周二），填写的是2023年10月11日（周三），请核对年份。"
    )


def test_a_year_from_a_leap_day_ends_on_the_last_of_february() -> None:
    leap = date(2024, 2, 29)
    assert check_day_ahead(date(2025, 2, 28), field="新时限", since=leap)
    with pytest.raises(DayTooFar) as refused:
        check_day_ahead(date(2025, 3, 1), field="新时限", since=leap)
    assert refused.value.facts["last"] == date(2025, 2, 28)
    assert check_day_ahead(date(2028, 2, 29), field="新时限", since=leap, years=4)


def test_every_door_for_a_new_day_refuses_one_that_nobody_means() -> None:
    far = date(2099, 1, 1)
    with pytest.raises(DayTooFar):
        check_extension(end_of_day(TODAY), now=at_local(TODAY, 9, 0), new_due_on=far)
    with pytest.raises(DayTooFar):
        check_answer_by(far, today=TODAY)
    with pytest.raises(DayTooFar):
        check_deadline(far, today=TODAY)


def test_a_deadline_may_lie_as_far_ahead_as_work_is_planned_and_past_an_old_one_that_lies_further() -> None:
    last = TODAY.replace(year=TODAY.year + YEARS_FOR_WORK)
    check_deadline(last, today=TODAY)
    check_deadline(date(2061, 12, 31), today=TODAY, old_on=date(2060, 12, 31))


@pytest.mark.parametrize(
    ("new_on", "deadline_on", "ends_on", "words"),
    [
        (date(2022, 10, 20), None, None, ""),
        (date(2022, 10, 20), date(2022, 9, 30), date(2022, 9, 30), ""),  # what the old day was past, too
        (date(2023, 1, 5), date(2022, 12, 31), None, "晚于事项办结时限2022年12月31日。"),
        (date(2023, 1, 31), date(2022, 12, 31), date(2022, 12, 31), "晚于事项办结时限2022年12月31日，"
         "晚于文件期限2022年12月31日，比原时限延后113天。"),
    ],
)  # fmt: skip
def test_what_strikes_of_a_day_is_said(
    new_on: date, deadline_on: date | None, ends_on: date | None, words: str
) -> None:
    assert far_words(new_on, old_on=TODAY, deadline_on=deadline_on, ends_on=ends_on) == words
