"""On which days the office of a scenario issues its papers."""

from datetime import date, timedelta

from seeds.scenarios.papers import HABITS, is_day_of
from tests.support.office import CALENDAR
from tracker.domain.circulars.kinds import CircularType

YEAR = [date(2022, 1, 1) + timedelta(days=n) for n in range(365)]


def _days(kind: CircularType) -> list[date]:
    [habit] = [habit for habit in HABITS if habit.type is kind]
    return [day for day in YEAR if is_day_of(habit, day, calendar=CALENDAR)]


def test_a_report_on_all_tasks_goes_out_on_the_second_working_day_of_each_month() -> None:
    """So that what fell due since is told by the one of the next month: two in a row would leave the second nothing."""
    days = _days(CircularType.SUPERVISION)
    assert [day.month for day in days] == list(range(1, 13))
    assert {date(2022, 4, 2), date(2022, 10, 9), date(2022, 12, 2)} <= set(days)


def test_days_are_counted_past_holidays_and_make_up_days() -> None:
    assert date(2022, 10, 13) in _days(CircularType.URGE)
    assert _days(CircularType.SPECIAL)[-1] == date(2022, 10, 18)


def test_every_habit_comes_once_in_each_of_its_months() -> None:
    for habit in HABITS:
        assert [day.month for day in _days(habit.type)] == sorted(habit.months), habit.type
