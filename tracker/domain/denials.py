"""What a number says of who claims that his work is on schedule, or done."""

from datetime import date

from tracker.domain.cadences import Span
from tracker.domain.counting import Counting, Figure, day_of_total
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


def day_judged(target: ScheduledTarget, told: Figure) -> date | None:
    """Return the day by which a value is judged; None where it bears none, or is judged by its window."""
    if target.measure is Measure.PER_PERIOD:
        return None
    return Counting(target.measure, target.rhythm, target.reach_on).day_of(told)


def has_way(target: ScheduledTarget, today: date, *, period: Span | None = None) -> bool:
    """Tell whether who says today, or in the form of a period, that the work is on schedule says so of this number too.

    A limit has no way, a level with a day only one that the office set; what is counted in windows is known of each.
    """
    if target.is_limit or target.measure is Measure.PER_PERIOD:
        return not target.is_limit
    total = target.measure is Measure.CUMULATIVE
    day = day_of_total(today, period, target.reach_on) if total else today
    if _has_no_way(target, day):
        return False
    return (expected := expected_at(target, day)) is not None and expected.value is not None


def is_short_of_goal(target: ScheduledTarget, told: Figure, *, today: date) -> bool:
    """Tell whether a value has not come to what the target asks for in the end, whatever is expected by now.

    What is counted in windows is short while its window runs too: who is done adds nothing. A total is whatever its
    year, but where it has begun anew since. Nothing can be said of a limit, nor of what no window counts.
    """
    unknown = standing(target, told.value, told.on, today=today, period=told.period).kind is StandingKind.UNKNOWN
    if target.is_limit or (target.measure is Measure.PER_PERIOD and unknown):
        return False
    return falls_short(target, told.value) and not says_nothing(target, told, of_goal=True)


def says_nothing(target: ScheduledTarget, told: Figure, *, of_goal: bool) -> bool:
    """Tell whether a number says nothing of its schedule, or with `of_goal` of what is asked for in the end.

    A total begins at nought each year, and has a schedule in its target's year only. Of an earlier year it has come as
    far as it says; of a later one what is short of the goal may have been begun anew after that was reached.
    """
    year = target.reach_on.year if target.reach_on is not None else None
    if target.measure is not Measure.CUMULATIVE or target.is_limit or year is None or told.on is None:
        return False
    told_in = day_of_total(told.on, told.period, target.reach_on).year
    return told_in > year and falls_short(target, told.value) if of_goal else told_in != year


def says_begun(target: ScheduledTarget, value: float) -> bool:
    """Tell whether a value says that the work has begun: a total or a count is nought before, a level never is."""
    return target.measure in _GROWN_FROM_NOUGHT and not target.is_limit and value > 0


def _has_no_way(target: ScheduledTarget, day: date) -> bool:
    level = target.measure is Measure.LEVEL or (target.measure is Measure.BASELINE and target.baseline is None)
    return level and not target.points and target.reach_on is not None and day < target.reach_on
