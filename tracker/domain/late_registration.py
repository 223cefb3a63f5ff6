"""A document registered late: from which period the office may want reports 「从哪一期起报」."""

from collections.abc import Iterator
from datetime import date

from tracker.domain.cadences import Span, spans_from
from tracker.domain.items import CadenceKind


def chosen_starts(began_on: date, *, today: date) -> tuple[Span, ...]:
    """Return the past quarters from which reports may be wanted, the earliest first.

    `began_on` is the day the plan began. Empty where the window in which it began, in the office's default rhythm,
    is not over yet: nothing was missed before the document was registered.
    """
    return tuple(_past(began_on, today=today))


def _past(began_on: date, *, today: date) -> Iterator[Span]:
    for span in spans_from(CadenceKind.QUARTERLY, began_on):
        if span.ends_on >= today:
            return
        yield span
