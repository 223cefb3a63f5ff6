"""Words that a number of the same row denies."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.domain.cadences import Span
from tracker.domain.claims import Claim
from tracker.domain.contradictions import (
    ClaimAboveValue,
    GoalNotMet,
    GoalNotReached,
    Held,
    OutcomeAboveClaim,
    contradictions,
)
from tracker.domain.counting import Figure
from tracker.domain.denials import expected_on_the_way, has_way, is_short_of_goal, says_nothing
from tracker.domain.entered import number_text, read_number
from tracker.domain.errors import BadInput
from tracker.domain.filings import Outcome
from tracker.domain.items import CadenceKind, Measure
from tracker.domain.light_kinds import Light, LightColour, LightReason
from tracker.domain.schedule import (
    Point,
    ScheduledTarget,
    Standing,
    StandingKind,
    expected_at,
    standing,
)
from tracker.wording.lights import light_sentence
from tracker.wording.refusals import sentence

_MET, _UNMET = Outcome.MET, Outcome.UNMET
_BEHIND = Held(1, "项目数", ">=", 2.1, 3.0, 12.0)  # behind the schedule, and short of the goal
_ON_WAY = Held(2, "投资额", ">=", 9.0, None, 12.0)  # on schedule, and short of the goal
_THERE = Held(3, "户数", ">=", 12.0, None, None)


@pytest.mark.parametrize(
    ("claim", "outcome", "final", "numbers", "found"),
    [
        (Claim.ON_SCHEDULE, None, False, [_BEHIND], [ClaimAboveValue]),
        (Claim.ON_SCHEDULE, None, False, [_ON_WAY, _BEHIND], [ClaimAboveValue]),
        (Claim.ON_SCHEDULE, None, False, [_ON_WAY, _THERE], []),
        (Claim.BEHIND, None, False, [_BEHIND], []),
        (Claim.NOT_STARTED_YET, None, False, [_BEHIND], [ClaimAboveValue]),
        (Claim.NOT_STARTED_OVERDUE, None, False, [_BEHIND], []),
        (Claim.DIFFICULT, None, False, [_BEHIND], []),
        (Claim.ONGOING_ACTIVE, None, False, [_BEHIND], [ClaimAboveValue]),
        (Claim.ONGOING_QUIET, None, False, [_BEHIND], [ClaimAboveValue]),
        (None, None, False, [_BEHIND], []),
        (Claim.DONE, None, False, [_ON_WAY], [GoalNotReached]),
        (Claim.DONE, _UNMET, False, [_ON_WAY], [GoalNotReached]),  # an outcome is said of completions only
        (Claim.DONE, None, False, [_THERE], []),
        (Claim.DONE, None, True, [_ON_WAY], [GoalNotMet]),
        (Claim.DONE, _MET, True, [_ON_WAY], [GoalNotMet]),
        (Claim.DONE, _UNMET, True, [_ON_WAY], []),
        (Claim.DONE, _MET, True, [_THERE], []),
        (None, _MET, True, [_BEHIND], [GoalNotMet]),
        (None, _UNMET, True, [_BEHIND], []),
        (Claim.BEHIND, _MET, True, [], [OutcomeAboveClaim]),
        (Claim.BEHIND, _MET, True, [_BEHIND], [OutcomeAboveClaim, GoalNotMet]),
        (Claim.BEHIND, _UNMET, True, [_BEHIND], []),
    ],
)
def test_words_are_held_against_the_numbers_of_their_row(
    claim: Claim | None, outcome: Outcome | None, final: bool, numbers: list[Held], found: list[type[BadInput]]
) -> None:
    faults = contradictions(item="一1", claim=claim, outcome=outcome, final=final, numbers=numbers)
    assert [type(fault) for fault in faults] == found
    if not final:  # only a completion has a field for its outcome
        assert not any("达标" in sentence(fault) for fault in faults)


@pytest.mark.parametrize(
    ("measure", "op", "value", "short"),
    [
        (Measure.CUMULATIVE, ">=", 11.9, True),
        (Measure.CUMULATIVE, ">=", 12, False),
        (Measure.CUMULATIVE, ">", 12, True),
        (Measure.CUMULATIVE, "=", 13, False),
        (Measure.LEVEL, "<=", 12.1, True),
        (Measure.LEVEL, "<=", 12, False),
        (Measure.CUMULATIVE, "<=", 13, False),  # a total that is to stay below is a limit: no goal to come to
        (Measure.CEILING, "<=", 13, False),
        (Measure.GRANT, ">=", 1, False),
    ],
)
def test_a_goal_is_reached_or_not_whatever_is_expected_by_now(
    measure: Measure, op: str, value: float, short: bool
) -> None:
    target = ScheduledTarget(measure=measure, op=op, value=12, reach_on=date(2022, 12, 31))
    assert is_short_of_goal(target, Figure(value, date(2022, 9, 28)), today=date(2022, 9, 29)) is short


@pytest.mark.parametrize(
    ("measure", "value_on", "today", "short"),
    [
        (Measure.PER_PERIOD, date(2022, 9, 28), date(2022, 9, 29), True),  # who is done adds nothing in its quarter
        (Measure.PER_PERIOD, date(2022, 9, 28), date(2022, 10, 1), True),
        (Measure.CUMULATIVE, date(2021, 12, 31), date(2022, 10, 1), True),  # of before its year too
        (Measure.CUMULATIVE, date(2023, 1, 9), date(2023, 1, 10), False),  # it has begun anew
        (Measure.CUMULATIVE, date(2022, 12, 31), date(2023, 1, 1), True),
        (Measure.LEVEL, date(2021, 12, 31), date(2022, 10, 1), True),
    ],
)
def test_a_count_is_short_while_its_window_runs_and_a_total_until_it_begins_anew(
    measure: Measure, value_on: date, today: date, short: bool
) -> None:
    rhythm = CadenceKind.QUARTERLY if measure is Measure.PER_PERIOD else None
    target = ScheduledTarget(measure=measure, op=">=", value=12, reach_on=date(2022, 12, 31), rhythm=rhythm)
    assert is_short_of_goal(target, Figure(11, value_on), today=today) is short


@given(
    ends_on=st.dates(date(2022, 1, 31), date(2023, 12, 31)),
    late=st.integers(0, 400),
    deadline=st.dates(date(2022, 6, 30), date(2023, 12, 31)),
    value=st.integers(0, 99),
)
def test_a_total_in_a_form_is_judged_by_its_own_day_but_by_none_after_the_year_of_the_form(
    ends_on: date, late: int, deadline: date, value: int
) -> None:
    """Below the goal it supports no 已完成 either, whenever the form is filled."""
    target = ScheduledTarget(measure=Measure.CUMULATIVE, op=">=", value=100, reach_on=deadline)
    period, told_on = Span(date(ends_on.year, 1, 1), ends_on), ends_on + timedelta(days=late)
    told, alone = Figure(value, told_on, period), Figure(value, min(told_on, date(ends_on.year, 12, 31)))
    assert expected_on_the_way(target, told, today=told_on) == expected_on_the_way(target, alone, today=told_on)
    assert has_way(target, told_on, period=period) is (ends_on.year == deadline.year)
    begun_anew = ends_on.year > deadline.year
    assert is_short_of_goal(target, told, today=told_on) is not begun_anew
    assert says_nothing(target, told, of_goal=True) is begun_anew
    assert says_nothing(target, told, of_goal=False) is (ends_on.year != deadline.year)


def test_in_the_week_of_the_turn_of_the_year_a_total_is_of_the_year_that_its_goal_ends() -> None:
    target = ScheduledTarget(measure=Measure.CUMULATIVE, op=">=", value=100, reach_on=date(2022, 12, 31))
    told = Figure(1, date(2023, 1, 3), Span(date(2022, 12, 26), date(2023, 1, 1)))
    assert expected_on_the_way(target, told, today=date(2023, 1, 3)) == 100
    assert is_short_of_goal(target, told, today=date(2023, 1, 3))


def test_a_later_year_s_total_that_comes_to_the_goal_says_that_it_is_reached() -> None:
    target = ScheduledTarget(measure=Measure.CUMULATIVE, op=">=", value=100, reach_on=date(2022, 12, 31))
    assert not says_nothing(target, Figure(100, date(2023, 3, 20)), of_goal=True)


@pytest.mark.parametrize("measure", [Measure.LEVEL, Measure.BASELINE])  # the latter without a start
@pytest.mark.parametrize(
    ("reach_on", "points", "value_on", "expected"),
    [
        (date(2025, 12, 31), (), date(2025, 3, 31), None),  # nothing says how far by then
        (date(2025, 12, 31), (), date(2025, 12, 31), 85.0),
        (date(2025, 12, 31), (Point(date(2025, 3, 1), 84.5),), date(2025, 3, 31), 84.5),
    ],
)
def test_before_its_day_a_level_is_behind_what_the_office_set_only(
    measure: Measure, reach_on: date | None, points: tuple[Point, ...], value_on: date, expected: float | None
) -> None:
    target = ScheduledTarget(measure=measure, op=">=", value=85, reach_on=reach_on, points=points)
    assert expected_on_the_way(target, Figure(84, value_on), today=date(2026, 1, 5)) == expected


@pytest.mark.parametrize("value", [3.0, 49.9, 50.0, 60.0])
@pytest.mark.parametrize("op", [">=", "=", "<="])
@pytest.mark.parametrize("measure", list(Measure))
def test_of_what_has_no_day_the_table_and_the_claim_say_the_same(measure: Measure, op: str, value: float) -> None:
    target = ScheduledTarget(measure=measure, op=op, value=50, rhythm=CadenceKind.MONTHLY)
    told, today = Figure(value, date(2022, 9, 28)), date(2022, 10, 9)
    behind = standing(target, told.value, told.on, today=today).kind is StandingKind.BEHIND
    assert (expected_on_the_way(target, told, today=today) is not None) is behind


def _told(held: Held) -> str:
    faults = contradictions(item="一1", claim=Claim.ON_SCHEDULE, outcome=None, final=False, numbers=[held])
    return sentence(faults[0])


@pytest.mark.parametrize(
    ("op", "value", "expected", "words"),
    [
        (">", 80.0, 80.0, "填写的是80，按序时应超过80，"),
        (">=", 84.0, 84.125, "应达到84.125，"),  # as the office set it
        (">=", 1.48, 1.4849315, "应达到1.49，"),
        (">=", 288.8, 288.8416438, "应达到288.85，"),
        (">=", 0.1, 0.1234567, "应达到0.1235，"),
        ("<=", 46.0, 45.6789123, "应不高于45.67，"),
        (">=", 29.0, 30.000000000000004, "应达到30，"),
    ],
)
def test_what_was_expected_is_told_so_that_it_is_enough(op: str, value: float, expected: float, words: str) -> None:
    assert words in _told(Held(1, "优良率", op, value, expected, None))


@given(
    op=st.sampled_from((">=", ">", "=", "<=", "<")),
    goal=st.integers(-(10**9), 10**9),
    start=st.integers(-(10**9), 10**9),
    short=st.floats(0.000001, 10**6),
    day=st.dates(date(2022, 1, 1), date(2022, 12, 30)),
)
def test_whoever_enters_the_number_that_a_refusal_or_a_light_names_is_refused_no_more(
    op: str, goal: int, start: int, short: float, day: date
) -> None:
    baseline = Point(date(2021, 12, 31), start / 1000)
    target = ScheduledTarget(
        measure=Measure.BASELINE, op=op, value=goal / 1000, reach_on=date(2022, 12, 31), baseline=baseline
    )
    line = expected_at(target, day)
    assert line is not None
    assert line.value is not None
    value = round(line.value + short if target.falls else line.value - short, 6)
    held = standing(target, value, day, today=day)
    assume(held.kind is StandingKind.BEHIND and held.expected is not None)
    told = _told(Held(1, "比重", op, value, held.expected, None)).split("按序时应")[1].split("，")[0]
    light = light_sentence(Light(LightColour.YELLOW, LightReason.BEHIND_PLAN, _facts_of(held)), today=day)
    named, gap = light.split("按序时应为")[1].split("，差")
    assert told.endswith(named)
    for text in (named, f"{Decimal(number_text(value)) + Decimal(gap) * (-1 if target.falls else 1)}"):
        entered = read_number(text, field="数值")
        assert expected_on_the_way(target, Figure(entered, day), today=day) is None


def _facts_of(held: Standing) -> dict[str, object]:
    return {"value_on": held.value_on, "value": held.value, "expected": held.expected, "gap": held.gap}
