"""Reports that the office finds untrue 「弄虚作假」: what it has to say of them, for they may cost a unit its name."""

from tracker.domain.errors import BadInput, Rejected
from tracker.domain.filings import ReturnReason, check_reason

FEWEST_SIGNS = 10  # letters and figures: shorter is no sentence that says what was found and how


class FindingTooShort(BadInput):
    """Falsity is found without saying what was found and how; facts: fewest, length, in letters and figures."""

    code = "finding_too_short"


class NothingFoundUntrue(Rejected):
    """Work is to be taken up again for a false completion, and none that was accepted is on record."""

    code = "nothing_found_untrue"


class NotAccepted(Rejected):
    """A report that is to be found untrue afterwards is none on progress that was accepted, or is so no more."""

    code = "not_accepted"


class ObjectionUndecided(Rejected):
    """A report is to be found untrue while the unit's objection to what the office made of it waits."""

    code = "objection_undecided"


class AnotherUnderReview(Rejected):
    """A report is to be found untrue while another on the same row, which a merger brought there, waits for review."""

    code = "another_under_review"


def check_return_reason(reason: str, reason_class: ReturnReason) -> str:
    """Return why a report comes back as it is kept. Raises ReasonRequired, ReasonTooLong, FindingTooShort."""
    words = check_reason(reason)
    length = sum(map(str.isalnum, words))
    if reason_class is ReturnReason.FALSIFIED and length < FEWEST_SIGNS:
        raise FindingTooShort(fewest=FEWEST_SIGNS, length=length)
    return words
