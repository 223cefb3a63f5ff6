"""The Chinese words of forms that nothing else needs: what may be chosen, signs of comparison, rhythms as headings."""

from tracker.domain.claims import CauseClass, fitting_claims
from tracker.wording.codes import CADENCE_NAMES
from tracker.wording.work import CAUSE_NAMES, CLAIM_NAMES

SIGNS = {">": "大于", ">=": "不少于", "=": "", "<=": "不超过", "<": "低于"}
RHYTHMS = {**CADENCE_NAMES, "once": "办结", "continuous": "持续性工作", "midterm_and_final": "中期、终期评估"}


def claim_options(*, scheduled: bool, final: bool) -> list[tuple[str, str]]:
    """Return what a unit may say of a row, from the best to the worst."""
    return [(claim.value, CLAIM_NAMES[claim]) for claim in fitting_claims(scheduled=scheduled, final=final)]


def cause_options() -> list[tuple[str, str]]:
    return [(cause.value, CAUSE_NAMES[cause]) for cause in CauseClass]
