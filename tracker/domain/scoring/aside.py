"""What the office leaves aside of the records of projects when it keeps a month's result."""

from dataclasses import dataclass

from tracker.domain.errors import Rejected


class RecordsUncounted(Rejected):
    """Records of projects are in no mark, and the office said nothing of so many; facts: score_month, count."""

    code = "score_records_uncounted"


@dataclass(frozen=True, slots=True)
class LeftAside:
    """How many records the office read that no mark counts, and why they stay so."""

    count: int = 0
    reason: str = ""


NOTHING_ASIDE = LeftAside()
