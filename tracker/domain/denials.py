"""What a number says of who claims that his work is on schedule, or done."""

from datetime import date

from tracker.domain.counting import Figure
from tracker.domain.items import Measure
from tracker.domain.schedule import ScheduledTarget, StandingKind, expected_at, falls_short, standing

_GROWN_FROM_NOUGHT = frozenset({Measure.CUMULATIVE, Measure.PER_PERIOD})


def expected_on_the_way(target: ScheduledTarget, told: Figure, *, today: date) -> float | None:
    """Return what a value that is behind should have been by its day; None of one that is not.

    A level with a day has no way but the one that the office set: before its day nobody is behind a schedule that there
    is not, whatever a light warns of. One without a day holds on each.
    """
    held = standing(target, told.value, told.on, today=today, period=told.period)
    if held.kind is not StandingKind.BEHIND or (told.on is not None and _has_no_way(target, told.on)):
        return None
    return held.expected


def has_way(target: ScheduledTarget, day: date) -> bool:
    """Tell whether who says on a day that the work is on schedule says so of this number too.

    A limit has no way, a level with a day only one that the office set; what is counted in windows is known of each.
    """
    if target.is_limit or target.measure is Measure.PER_PERIOD:
        return not target.is_limit
    if _has_no_way(target, day):
        return False
    return (expected := expected_at(target, day)) is not None and expected.value is not None


def is_short_of_goal(target: ScheduledTarget, told: Figure, *, today: date) -> bool:
    """Tell whether a value has not come to what the target asks for in the end, whatever is expected by now.

    What is counted in windows is short while its window runs too: who is done adds nothing. Of another year than the
    target's a total is another count. Nothing can be said of a limit, nor of what no window counts.
    """
    unknown = standing(target, told.value, told.on, today=today, period=told.period).kind is StandingKind.UNKNOWN
    if target.is_limit or (target.measure is Measure.PER_PERIOD and unknown):
        return False
    other_year = target.reach_on is not None and told.on is not None and told.on.year != target.reach_on.year
    if target.measure is Measure.CUMULATIVE and other_year:
        return False
    return falls_short(target, told.value)


def says_begun(target: ScheduledTarget, value: float) -> bool:
    """Tell whether a value says that the work has begun: a total or a count is nought before, a level never is."""
    return target.measure in _GROWN_FROM_NOUGHT and not target.is_limit and value > 0


def _has_no_way(target: ScheduledTarget, day: date) -> bool:
    level = target.measure is Measure.LEVEL or (target.measure is Measure.BASELINE and target.baseline is None)
    return level and not target.points and target.reach_on is not None and day < target.reach_on
