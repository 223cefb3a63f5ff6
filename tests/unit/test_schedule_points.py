"""Which points the office may set for a target, and what is said to whoever set one that cannot hold."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.entered import DayOutOfBounds, NumberOutOfBounds
from tracker.domain.errors import TrackerError
from tracker.domain.items import CadenceKind, Measure
from tracker.domain.schedule import Point, ScheduledTarget, standing
from tracker.domain.schedule_points import (
    PointAfterTarget,
    PointOfAnotherYear,
    PointPastTarget,
    PointsDoNotRise,
    PointsNotTaken,
    PointTurnsBack,
    PointUnlikeTarget,
    check_points,
)
from tracker.wording.refusals import sentence

YEAR_END = date(2022, 12, 31)
JUNE, SEPTEMBER = date(2022, 6, 30), date(2022, 9, 30)
SUM = ScheduledTarget(measure=Measure.CUMULATIVE, op=">=", value=100.0, reach_on=YEAR_END)
FALLING = ScheduledTarget(measure=Measure.LEVEL, op="<=", value=3.0, reach_on=date(2023, 12, 31))


@pytest.mark.parametrize(
    ("target", "points"),
    [
        (SUM, ()),
        (SUM, (Point(JUNE, 40.0), Point(SEPTEMBER, 40.0), Point(YEAR_END, 100.0))),
        (SUM, (Point(date(2022, 1, 1), 0.0),)),
        (FALLING, (Point(JUNE, 5.0), Point(SEPTEMBER, 4.0), Point(date(2023, 6, 30), 3.0))),
        (replace(SUM, reach_on=None), (Point(YEAR_END, 100.0), Point(date(2023, 6, 30), 50.0))),
    ],
)
def test_points_on_the_way_to_a_target_are_taken(target: ScheduledTarget, points: tuple[Point, ...]) -> None:
    assert check_points(target, points, metric="签约额") == points
    assert target.under(points).points == points


@pytest.mark.parametrize(
    ("target", "points", "refusal", "words"),
    [
        (SUM, (Point(SEPTEMBER, 1.0), Point(JUNE, 2.0)), PointsDoNotRise, "2022年6月30日（周四）不在2022年9月30日"),
        (SUM, (Point(JUNE, 1.0), Point(JUNE, 2.0)), PointsDoNotRise, "先后"),
        (SUM, (Point(date(2023, 1, 1), 1.0),), PointAfterTarget, "晚于该目标的时限2022年12月31日"),
        (SUM, (Point(date(2021, 12, 31), 1.0),), PointOfAnotherYear, "不在目标所在的2022年"),
        (SUM, (Point(JUNE, 101.0),), PointPastTarget, "填写的是101，已越过目标数100"),
        (SUM, (Point(JUNE, 50.0), Point(SEPTEMBER, 40.5)), PointTurnsBack, "填写的是40.5，比2022年6月30日（周四）的50"),
        (SUM, (Point(YEAR_END, 99.0),), PointUnlikeTarget, "当天应填目标数100"),
        (SUM, (Point(JUNE, float("nan")),), NumberOutOfBounds, "数值"),
        (SUM, (Point(JUNE, float("inf")),), NumberOutOfBounds, "数值"),
        (SUM, (Point(date(1022, 6, 30), 1.0),), DayOutOfBounds, "序时节点"),
        (FALLING, (Point(JUNE, 2.0),), PointPastTarget, "已越过目标数3"),
        (FALLING, (Point(JUNE, 4.0), Point(SEPTEMBER, 5.0)), PointTurnsBack, "后退"),
        (replace(SUM, measure=Measure.CEILING), (), PointsNotTaken, "没有序时"),
        (replace(SUM, measure=Measure.GRANT), (), PointsNotTaken, "没有序时"),
        (replace(SUM, op="<="), (), PointsNotTaken, "没有序时"),
        (replace(SUM, measure=Measure.PER_PERIOD, rhythm=CadenceKind.MONTHLY), (), PointsNotTaken, "没有序时"),
    ],
)
def test_points_that_cannot_hold_are_refused_and_the_words_say_which(
    target: ScheduledTarget, points: tuple[Point, ...], refusal: type[TrackerError], words: str
) -> None:
    with pytest.raises(refusal) as refused:
        check_points(target, points, metric="签约额")
    said = sentence(refused.value)
    assert words in said
    assert "“签约额”" in said


def test_what_no_longer_fits_a_target_that_changed_does_not_hold() -> None:
    points = (Point(JUNE, 40.0), Point(SEPTEMBER, 70.0))
    assert replace(SUM, reach_on=date(2022, 8, 31)).under(points).points == points[:1]
    assert replace(SUM, reach_on=SEPTEMBER).under(points).points == points[:1]
    assert replace(SUM, measure=Measure.CEILING).under(points).points == ()
    assert replace(SUM, reach_on=date(2022, 3, 31)).under(points) == replace(SUM, reach_on=date(2022, 3, 31))


def test_a_total_is_held_against_no_point_of_another_year() -> None:
    later = date(2024, 1, 1)
    bounded = SUM.under((Point(JUNE, 40.0),))
    assert standing(bounded, 1.0, date(2023, 1, 31), today=later).kind == "unknown"
    lasting = replace(SUM, reach_on=None).under((Point(JUNE, 40.0),))
    assert standing(lasting, 1.0, date(2022, 12, 31), today=later).kind == "behind"
    assert standing(lasting, 1.0, date(2023, 1, 31), today=later).kind == "on"
