"""What a liaison asks for in a unit's name waits for its head 「待审签的申请」; signed, it is a request."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.errors import Rejected
from tracker.domain.filings import RequestKind


class PetitionState(StrEnum):
    """`awaiting_sign_off` until the head signs; whether what it is about has ended is computed, never kept."""

    AWAITING_SIGN_OFF = "awaiting_sign_off"
    SIGNED = "signed"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: more time until `new_due_on` on a row, another's share, or one's own claim of a report.

    `about_id` is the row, the share or the report. `new_due_on` is a day in Asia/Shanghai, inclusive.
    """

    kind: RequestKind
    about_id: int
    reason: str
    new_due_on: date | None = None


class PetitionWaits(Rejected):
    """The same row, share or report has a petition that waits for the head already."""

    code = "petition_waits"


class PetitionOver(Rejected):
    """Somebody signed it, sent it back or withdrew it."""

    code = "petition_over"
