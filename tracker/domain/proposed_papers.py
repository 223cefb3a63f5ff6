"""Which papers the ladder of the policy proposes to the office 「建议发文」; nothing is drafted or sent by itself.

Source: the order of 交办单, 催办单 and 督办通知单 in 邓政办〔2018〕127号; a paper leaves by a person's hand alone
(`LadderStep.needs_sign_off`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.circulars.kinds import CircularType
from tracker.domain.policy import LadderStep


@dataclass(frozen=True, slots=True)
class Delay:
    """An overdue series: since when, and how many working days late that is today."""

    since: datetime
    workdays: int


@dataclass(frozen=True, slots=True)
class ProposedPaper:
    """The paper of the highest step that delays of a unit have reached, with how many and since when the oldest is."""

    type: CircularType
    level: int
    delays: int
    oldest: Delay


def proposed_paper(
    delays: Sequence[Delay], *, told: Mapping[CircularType, datetime], ladder: Sequence[LadderStep]
) -> ProposedPaper | None:
    """Return what is proposed for a unit; None where no step with a paper is reached that it was not told of.

    `told` is as of when the last paper of each type to it was made, drafts included: what was overdue then is in that
    paper, or in one of a lower step that it outdoes.
    """
    known: datetime | None = None
    for step in sorted(ladder, key=lambda one: one.level, reverse=True):
        if step.paper is None:
            continue
        known = max((at for at in (known, told.get(step.paper)) if at is not None), default=None)
        late = [one for one in delays if one.workdays >= step.workdays_late]
        reached = [one for one in late if known is None or one.since > known]
        if reached:
            return ProposedPaper(step.paper, step.level, len(reached), min(reached, key=lambda one: one.since))
    return None
