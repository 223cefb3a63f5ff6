"""What a unit says of its work against the numbers that it gives in the same breath, or that it gave before.

Figures, lights and papers follow what is claimed 「自报」. A claim that its own number contradicts would be counted as
what it is not. It is refused where it is written: either the number is wrong, or the claim.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.claims import BEHIND_CLAIMS, Claim, ValueMissing
from tracker.domain.entered import enough_text, number_text
from tracker.domain.errors import BadInput
from tracker.domain.filings import Outcome


class ClaimAboveValue(BadInput):
    """Not behind by the claim, behind by the value.

    Facts: item, claim, metric, op, value, day, judged_on, expected, target; `judged_on` is the day by which a value
    that bears `day` is judged, None where its window judges it.
    """

    code = "claim_above_value"


class ClaimAboveFiled(ClaimAboveValue):
    """The same of a value that was told before and is not told anew."""

    code = "claim_above_filed"


class BegunByValue(BadInput):
    """Not begun by the claim, begun by the value; facts: item, claim, metric, value, target."""

    code = "begun_by_value"


class BegunByFiled(BegunByValue):
    """The same of a value that was told before; facts: day too."""

    code = "begun_by_filed"


class BegunBefore(BadInput):
    """Not begun by the claim, begun by what the office accepted before; facts: item, claim, verified."""

    code = "begun_before"


class GoalNotReached(BadInput):
    """Done or met by the words, short of the goal by the value; facts: item, metric, op, value, goal, target."""

    code = "goal_not_reached"


class GoalNotMet(GoalNotReached):
    """The same of a completion, which may say as its outcome that the goal was not met."""

    code = "goal_not_met"


class GoalNotReachedByFiled(GoalNotReached):
    """The same of a value that was told before and is not told anew; facts: day too."""

    code = "goal_not_reached_by_filed"


class OutcomeAboveClaim(BadInput):
    """The goal is said to be met by who says that the work is not done; facts: item, claim."""

    code = "outcome_above_claim"


class NumberLeftOut(ValueMissing):
    """Done or met by the words, and a number that says whether it is was not given; facts: item, metric, target."""

    code = "number_left_out"


class NumberUnexplained(ValueMissing):
    """On schedule by the claim, and a number with a schedule was not given, nor why; facts: item, metric, target."""

    code = "number_unexplained"


class NumberOfAnotherYear(ValueMissing):
    """Done, met or on schedule by the words, and a total of another year given.

    Facts: item, metric, day, judged_on, year, target; `judged_on` as of `ClaimAboveValue`, `year` is the target's.
    """

    code = "number_of_another_year"


@dataclass(frozen=True, slots=True)
class OfAnotherYear:
    """The day of a total that was given, that by which it is judged, and its target's year, which is another."""

    day: date
    judged_on: date
    year: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that binds the unit and is no limit, with its target's id; `has_way` where a schedule holds for it."""

    target: int
    metric: str
    has_way: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A reported number that binds the unit, with its target's id.

    `expected` is what the schedule asks for where the value is behind it, `goal` what the target asks for in the end
    where the value is short of it; None where it is not. `begun` where it says that the work has begun. `on` is the day
    that it bears, `judged_on` that by which it is judged, None where no day does. `filed` where it was told before.
    """

    target: int
    metric: str
    op: str
    value: float
    expected: float | None
    goal: float | None
    begun: bool = False
    filed: bool = False
    on: date | None = None
    judged_on: date | None = None


def contradictions(
    *,
    item: str,
    claim: Claim | None,
    outcome: Outcome | None,
    final: bool,
    numbers: Sequence[Held],
    begun: Claim | None = None,
) -> list[BadInput]:
    """Return what the words of a row say that its numbers, its other words, or what was told before deny.

    `final` where the row reports the completion: only there an `outcome` is said, and work may be done and its goal
    not met. `begun` is what the office accepted before that says that the work has begun.
    """
    said, found = outcome if final else None, list[BadInput]()
    if said is Outcome.MET and claim not in (None, Claim.DONE):
        found.append(OutcomeAboveClaim(item=item, claim=claim.value if claim else ""))
    unreached = GoalNotMet if final else GoalNotReached
    by_target: dict[int, BadInput] = {}
    for held in numbers:
        if (fault := _denied(item, claim, said, held, unreached)) is not None:
            by_target.setdefault(held.target, fault)
    found += by_target.values()
    if claim is Claim.NOT_STARTED_YET and begun is not None and not found:
        found.append(BegunBefore(item=item, claim=claim.value, verified=begun.value))
    return found


def _denied(
    item: str, claim: Claim | None, outcome: Outcome | None, held: Held, unreached: type[GoalNotReached]
) -> BadInput | None:
    """Return what one number denies: the goal of who says that he is done, the schedule of who is not behind."""
    said: dict[str, object] = {"item": item, "metric": held.metric, "op": held.op, "target": held.target}
    said |= {"value": number_text(held.value)} | ({"day": held.on} if held.filed else {})
    if says_reached(claim, outcome):
        kind = GoalNotReachedByFiled if held.filed else unreached
        return None if held.goal is None else kind(**said, goal=number_text(held.goal))
    if claim in (None, Claim.DONE) or claim in BEHIND_CLAIMS:
        return None
    if held.expected is not None:
        wanted = enough_text(held.expected, beside=held.value)
        above = ClaimAboveFiled if held.filed else ClaimAboveValue
        days = {"day": held.on, "judged_on": held.judged_on}
        return above(**{**said, **days}, claim=claim.value, expected=wanted)
    if claim is Claim.NOT_STARTED_YET and held.begun:
        return (BegunByFiled if held.filed else BegunByValue)(**said, claim=claim.value)
    return None


def left_out(
    *,
    item: str,
    claim: Claim | None,
    outcome: Outcome | None,
    cause: str,
    bound: Iterable[Bound],
    given: Mapping[int, object],
    others: Mapping[int, OfAnotherYear],
) -> list[BadInput]:
    """Return the numbers that the words of a row rest on and that are not given, since they might deny them.

    What is done or met is so by each number; on schedule is who is by each that has one. A figure that nobody has yet
    is no lie: on the way it may be left out by who says why, in the end it is waited for 「到期待核数」. `others` are
    totals that say nothing of what is claimed, since they are of another year: as good as left out.
    """
    lacking = [number for number in bound if number.target not in given or number.target in others]
    if says_reached(claim, outcome):
        return [_lacks(NumberLeftOut, item, number, others) for number in lacking]
    if claim is not Claim.ON_SCHEDULE or cause.strip():
        return []
    return [_lacks(NumberUnexplained, item, number, others) for number in lacking if number.has_way]


def _lacks(kind: type[ValueMissing], item: str, number: Bound, others: Mapping[int, OfAnotherYear]) -> BadInput:
    said: dict[str, object] = {"item": item, "metric": number.metric, "target": number.target}
    other = others.get(number.target)
    return (
        kind(**said)
        if other is None
        else NumberOfAnotherYear(**said, day=other.day, judged_on=other.judged_on, year=other.year)
    )


def says_reached(claim: Claim | None, outcome: Outcome | None) -> bool:
    """Tell whether the words of a row say that its goal is reached."""
    return outcome is Outcome.MET or (claim is Claim.DONE and outcome is not Outcome.UNMET)
