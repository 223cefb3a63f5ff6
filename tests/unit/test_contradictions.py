"""Words that a number of the same row denies."""

from datetime import date

import pytest

from tracker.domain.claims import Claim
from tracker.domain.contradictions import ClaimAboveValue, GoalNotReached, Held, OutcomeAboveClaim, contradictions
from tracker.domain.errors import BadInput
from tracker.domain.filings import Outcome
from tracker.domain.items import Measure
from tracker.domain.schedule import ScheduledTarget, is_short_of_goal

_MET, _UNMET = Outcome.MET, Outcome.UNMET
_BEHIND = Held(1, "项目数", 2.1, 3.0, 12.0)  # behind the schedule, and short of the goal
_ON_WAY = Held(2, "投资额", 9.0, None, 12.0)  # on schedule, and short of the goal
_THERE = Held(3, "户数", 12.0, None, None)


@pytest.mark.parametrize(
    ("claim", "outcome", "final", "numbers", "found"),
    [
        (Claim.ON_SCHEDULE, None, False, [_BEHIND], [ClaimAboveValue]),
        (Claim.ON_SCHEDULE, None, False, [_ON_WAY, _BEHIND], [ClaimAboveValue]),
        (Claim.ON_SCHEDULE, None, False, [_ON_WAY, _THERE], []),
        (Claim.BEHIND, None, False, [_BEHIND], []),
        (Claim.NOT_STARTED_YET, None, False, [_BEHIND], []),
        (None, None, False, [_BEHIND], []),
        (Claim.DONE, None, False, [_ON_WAY], [GoalNotReached]),
        (Claim.DONE, _UNMET, False, [_ON_WAY], [GoalNotReached]),  # an outcome is said of completions only
        (Claim.DONE, None, False, [_THERE], []),
        (Claim.DONE, None, True, [_ON_WAY], [GoalNotReached]),
        (Claim.DONE, _MET, True, [_ON_WAY], [GoalNotReached]),
        (Claim.DONE, _UNMET, True, [_ON_WAY], []),
        (Claim.DONE, _MET, True, [_THERE], []),
        (None, _MET, True, [_BEHIND], [GoalNotReached]),
        (None, _UNMET, True, [_BEHIND], []),
        (Claim.BEHIND, _MET, True, [], [OutcomeAboveClaim]),
        (Claim.BEHIND, _MET, True, [_BEHIND], [OutcomeAboveClaim, GoalNotReached]),
        (Claim.BEHIND, _UNMET, True, [_BEHIND], []),
    ],
)
def test_words_are_held_against_the_numbers_of_their_row(
    claim: Claim | None, outcome: Outcome | None, final: bool, numbers: list[Held], found: list[type[BadInput]]
) -> None:
    faults = contradictions(item="一1", claim=claim, outcome=outcome, final=final, numbers=numbers)
    assert [type(fault) for fault in faults] == found


@pytest.mark.parametrize(
    ("measure", "op", "value", "short"),
    [
        (Measure.CUMULATIVE, ">=", 11.9, True),
        (Measure.CUMULATIVE, ">=", 12, False),
        (Measure.CUMULATIVE, ">", 12, True),
        (Measure.CUMULATIVE, "=", 13, False),
        (Measure.LEVEL, "<=", 12.1, True),
        (Measure.LEVEL, "<=", 12, False),
        (Measure.PER_PERIOD, ">=", 0, True),
        (Measure.CUMULATIVE, "<=", 13, False),  # a total that is to stay below is a limit: no goal to come to
        (Measure.CEILING, "<=", 13, False),
        (Measure.GRANT, ">=", 1, False),
    ],
)
def test_a_goal_is_reached_or_not_whatever_is_expected_by_now(
    measure: Measure, op: str, value: float, short: bool
) -> None:
    target = ScheduledTarget(measure=measure, op=op, value=12, reach_on=date(2022, 12, 31))
    assert is_short_of_goal(target, value) is short
