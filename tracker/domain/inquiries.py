"""What a lead or the office asks of other units of a task 「协办往来」: words with a day by which they want an answer.

Nothing is owed for it: an inquiry has no series, no form and no row, and no light knows it.
"""

from datetime import date
from enum import StrEnum

from tracker.domain.entered import LONGEST_REASON, check_day_ahead, clean_words
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.filings import AlreadyUnderway, ReasonTooLong


class AskedState(StrEnum):
    """Where an inquiry stands with one of the units asked.

    `withdrawn` by who asked, `decided` by the office, `ended` with the work or a share that it is about.
    """

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    ENDED = "ended"


class InquiryWordsMissing(BadInput):
    """An inquiry, a plea for coordination or its decision says nothing."""

    code = "inquiry_words_missing"


class NobodyAsked(BadInput):
    """No unit was chosen."""

    code = "nobody_asked"


class WantedDayPast(BadInput):
    """An answer is wanted by a day that is over; facts: day."""

    code = "wanted_day_past"


class AskedAlready(Rejected):
    """The same is asked of the same units by the same day already, and they have not answered: it was sent twice."""

    code = "asked_already"


class NotToBeAsked(Rejected):
    """A unit leads the task itself, or its share has ended; facts: unit."""

    code = "not_to_be_asked"


class InquiryOver(Rejected):
    """The unit is not asked any more: it has answered, or the inquiry was withdrawn, decided or has ended.

    Facts: asked_states (of those who were, joined by 、), instructed (whether a leader asks).
    """

    code = "inquiry_over"


class AnswerWaits(AlreadyUnderway):
    """An answer of the unit lies with its head already; facts: by (who wrote it), sent_at, said (its words)."""

    code = "answer_waits"


class RemindedToday(Rejected):
    """A unit is reminded of an inquiry once a day."""

    code = "reminded_today"


class NotYetSilent(Rejected):
    """The office is asked to coordinate once the day wanted is over; facts: answer_by."""

    code = "not_yet_silent"


class CoordinationSought(Rejected):
    """The office has been asked already."""

    code = "coordination_sought"


class NothingToCoordinate(Rejected):
    """Nobody asked the office, or every unit has answered meanwhile."""

    code = "nothing_to_coordinate"


def check_inquiry_words(words: str) -> str:
    """Return words as they are kept. Raises InquiryWordsMissing, ReasonTooLong."""
    kept = clean_words(words)
    if not kept:
        raise InquiryWordsMissing()
    if len(kept) > LONGEST_REASON:
        raise ReasonTooLong(most=LONGEST_REASON, length=len(kept))
    return kept


def check_answer_by(day: date, *, today: date) -> date:
    """Return the last day, inclusive, on which an answer is wanted. Raises DayOutOfBounds, DayTooFar, WantedDayPast."""
    check_day_ahead(day, field="反馈时间", since=today)
    if day < today:
        raise WantedDayPast(day=day)
    return day
