"""The office's word on a report that it accepts."""

from dataclasses import dataclass

from tracker.domain.claims import Claim
from tracker.domain.errors import Rejected
from tracker.domain.filings import (
    Outcome,
)


class LeadsStillOwe(Rejected):
    """A lead of this item owes an overdue report; a reason lets the completion pass; facts: units."""

    code = "leads_still_owe"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The office's word on one report.

    `claim` None confirms the unit's own; a lower one needs a `reason`. `outcome` ends a completion as met or unmet;
    `let_pass` says why a completion may stand while a lead of the item is overdue.
    """

    claim: Claim | None = None
    reason: str = ""
    outcome: Outcome | None = None
    let_pass: str = ""


AS_CLAIMED = Verdict()
