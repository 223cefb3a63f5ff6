"""Schedules: a value is held against what was expected on its own day, by how its target is measured."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.items import CadenceKind, Measure
from tracker.domain.schedule import UNKNOWN, InvalidTarget, Point, ScheduledTarget, Standing, StandingKind, standing

LATER = date(2023, 6, 1)
YEAR_END = date(2022, 12, 31)
SUM = ScheduledTarget(measure=Measure.CUMULATIVE, op=">=", value=365.0, reach_on=YEAR_END)
GROWTH = ScheduledTarget(measure=Measure.LEVEL, op=">=", value=3.0, reach_on=YEAR_END)
RATE = ScheduledTarget(measure=Measure.LEVEL, op=">", value=80.0, reach_on=date(2025, 12, 31))
FROM_60 = replace(RATE, op=">=", baseline=Point(date(2021, 12, 31), 60.0))
CEILING = ScheduledTarget(measure=Measure.CEILING, op="<=", value=20.0, reach_on=YEAR_END)
TWICE = ScheduledTarget(measure=Measure.PER_PERIOD, op=">=", value=2.0, rhythm=CadenceKind.MONTHLY)
MILESTONES = replace(SUM, points=(Point(date(2022, 6, 30), 100.0), Point(date(2022, 9, 30), 250.0)))


def kind(target: ScheduledTarget, value: float | None, day: date | None, *, today: date = LATER) -> str:
    return standing(target, value, day, today=today).kind.value


@pytest.mark.parametrize(
    ("day", "value", "expected", "found"),
    [
        (date(2022, 1, 1), 1.0, 1.0, "on"),
        (date(2022, 1, 1), 0.0, 1.0, "behind"),
        (date(2022, 1, 31), 31.0, 31.0, "on"),
        (date(2022, 8, 31), 242.0, 243.0, "behind"),
        (date(2022, 8, 31), 243.0, 243.0, "on"),
        (date(2022, 9, 30), 300.0, 273.0, "on"),
        (date(2022, 12, 30), 363.9, 364.0, "behind"),
        (YEAR_END, 365.0, 365.0, "on"),
        (YEAR_END, 364.0, 365.0, "behind"),
    ],
)
def test_a_sum_is_expected_in_step_with_the_calendar_year(day: date, value: float, expected: float, found: str) -> None:
    got = standing(SUM, value, day, today=LATER)
    assert got.kind.value == found
    assert got.expected == pytest.approx(expected)


def test_a_leap_year_has_366_steps_with_29_february_among_them() -> None:
    target = replace(SUM, value=366.0, reach_on=date(2024, 12, 31))
    leap_day = standing(target, 60.0, date(2024, 2, 29), today=date(2024, 3, 5))
    assert leap_day.kind is StandingKind.ON
    assert leap_day.expected == pytest.approx(60.0)
    assert kind(target, 60.0, date(2024, 3, 1), today=date(2024, 3, 5)) == "behind"


def test_a_sum_that_is_due_by_midyear_is_expected_whole_by_then() -> None:
    target = replace(SUM, value=181.0, reach_on=date(2022, 6, 30))
    assert standing(target, 90.0, date(2022, 3, 31), today=LATER).expected == pytest.approx(90.0)
    assert kind(target, 180.0, date(2022, 6, 30)) == "behind"


@pytest.mark.parametrize("day", [date(2021, 12, 31), date(2023, 1, 1)])
def test_a_sum_of_another_year_says_nothing_of_this_one(day: date) -> None:
    assert kind(SUM, 400.0, day) == "unknown"


def test_the_gap_is_said_in_the_unit_and_in_points_of_the_whole_way() -> None:
    got = standing(SUM, 206.5, date(2022, 8, 31), today=LATER)
    assert got.gap == pytest.approx(36.5)
    assert got.gap_points == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("op", "value", "found"),
    [
        (">=", 2.9, "behind"),
        (">=", 3.0, "on"),
        (">", 3.0, "behind"),
        (">", 3.1, "on"),
        ("=", 2.9, "behind"),
        ("=", 3.0, "on"),
        ("=", 3.1, "excess"),
        ("<=", 3.0, "on"),
        ("<=", 3.1, "behind"),
        ("<", 3.0, "behind"),
        ("<", 2.9, "on"),
    ],
)
def test_in_its_year_the_latest_level_is_held_against_the_target_as_worded(op: str, value: float, found: str) -> None:
    assert kind(replace(GROWTH, op=op), value, date(2022, 3, 31)) == found


def test_before_its_year_a_level_is_unknown_without_a_baseline() -> None:
    assert kind(RATE, 90.0, date(2023, 12, 31), today=date(2024, 1, 5)) == "unknown"
    assert kind(RATE, 80.0, date(2025, 3, 31), today=date(2025, 4, 5)) == "behind"


@pytest.mark.parametrize(
    ("measure", "day", "value", "expected", "found"),
    [
        # 730 of 1461 days from the baseline
        (Measure.LEVEL, date(2023, 12, 31), 70.0, 60 + 20 * 730 / 1461, "on"),
        (Measure.LEVEL, date(2023, 12, 31), 69.9, 60 + 20 * 730 / 1461, "behind"),
        (Measure.LEVEL, date(2025, 1, 1), 79.0, 80.0, "behind"),
        # 1096 of 1461 days
        (Measure.BASELINE, date(2024, 12, 31), 75.1, 60 + 20 * 1096 / 1461, "on"),
        (Measure.BASELINE, date(2025, 1, 1), 79.0, 60 + 20 * 1097 / 1461, "on"),
        (Measure.BASELINE, date(2025, 12, 31), 79.0, 80.0, "behind"),
    ],
)
def test_from_a_baseline_the_line_leads_to_the_target(
    measure: Measure, day: date, value: float, expected: float, found: str
) -> None:
    got = standing(replace(FROM_60, measure=measure), value, day, today=date(2026, 1, 5))
    assert got.kind.value == found
    assert got.expected == pytest.approx(expected)


def test_a_level_that_is_to_fall_is_behind_above_its_line() -> None:
    falling = replace(FROM_60, op="<=", value=40.0)
    got = standing(falling, 52.0, date(2023, 12, 31), today=date(2024, 1, 5))
    assert got.kind is StandingKind.BEHIND
    assert got.expected == pytest.approx(60 - 20 * 730 / 1461)
    assert kind(falling, 50.0, date(2023, 12, 31), today=date(2024, 1, 5)) == "on"


def test_a_value_older_than_its_baseline_says_nothing() -> None:
    assert kind(FROM_60, 90.0, date(2021, 12, 30)) == "unknown"


@pytest.mark.parametrize("measure", [Measure.CEILING, Measure.GRANT])
@pytest.mark.parametrize(
    ("op", "value", "found"),
    [("<=", 0.0, "on"), ("<=", 20.0, "on"), ("<=", 20.5, "excess"), ("<", 20.0, "excess"), ("<", 19.9, "on")],
)
def test_what_may_be_reached_at_most_is_never_behind(measure: Measure, op: str, value: float, found: str) -> None:
    assert kind(replace(CEILING, measure=measure, op=op), value, date(2022, 3, 31)) == found


def test_a_sum_that_is_to_stay_below_a_number_is_only_ever_exceeded() -> None:
    below = replace(SUM, op="<=", value=10.0)
    assert [kind(below, value, date(2022, 1, 31)) for value in (0.0, 9.0, 10.0, 11.0)] == ["on", "on", "on", "excess"]
    got = standing(below, 11.0, date(2022, 1, 31), today=LATER)
    assert (got.expected, got.gap) == (10.0, 1.0)


@pytest.mark.parametrize(
    ("value", "day", "today", "found"),
    [
        (0.0, date(2022, 9, 15), date(2022, 9, 15), "on"),
        (1.0, date(2022, 9, 30), date(2022, 9, 30), "on"),
        (1.0, date(2022, 9, 30), date(2022, 10, 1), "behind"),
        (2.0, date(2022, 9, 30), date(2022, 10, 1), "on"),
        (3.0, date(2022, 9, 1), date(2022, 9, 1), "on"),
        (1.0, date(2022, 8, 31), date(2022, 9, 15), "behind"),
        (1.0, date(2022, 10, 1), date(2022, 10, 1), "on"),
    ],
)
def test_a_count_has_its_whole_period_and_is_behind_only_after_it(
    value: float, day: date, today: date, found: str
) -> None:
    assert kind(TWICE, value, day, today=today) == found


@pytest.mark.parametrize(
    ("day", "value", "expected", "found"),
    [
        (date(2022, 6, 29), 0.0, None, "on"),
        (date(2022, 6, 30), 99.0, 100.0, "behind"),
        (date(2022, 6, 30), 100.0, 100.0, "on"),
        (date(2022, 9, 29), 100.0, 100.0, "on"),
        (date(2022, 9, 30), 100.0, 250.0, "behind"),
        (date(2022, 12, 30), 250.0, 250.0, "on"),
        (YEAR_END, 250.0, 365.0, "behind"),
    ],
)
def test_the_offices_points_take_the_place_of_the_line(
    day: date, value: float, expected: float | None, found: str
) -> None:
    got = standing(MILESTONES, value, day, today=LATER)
    assert (got.kind, got.expected) == (found, expected)


def test_without_a_value_or_with_a_forecast_nothing_is_known() -> None:
    assert standing(SUM, None, date(2022, 3, 31), today=LATER) == UNKNOWN
    assert standing(SUM, 1.0, None, today=LATER) == UNKNOWN
    assert kind(SUM, 365.0, date(2022, 10, 2), today=date(2022, 10, 1)) == "unknown"
    assert kind(SUM, 365.0, date(2022, 10, 1), today=date(2022, 10, 1)) == "on"


def test_a_sum_or_a_baseline_without_a_day_has_no_schedule_and_a_level_holds_at_once() -> None:
    assert kind(replace(SUM, reach_on=None), 1.0, date(2022, 3, 31)) == "unknown"
    assert kind(replace(GROWTH, reach_on=None), 1.0, date(2022, 3, 31)) == "behind"


def test_a_target_of_nought_has_no_way_to_measure_points_by() -> None:
    got = standing(replace(GROWTH, value=0.0), -1.0, date(2022, 3, 31), today=LATER)
    assert (got.kind, got.gap, got.gap_points) == (StandingKind.BEHIND, 1.0, None)


def test_floating_point_dust_is_no_gap() -> None:
    assert kind(replace(GROWTH, value=0.3), 0.1 + 0.2, date(2022, 3, 31)) == "on"
    assert kind(replace(CEILING, value=0.3), 0.1 + 0.2, date(2022, 3, 31)) == "on"


@pytest.mark.parametrize(
    "changes",
    [
        {"op": "≥"},
        {"points": (Point(date(2022, 9, 30), 1.0), Point(date(2022, 6, 30), 2.0))},
        {"points": (Point(date(2022, 6, 30), 1.0), Point(date(2022, 6, 30), 2.0))},
        {"points": (Point(date(2023, 1, 1), 1.0),)},
        {"baseline": Point(YEAR_END, 1.0)},
    ],
)
def test_a_target_that_contradicts_itself_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidTarget):
        replace(SUM, **changes)  # type: ignore[arg-type]  # the changed fields have unlike types


@given(
    st.sampled_from(Measure),
    st.sampled_from((">", ">=", "=", "<=", "<")),
    st.floats(0, 1000),
    st.floats(0, 1000),
    st.dates(date(2021, 1, 1), date(2023, 12, 31)),
)
def test_a_gap_is_never_negative_and_only_limits_and_equals_are_exceeded(
    measure: Measure, op: str, goal: float, value: float, day: date
) -> None:
    target = ScheduledTarget(measure=measure, op=op, value=goal, reach_on=YEAR_END, rhythm=TWICE.rhythm)
    got: Standing = standing(target, value, day, today=LATER)
    assert got.gap >= 0
    if got.kind is StandingKind.EXCESS:
        assert target.is_limit or op == "="
    if target.is_limit:
        assert got.kind is not StandingKind.BEHIND
