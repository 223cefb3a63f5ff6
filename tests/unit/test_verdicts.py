"""How a completion ends by the office's word: as its unit reports, or as less with a reason."""

import pytest

from tracker.domain.filings import Outcome
from tracker.domain.verdicts import LoweredOutcomeNeedsReason, OutcomeRaised, Verdict, verified_outcome

MET, UNMET = Outcome.MET, Outcome.UNMET


@pytest.mark.parametrize(
    ("own", "said", "lowered", "held"),
    [
        (MET, None, False, MET),
        (MET, MET, False, MET),
        (UNMET, None, False, UNMET),
        (UNMET, UNMET, False, UNMET),
        (MET, UNMET, False, UNMET),
        (MET, None, True, UNMET),
        (UNMET, None, True, UNMET),
        (None, None, False, MET),
        (None, MET, False, MET),
        (None, UNMET, False, UNMET),
    ],
)
def test_a_completion_ends_as_its_unit_says_or_as_less(
    own: Outcome | None, said: Outcome | None, *, lowered: bool, held: Outcome
) -> None:
    assert verified_outcome(own, Verdict(reason="缺数据", outcome=said), lowered=lowered) is held


def test_nobody_holds_a_goal_to_be_met_that_its_unit_says_was_not() -> None:
    with pytest.raises(OutcomeRaised):
        verified_outcome(UNMET, Verdict(reason="已达标", outcome=MET), lowered=False)


@pytest.mark.parametrize(("said", "lowered"), [(UNMET, False), (None, True)])
def test_less_than_a_unit_reports_needs_a_reason(said: Outcome | None, *, lowered: bool) -> None:
    with pytest.raises(LoweredOutcomeNeedsReason):
        verified_outcome(MET, Verdict(reason=" ", outcome=said), lowered=lowered)
