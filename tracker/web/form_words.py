"""The Chinese words of forms that nothing else needs: what may be chosen, signs of comparison, rhythms as headings."""

from tracker.domain.claims import FIT_SCHEDULED, FIT_UNSCHEDULED, CauseClass, Claim
from tracker.messages import CADENCE_NAMES
from tracker.work_words import CAUSE_NAMES, CLAIM_NAMES

SIGNS = {">": "大于", ">=": "不少于", "=": "", "<=": "不超过", "<": "低于"}
RHYTHMS = {**CADENCE_NAMES, "once": "办结", "continuous": "持续性工作", "midterm_and_final": "中期、终期评估"}


def claim_options(*, scheduled: bool | None) -> list[tuple[str, str]]:
    """Return what a unit may say of a row with or without a schedule, of news both; from the best to the worst."""
    fits = {True: FIT_SCHEDULED, False: FIT_UNSCHEDULED, None: FIT_SCHEDULED | FIT_UNSCHEDULED}
    fit = fits[scheduled]
    return [(claim.value, CLAIM_NAMES[claim]) for claim in Claim if claim in fit]


def cause_options() -> list[tuple[str, str]]:
    return [(cause.value, CAUSE_NAMES[cause]) for cause in CauseClass]
