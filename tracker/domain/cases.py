"""Clocks per case 「逐件时限」: how many cases came in a period and how many were done within the limit.

A duty such as one working day for each application (54号（十六）) has no period per case: its cases are counted in the
ordinary form.
"""

from dataclasses import dataclass

from tracker.domain.errors import BadInput


class ReceivedMissing(BadInput):
    """A row with a clock per case does not say how many cases came; facts: item."""

    code = "cases_received_missing"


class InTimeMissing(BadInput):
    """Cases came, and the row does not say how many were done within the limit; facts: item, received."""

    code = "cases_in_time_missing"


class MoreInTimeThanReceived(BadInput):
    """More cases were done within the limit than came; facts: item, received, in_time."""

    code = "cases_in_time_too_many"


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Cases of one period: whole numbers from 0 on, None where nothing was written."""

    received: int | None
    in_time: int | None


def check_cases(counts: CaseCounts | None, *, item: str) -> CaseCounts:
    """Return the counts of a row with a clock per case, complete; where none came nothing more is asked.

    Raises ReceivedMissing, InTimeMissing, MoreInTimeThanReceived.
    """
    if counts is None or counts.received is None:
        raise ReceivedMissing(item=item)
    in_time = counts.in_time
    if in_time is None:
        if counts.received:
            raise InTimeMissing(item=item, received=counts.received)
        in_time = 0
    if in_time > counts.received:
        raise MoreInTimeThanReceived(item=item, received=counts.received, in_time=in_time)
    return CaseCounts(counts.received, in_time)
