"""What of a document as read shapes its series."""

from tracker.domain.errors import BadInput
from tracker.domain.items import Basis, ItemKind
from tracker.domain.readings.reading import Reading
from tracker.domain.series import DocumentFrame


class NoIssueDay(BadInput):
    """A document without a day of issue has no year to plan in; facts: number."""

    code = "no_issue_day"


def frame_of(reading: Reading) -> DocumentFrame:
    """Return what of a document shapes its series. Raises NoIssueDay.

    It monitors itself where it states a rhythm for all its items (52号, 53号).
    """
    if reading.issued_on is None:
        raise NoIssueDay(number=reading.number)
    return DocumentFrame(
        issued_on=reading.issued_on,
        ends_on=reading.plan_end.on,
        expires_on=reading.expires_on,
        monitors_itself=any(c.basis is Basis.DOCUMENT for item in reading.items for c in item.cadences),
        responds=any(item.kind is ItemKind.RESPONSE_STEP for item in reading.items),
    )
