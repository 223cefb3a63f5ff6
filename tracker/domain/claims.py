"""What a unit says of one matter in its form, and what the reviewer makes of it 「自报、核定」.

A row is refused where it says less than somebody needs who decides by it: paper that states no fact is what the rules
against formalism forbid.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.domain.cases import CaseCounts
from tracker.domain.errors import BadInput
from tracker.domain.fact_words import says_unchanged, states_fact


class Claim(StrEnum):
    """Where the work stands, from the best to the worst; the order is the one in which a reviewer may lower.

    `not_started_yet` is early enough 「未到时」, `not_started_overdue` should have begun 「应启未启」; `difficult` says
    that it cannot be done or must be changed. Without a schedule work goes on with a fact or without one.
    """

    DONE = "done"
    ON_SCHEDULE = "on_schedule"
    ONGOING_ACTIVE = "ongoing_active"
    ONGOING_QUIET = "ongoing_quiet"
    NOT_STARTED_YET = "not_started_yet"
    BEHIND = "behind"
    NOT_STARTED_OVERDUE = "not_started_overdue"
    DIFFICULT = "difficult"


class CauseClass(StrEnum):
    """Why work is behind 「原因类别」; told apart because only `own_work` is the unit's own doing."""

    AWAITS_POLICY = "awaits_policy"
    AWAITS_FUNDS = "awaits_funds"
    UPSTREAM = "upstream"
    OUT_OF_SEASON = "out_of_season"
    LITIGATION = "litigation"
    FORCE_MAJEURE = "force_majeure"
    UNCLEAR_DUTY = "unclear_duty"
    OWN_WORK = "own_work"
    OTHER = "other"


_ANYHOW = frozenset({Claim.DONE, Claim.DIFFICULT, Claim.NOT_STARTED_YET, Claim.NOT_STARTED_OVERDUE})
_FIT_SCHEDULED = _ANYHOW | {Claim.ON_SCHEDULE, Claim.BEHIND}
_FIT_UNSCHEDULED = _ANYHOW | {Claim.ONGOING_ACTIVE, Claim.ONGOING_QUIET}
# What a final row cannot say: after its deadline the work is done or it is not.
_NO_ENDING = frozenset({Claim.ON_SCHEDULE, Claim.ONGOING_ACTIVE, Claim.ONGOING_QUIET, Claim.NOT_STARTED_YET})
BEHIND_CLAIMS = frozenset({Claim.BEHIND, Claim.DIFFICULT, Claim.NOT_STARTED_OVERDUE})
# What says that the work has begun; who cannot do it, or goes on without a fact, may not have.
BEGUN_CLAIMS = frozenset({Claim.DONE, Claim.ON_SCHEDULE, Claim.ONGOING_ACTIVE, Claim.BEHIND})
_QUIET_CLAIMS = frozenset({Claim.ONGOING_QUIET, Claim.NOT_STARTED_YET})
_NEUTRAL = frozenset({Claim.NOT_STARTED_YET})
_BEST_FIRST = tuple(Claim)


class ClaimMissing(BadInput):
    code = "claim_missing"


class ClaimUnfit(BadInput):
    """The claim speaks of a schedule where there is none, or the other way round; facts: item, claim."""

    code = "claim_unfit"


class ClaimLeavesOpen(BadInput):
    """A final row must say whether the work is done; facts: item, claim."""

    code = "claim_leaves_open"


class ValueMissing(BadInput):
    code = "value_missing"


class ValueUnreadable(BadInput):
    code = "value_unreadable"


class ValueDateMissing(BadInput):
    code = "value_date_missing"


class FactMissing(BadInput):
    """The words name no date, no number and no document."""

    code = "fact_missing"


class NoChangeRefused(BadInput):
    """“No change” says nothing where a number is asked for or the work is behind."""

    code = "no_change_refused"


class CauseClassMissing(BadInput):
    code = "cause_class_missing"


class CauseMissing(BadInput):
    code = "cause_missing"


class NextStepMissing(BadInput):
    code = "next_step_missing"


class NextDateMissing(BadInput):
    code = "next_date_missing"


class NextDayPast(BadInput):
    """What is to be done next has a day that has passed; facts: item, day."""

    code = "next_day_past"


class ClaimRaised(BadInput):
    """A reviewer confirms or lowers, never raises; facts: claim, verified."""

    code = "claim_raised"


class LoweringNeedsReason(BadInput):
    code = "lowering_needs_reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContent:
    """What a unit writes into one row.

    `item` is how a sentence names the row; `values` maps a target's id to the value reached on `value_on`. `cases` are
    counts of the period, facts by themselves.
    """

    item: str = ""
    claim: Claim | None = None
    text: str = ""
    values: Mapping[int, float] = field(default_factory=dict)
    value_on: date | None = None
    cases: CaseCounts | None = None
    cause: str = ""
    cause_class: CauseClass | None = None
    next_step: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What the unit claimed and what the reviewer confirmed 「核定」; both are kept, the reason where they differ."""

    claim: Claim
    verified: Claim
    reason: str = ""

    @property
    def lowered(self) -> bool:
        """Whether the unit is to be told and may reply."""
        return self.verified is not self.claim


def row_faults(
    content: RowContent, *, numeric: bool, scheduled: bool, behind_by_value: bool, final: bool
) -> list[BadInput]:
    """Return in what a row says less than the least: claim, dated value, one fact, and the cause where it is behind.

    A dated value is itself a number and a date, so that a numeric row needs no words beside it. `behind_by_value`
    where its value is short of the schedule, whatever is claimed; `final` where the row asks for the completion.
    """
    claim = content.claim
    faults = _claim_faults(content, scheduled=scheduled, final=final)
    behind = behind_by_value or claim in BEHIND_CLAIMS
    if (numeric or behind) and says_no_change(content):
        faults.append(NoChangeRefused(item=content.item))
    elif not (numeric or claim in _QUIET_CLAIMS or content.cases is not None or states_fact(content.text)):
        faults.append(FactMissing(item=content.item))
    if numeric:
        faults += _value_faults(content)
    if behind:
        faults += _cause_faults(content, over=final and claim is Claim.DONE)
    return faults


def fitting_claims(*, scheduled: bool, final: bool) -> tuple[Claim, ...]:
    """Return what may be said of a share, from the best to the worst.

    `scheduled` where the work has a schedule to be on or behind, `final` where the completion is asked for: past its
    deadline the work is done or it is not.
    """
    fit = _FIT_SCHEDULED if scheduled else _FIT_UNSCHEDULED
    return tuple(claim for claim in _BEST_FIRST if claim in fit and not (final and claim in _NO_ENDING))


def check_claim(claim: Claim, *, scheduled: bool, final: bool, item: str = "") -> None:
    """Refuse a claim that does not fit; arguments as of `fitting_claims`. Raises ClaimUnfit, ClaimLeavesOpen."""
    if claim not in fitting_claims(scheduled=scheduled, final=False):
        raise ClaimUnfit(item=item, claim=claim.value)
    if claim not in fitting_claims(scheduled=scheduled, final=final):
        raise ClaimLeavesOpen(item=item, claim=claim.value)


def lower(claim: Claim, *, verified: Claim, scheduled: bool, final: bool, reason: str = "") -> Verification:
    """Confirm a claim or lower it with a reason 「核定」.

    Raises ClaimRaised, LoweringNeedsReason, and what `check_claim` raises where the verified claim does not fit.
    """
    if verified is claim:
        return Verification(claim, verified, reason.strip())
    if is_better(verified, claim):
        raise ClaimRaised(claim=claim.value, verified=verified.value)
    check_claim(verified, scheduled=scheduled, final=final)
    if verified in _NEUTRAL:
        raise ClaimUnfit(item="", claim=verified.value)
    if not reason.strip():
        raise LoweringNeedsReason(claim=claim.value, verified=verified.value)
    return Verification(claim, verified, reason.strip())


def is_better(claim: Claim, other: Claim) -> bool:
    """Tell whether a claim says more than another."""
    return _BEST_FIRST.index(claim) < _BEST_FIRST.index(other)


def lower_claims(claim: Claim, *, scheduled: bool, final: bool) -> tuple[Claim, ...]:
    """Return what a reviewer may lower a claim to, the mildest first; arguments as of `fitting_claims`.

    That it is too early to begin is not less than what a unit says, but something else: no reviewer lowers to it.
    """
    fitting = fitting_claims(scheduled=scheduled, final=final)
    return tuple(fit for fit in fitting if is_better(claim, fit) and fit not in _NEUTRAL)


def check_verified(
    own: Claim | None, verified: Claim | None, *, scheduled: bool, final: bool, reason: str
) -> Claim | None:
    """Return the claim that a reviewer's word leaves: the unit's own where none is given; replies and ticks have none.

    Raises what `lower` raises.
    """
    if own is None or verified is None:
        return own
    return lower(own, verified=verified, scheduled=scheduled, final=final, reason=reason).verified


def says_no_change(content: RowContent) -> bool:
    """Tell whether a row says 「无变化」: a quiet claim without a fact, or words that say so and nothing else."""
    unchanged = says_unchanged(content.text)
    return content.claim in _QUIET_CLAIMS if unchanged is None else unchanged


def _claim_faults(content: RowContent, *, scheduled: bool, final: bool) -> list[BadInput]:
    if content.claim is None:
        return [ClaimMissing(item=content.item)]
    try:
        check_claim(content.claim, scheduled=scheduled, final=final, item=content.item)
    except BadInput as fault:
        return [fault]
    return []


def _value_faults(content: RowContent) -> list[BadInput]:
    if not content.values:
        return [ValueMissing(item=content.item)]
    faults: list[BadInput] = []
    if not all(math.isfinite(value) for value in content.values.values()):
        faults.append(ValueUnreadable(item=content.item))
    if content.value_on is None:
        faults.append(ValueDateMissing(item=content.item))
    return faults


def _cause_faults(content: RowContent, *, over: bool) -> list[BadInput]:
    """Return what is not said of why the work is behind; of work that is over there is no next step."""
    said = {
        CauseClassMissing: content.cause_class is not None,
        CauseMissing: bool(content.cause.strip()),
        NextStepMissing: over or bool(content.next_step.strip()),
        NextDateMissing: over or content.next_on is not None,
    }
    return [lacking(item=content.item) for lacking, is_said in said.items() if not is_said]
