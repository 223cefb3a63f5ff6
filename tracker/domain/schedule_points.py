"""What the office may set as points of a schedule 「序时节点」, instead of what follows from a target's measure."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from tracker.domain.entered import check_day, check_number, number_text
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.items import Measure
from tracker.domain.quoting import quoted
from tracker.domain.schedule import Point, ScheduledTarget

# Two a month of a year: more would be another rhythm, not a schedule.
MOST_POINTS = 24


class PointsNotTaken(Rejected):
    """A limit has no way on which something could be expected, a count per window none between; facts: metric."""

    code = "points_not_taken"


class PointsUnchanged(Rejected):
    """What is to be set stands already; facts: metric."""

    code = "points_unchanged"


class PointsDoNotRise(BadInput):
    """The days of points must rise; facts: metric, day, before."""

    code = "points_do_not_rise"


class PointAfterTarget(BadInput):
    """A point lies after the target's day; facts: metric, day, reach_on."""

    code = "point_after_target"


class PointOfAnotherYear(BadInput):
    """A total counts within its calendar year; facts: metric, day, year."""

    code = "point_of_another_year"


class PointUnlikeTarget(BadInput):
    """On its day the target itself is expected; facts: metric, day, value, target."""

    code = "point_unlike_target"


class PointPastTarget(BadInput):
    """A point asks for more than the target does; facts: metric, day, value, target."""

    code = "point_past_target"


class PointTurnsBack(BadInput):
    """A point asks for less than the one before it; facts: metric, day, value, before, old."""

    code = "point_turns_back"


def check_points(target: ScheduledTarget, points: Sequence[Point], *, metric: str) -> tuple[Point, ...]:
    """Return points that can hold for a target, which `metric` names to people; their days may lie in the past.

    Raises PointsNotTaken, DayOutOfBounds, NumberOutOfBounds, PointsDoNotRise, PointAfterTarget, PointOfAnotherYear,
    PointUnlikeTarget, PointPastTarget, PointTurnsBack.
    """
    if not target.takes_points:
        raise PointsNotTaken(metric=metric)
    for point in points:
        check_day(point.day, field=f"{quoted(metric)}的序时节点")
        check_number(point.value, field=f"{quoted(metric)}的序时节点数值")
        _check_day_of(target, point, metric=metric)
    for before, point in pairwise(points):
        if point.day <= before.day:
            raise PointsDoNotRise(metric=metric, day=point.day, before=before.day)
        if _is_past(target, before.value, point.value) and not _counts_anew(target, before.day, point.day):
            old, value = number_text(before.value), number_text(point.value)
            raise PointTurnsBack(metric=metric, day=point.day, value=value, before=before.day, old=old)
    for point in points:
        _check_value_of(target, point, metric=metric)
    return tuple(points)


def told_points(facts: Mapping[str, Any]) -> tuple[Point, ...]:  # Any: the payload of an event
    """Read the points that an event carries."""
    return tuple(Point(date.fromisoformat(point["day"]), point["value"]) for point in facts["points"])


def _check_day_of(target: ScheduledTarget, point: Point, *, metric: str) -> None:
    if target.reach_on is None:
        return
    if point.day > target.reach_on:
        raise PointAfterTarget(metric=metric, day=point.day, reach_on=target.reach_on)
    if target.measure is Measure.CUMULATIVE and point.day.year != target.reach_on.year:
        raise PointOfAnotherYear(metric=metric, day=point.day, year=target.reach_on.year)


def _check_value_of(target: ScheduledTarget, point: Point, *, metric: str) -> None:
    value, goal = number_text(point.value), number_text(target.value)
    if _is_past(target, point.value, target.value):
        raise PointPastTarget(metric=metric, day=point.day, value=value, target=goal)
    if point.day == target.reach_on and point.value != target.value:
        raise PointUnlikeTarget(metric=metric, day=point.day, value=value, target=goal)


def _is_past(target: ScheduledTarget, value: float, end: float) -> bool:
    """Tell whether a value lies beyond another in the target's direction."""
    return value < end if target.falls else value > end


def _counts_anew(target: ScheduledTarget, before: date, day: date) -> bool:
    return target.measure is Measure.CUMULATIVE and before.year < day.year
