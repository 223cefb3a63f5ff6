"""The office's word on a report that it accepts."""

from dataclasses import dataclass

from tracker.domain.claims import Claim
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.filings import Outcome


class LeadsStillOwe(Rejected):
    """A lead of this item owes an overdue report; a reason lets the completion pass; facts: units."""

    code = "leads_still_owe"


class OutcomeRaised(BadInput):
    """The unit itself says that the goal was not met: a reviewer confirms or lowers, never raises."""

    code = "outcome_raised"


class LoweredOutcomeNeedsReason(BadInput):
    code = "lowered_outcome_needs_reason"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The office's word on one report.

    `claim` None confirms the unit's own; a lower one needs a `reason`. `outcome` ends a completion as met or unmet,
    None as the unit says; unmet where the unit says met needs the `reason` too. `let_pass` says why a completion may
    stand while a lead of the item is overdue.
    """

    claim: Claim | None = None
    reason: str = ""
    outcome: Outcome | None = None
    let_pass: str = ""


AS_CLAIMED = Verdict()


def verified_outcome(own: Outcome | None, verdict: Verdict, *, lowered: bool) -> Outcome:
    """Return how a completion ends by the office's word; `lowered` where that leaves less than the claim.

    What is not held to be done has not met its goal. Completions that say nothing of their own were met: they are of
    the time before outcomes were asked for. Raises OutcomeRaised, LoweredOutcomeNeedsReason.
    """
    held = verdict.outcome or (Outcome.UNMET if lowered else own or Outcome.MET)
    if own is Outcome.UNMET and held is Outcome.MET:
        raise OutcomeRaised()
    if own is Outcome.MET and held is Outcome.UNMET and not verdict.reason.strip():
        raise LoweredOutcomeNeedsReason()
    return held
