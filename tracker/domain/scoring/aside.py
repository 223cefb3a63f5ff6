"""What the office leaves aside of the records of projects when it keeps a month's result."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.errors import Rejected


class Uncounted(StrEnum):
    """How an input differs from the records of projects.

    It is lacking, it is another, or they have it no more; or they have it and it can no longer be counted, because a
    project lacks what is needed of it (`UNVALUED`) or because cumulative values fall until it is below 0 (`FALLING`).
    """

    LACKING = "lacking"
    OTHER = "other"
    GONE = "gone"
    UNVALUED = "unvalued"
    FALLING = "falling"


class RecordsUncounted(Rejected):
    """Marks differ from the records of projects, and the office said nothing of so many; facts: score_month, count."""

    code = "score_records_uncounted"


@dataclass(frozen=True, slots=True)
class LeftAside:
    """How many records the office read from which the marks differ, and why they stay so.

    `read` is the digest of those that it was shown; empty where it was told their number alone.
    """

    count: int = 0
    reason: str = ""
    read: str = ""


NOTHING_ASIDE = LeftAside()
