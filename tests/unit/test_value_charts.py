"""The picture of values against a schedule: in its frame, in order, and saying what it shows."""

from datetime import date
from itertools import pairwise

import pytest

from tracker.domain.items import Measure
from tracker.domain.schedule import Point, ScheduledTarget
from tracker.web.value_charts import HEIGHT, WIDTH, Told, last_bars, value_chart

_TOTAL = ScheduledTarget(measure=Measure.CUMULATIVE, op=">=", value=12, reach_on=date(2022, 12, 31))
_LEVEL = ScheduledTarget(measure=Measure.LEVEL, op=">=", value=95)
_LIMIT = ScheduledTarget(measure=Measure.CEILING, op="<=", value=5, reach_on=date(2022, 12, 31))
_POINTS = ScheduledTarget(
    measure=Measure.CUMULATIVE,
    op=">=",
    value=12,
    reach_on=date(2022, 12, 31),
    points=(Point(date(2022, 6, 30), 3), Point(date(2022, 9, 30), 8)),
)
_TOLD = (Told("市商务局", date(2022, 9, 30), 8), Told("市商务局", date(2022, 6, 30), 5))


def test_nothing_told_is_no_picture() -> None:
    assert value_chart(_TOTAL, [], unit="个") is None


@pytest.mark.parametrize("target", [_TOTAL, _LEVEL, _LIMIT, _POINTS])
@pytest.mark.parametrize(
    "told", [_TOLD, _TOLD[:1], (Told("市商务局", date(2022, 9, 30), -3),), (Told("甲", date(2025, 1, 1), 0),)]
)
def test_all_stands_in_the_frame_days_to_the_right_and_more_above(
    target: ScheduledTarget, told: tuple[Told, ...]
) -> None:
    chart = value_chart(target, told, unit="个")
    assert chart is not None
    marks = [mark for curve in chart.curves for mark in curve.marks]
    lines = [tuple(map(float, point.split(","))) for line in chart.expected for point in line.split()]
    points = [(mark.x, mark.y) for mark in (*marks, chart.goal)] + lines
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert all(a.x < b.x for curve in chart.curves for a, b in pairwise(curve.marks))
    assert 1 <= len(chart.ticks) <= 7
    assert [curve.label for curve in chart.curves]


def test_what_was_expected_is_the_straight_line_and_the_value_beside_it_is_said() -> None:
    chart = value_chart(_TOTAL, _TOLD, unit="个")
    assert chart is not None
    (line,) = chart.expected
    points = [tuple(map(float, point.split(","))) for point in line.split()]
    assert all(b[0] > a[0] and b[1] <= a[1] for a, b in pairwise(points))  # it rises
    assert points[-1][1] == chart.goal.y  # to the goal on its day
    assert chart.words == "市商务局截至2022年9月30日8个，应达8.98个；目标12个，2022年12月31日（含）前"
    higher, lower = chart.curves[0].marks[1], chart.curves[0].marks[0]
    assert higher.y < lower.y


def test_points_of_the_office_are_steps_and_a_limit_has_no_line() -> None:
    stepped, limit = value_chart(_POINTS, _TOLD, unit=None), value_chart(_LIMIT, _TOLD, unit=None)
    assert stepped is not None
    assert limit is not None
    heights = {float(point.split(",")[1]) for line in stepped.expected for point in line.split()}
    assert len(heights) == 3  # 3, 8, and the goal
    assert limit.expected == ()


def test_several_units_are_named_and_of_one_day_the_last_word_is_drawn() -> None:
    told = (*_TOLD, Told("市统计局", date(2022, 9, 30), 4), Told("市统计局", date(2022, 9, 30), 6))
    chart = value_chart(_TOTAL, told, unit="个")
    assert chart is not None
    assert [curve.label for curve in chart.curves] == ["市商务局 8", "市统计局 6"]
    assert len(chart.curves[1].marks) == 1


def test_a_total_begins_again_with_the_year() -> None:
    told = (Told("市商务局", date(2021, 12, 1), 9), Told("市商务局", date(2022, 3, 1), 2))
    chart = value_chart(_TOTAL, told, unit=None)
    assert chart is not None
    assert len(chart.expected) == 1  # nothing was expected of the year before


def test_of_many_units_the_last_value_of_each_stands_beside_the_goal() -> None:
    told = [Told(f"{n}县", date(2022, 9, day), n + day) for day in (9, 5) for n in range(6)]
    assert value_chart(_TOTAL, told, unit=None) is None
    bars = last_bars(12, told)
    assert [(bar.told.unit, bar.told.value) for bar in bars] == [(f"{n}县", n + 9) for n in range(6)]
    assert [bar.width for bar in bars] == [round(100 * (n + 9) / 14, 1) for n in range(6)]
    assert {bar.goal for bar in bars} == {85.7}
    assert last_bars(12, told[:3]) == []
    assert last_bars(12, [*told, Told("7县", date(2022, 9, 9), -1)]) == []
