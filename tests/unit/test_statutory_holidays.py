"""Years without a notice: weekends and what the law grants, the moon's days checked against an independent source."""

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.holidays import ContradictoryNotice, DaysOff, HolidayNotice
from tracker.gateways.configuration import load_calendar

CALENDAR = load_calendar(Path(__file__).parents[2] / "config" / "calendar.toml")
_NAMES = {
    "New Year's Day": "元旦",
    "Chinese New Year's Eve": "春节",
    "Chinese New Year (Spring Festival)": "春节",
    "Tomb-Sweeping Day": "清明节",
    "Labor Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-Autumn Festival": "中秋节",
    "National Day": "国庆节",
}


@pytest.mark.parametrize("year", range(2027, 2041))
def test_the_days_off_by_law_agree_with_an_independent_source(year: int) -> None:
    theirs = {
        day
        for day, names in holidays.country_holidays("CN", years=year, observed=False).items()
        if any(name in _NAMES for name in names.split("; ")) and day.year == year
    }
    assert set(CALENDAR.statutory_days(year)) == theirs


def test_thirteen_days_are_off_by_law_unless_two_fall_together() -> None:
    assert len(CALENDAR.statutory_days(2027)) == 13
    assert len(CALENDAR.statutory_days(2028)) == 12  # 中秋节 is 3 October
    assert CALENDAR.statutory_days(2027)[date(2027, 2, 5)] == "春节"


def test_national_day_of_an_unpublished_year_is_no_working_day() -> None:
    assert not CALENDAR.is_workday(date(2027, 10, 1))
    assert CALENDAR.is_workday(date(2027, 10, 8))
    assert CALENDAR.is_estimated(date(2027, 10, 8))


def test_beyond_the_table_of_lunar_days_the_fixed_holidays_remain() -> None:
    assert not CALENDAR.is_workday(date(2043, 10, 1))
    assert CALENDAR.statutory_days(2043).keys() == {
        date(2043, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
    }


def test_a_published_notice_takes_the_place_of_the_estimate() -> None:
    notice = HolidayNotice(
        year=2027,
        source="国办发明电〔2026〕9号",
        issued_on=date(2026, 11, 20),
        holidays=(DaysOff(date(2026, 12, 31), date(2027, 1, 3), "元旦"),),
        make_ups=(date(2027, 1, 9),),
    )
    calendar = CALENDAR.with_notices([notice])
    assert not calendar.is_estimated(date(2027, 10, 1))
    assert calendar.is_workday(date(2027, 10, 1))  # this notice leaves it out, and the notice is right
    assert not calendar.is_workday(date(2026, 12, 31))
    assert calendar.is_workday(date(2027, 1, 9))
    assert CALENDAR.is_estimated(date(2027, 1, 9))


@given(st.dates(date(2026, 6, 1), date(2041, 12, 31)), st.integers(1, 60))
def test_counting_through_estimated_years_is_counting_day_by_day(day: date, n: int) -> None:
    reached, left = day, n
    while left:
        reached += timedelta(days=1)
        left -= CALENDAR.is_workday(reached)
    assert CALENDAR.add_workdays(day, n) == reached
    assert CALENDAR.workdays_between(day, reached) == n


def test_a_calendar_without_any_notice_still_counts() -> None:
    bare = WorkdayCalendar(())
    assert bare.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 5)
    assert bare.published_years == frozenset()


def test_counting_begins_before_the_first_year_that_is_known() -> None:
    first = min(CALENDAR.published_years)
    day, end = date(first - 1, 12, 1), date(first, 1, 31)
    days = [day + timedelta(n) for n in range(1, (end - day).days + 1)]
    assert CALENDAR.workdays_between(day, end) == sum(CALENDAR.is_workday(one) for one in days)


@pytest.mark.parametrize(
    ("holidays_", "make_ups"),
    [
        ((DaysOff(date(2027, 1, 3), date(2027, 1, 1), "元旦"),), ()),
        ((DaysOff(date(2027, 1, 1), date(2027, 1, 3), "元旦"),), (date(2027, 1, 2),)),
        ((DaysOff(date(2027, 1, 1), date(2027, 1, 3), "元旦"),), (date(2027, 1, 5),)),
        ((DaysOff(date(2026, 10, 1), date(2026, 10, 3), "国庆节"),), ()),
    ],
    ids=["ends before it begins", "worked and off", "worked on a weekday anyway", "of another year"],
)
def test_a_notice_that_contradicts_itself_is_refused(
    holidays_: tuple[DaysOff, ...], make_ups: tuple[date, ...]
) -> None:
    with pytest.raises(ContradictoryNotice):
        HolidayNotice(
            year=2027,
            source="国办发明电〔2026〕9号",
            issued_on=date(2026, 11, 20),
            holidays=holidays_,
            make_ups=make_ups,
        )
