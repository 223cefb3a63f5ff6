"""What a task's lead says of a member's report 「牵头单位核实」 before the office decides, and the office's sample.

The lead's word decides nothing and moves no moment: the row lies with the office from its filing on.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import ceil

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


def draw(report_ids: Collection[int], *, one_in: int, first: bool, seed: str) -> frozenset[int]:
    """Return which of the reports that its lead found true in one act the office looks at singly 「抽查」.

    `report_ids` are those of one form, `first` where its lead found none of that form true before. One in `one_in` is
    drawn, rounded up; a lone report that is not the first is drawn with that chance, so that who verifies row by row
    is looked at no more often. `seed` is made for the act and kept in its events: before the act nobody knows it, and
    after it whoever has the log draws the same again.
    """
    lots = {id_: sha256(f"{seed}:{id_}".encode()).hexdigest() for id_ in report_ids}
    if len(lots) == 1 and not first:
        return frozenset(id_ for id_, lot in lots.items() if int(lot, 16) % one_in == 0)
    return frozenset(sorted(lots, key=lots.__getitem__)[: ceil(len(lots) / one_in)])
