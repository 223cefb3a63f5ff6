"""What a task's lead says of a member's report 「牵头单位核实」 before the office decides, and the office's sample.

The lead's word decides nothing and moves no moment: the row lies with the office from its filing on.
"""

from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.claims import Claim, lower
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.filings import ReportKind, check_reason

# What claims progress or completion is verified; news, replies and ticks are not.
VERIFIED_KINDS = frozenset({ReportKind.PROGRESS, ReportKind.COMPLETION})


class LeadOpinion(StrEnum):
    """What the lead advises: that the claim stands 「属实」, a lower one, or that the report is sent back."""

    STANDS = "stands"
    LOWER = "lower"
    RETURN = "return"


class OpinionMissing(BadInput):
    code = "opinion_missing"


class LowerClaimMissing(BadInput):
    """Who advises a lower claim says which; what claims nothing cannot be lowered."""

    code = "lower_claim_missing"


class NothingToVerify(Rejected):
    """The report lies with the office alone: it was decided, or what it is about has ended."""

    code = "nothing_to_verify"


class VerifiedAlready(Rejected):
    """Of several leads the first that answers decides; facts: lead."""

    code = "verified_already"


class VerifyingTooLate(Rejected):
    """The days of the policy are over, and the office decides without the lead; facts: until."""

    code = "verifying_too_late"


class DecidedSingly(Rejected):
    """What is in the sample, what the lead did not find true, and what is marked, is not accepted with others."""

    code = "decided_singly"


@dataclass(frozen=True, slots=True)
class LeadWord:
    """A lead's word on one report; `claim` is the lower one that it advises, `reason` why it does not stand."""

    opinion: LeadOpinion
    claim: Claim | None = None
    reason: str = ""


def check_word(word: LeadWord, *, own: Claim | None, scheduled: bool, final: bool) -> LeadWord:
    """Return a lead's word as it is kept; what does not stand needs a reason, a lower claim must fit as a reviewer's.

    Raises LowerClaimMissing, ReasonRequired, ReasonTooLong, and what `claims.lower` raises.
    """
    if word.opinion is LeadOpinion.STANDS:
        return LeadWord(word.opinion)
    reason = check_reason(word.reason)
    if word.opinion is LeadOpinion.RETURN:
        return LeadWord(word.opinion, reason=reason)
    if own is None or word.claim is None or word.claim is own:
        raise LowerClaimMissing()
    lowered = lower(own, verified=word.claim, scheduled=scheduled, final=final, reason=reason)
    return LeadWord(word.opinion, lowered.verified, reason)


def in_sample(report_id: int, *, one_in: int, first: bool) -> bool:
    """Tell whether the office looks singly at a report that its lead found true 「抽查」.

    Every `one_in`th by number; `first` where it is the first that the lead found true of the form of that document and
    period, so that no lead's word goes unseen. Once told it stays, whatever is verified later.
    """
    return first or report_id % one_in == 0
