"""A paper that was served on a unit 「送达」: its receipt 「签收」, and the answer that it asks for 「答复」.

Source: 党政机关公文处理工作条例 (中办发〔2012〕14号) 第二十四条, 收文办理（一）签收 and（七）答复.
"""

from datetime import date
from enum import StrEnum

from tracker.domain.entered import clean_words
from tracker.domain.errors import BadInput, Rejected

LONGEST_ANSWER = 2_000  # characters


class ServedState(StrEnum):
    """Where a served paper stands with a unit; `ended` where it was withdrawn or corrected before it was answered."""

    SERVED = "served"
    RECEIVED = "received"
    WRITTEN = "written"
    ANSWERED = "answered"
    ENDED = "ended"


# Where the unit still has something to do.
OPEN_SERVED = frozenset({ServedState.SERVED, ServedState.RECEIVED, ServedState.WRITTEN})
# Where an answer may be written.
ANSWERABLE = frozenset({ServedState.SERVED, ServedState.RECEIVED})


class PaperAnswerMissing(BadInput):
    """An answer to a paper says nothing."""

    code = "paper_answer_missing"


class PaperAnswerTooLong(BadInput):
    """An answer is longer than is kept; facts: most, length, in characters."""

    code = "paper_answer_too_long"


class PaperReceivedAlready(Rejected):
    """The unit has signed for the paper before, or the paper stands no more."""

    code = "paper_received_already"


class NoPaperAnswerWanted(Rejected):
    """The paper asks for no answer, was answered, or stands no more."""

    code = "no_paper_answer_wanted"


class NoPaperAnswerWaiting(Rejected):
    """No answer of this unit waits for its head: it was signed, given back or taken back meanwhile."""

    code = "no_paper_answer_waiting"


class PaperAnswerChanged(Rejected):
    """The answer is not the one that the page showed any more."""

    code = "paper_answer_changed"


class NoPaperAnswerToRead(Rejected):
    """There is no answer that the office has not read yet."""

    code = "no_paper_answer_to_read"


def check_paper_answer(words: str) -> str:
    """Return an answer as it is kept. Raises PaperAnswerMissing, PaperAnswerTooLong."""
    words = clean_words(words)
    if not words:
        raise PaperAnswerMissing()
    if len(words) > LONGEST_ANSWER:
        raise PaperAnswerTooLong(most=LONGEST_ANSWER, length=len(words))
    return words


def is_late_with_answer(answer_on: date | None, *, answered_on: date | None, today: date) -> bool:
    """Tell whether an answer came, or is missing, after its day, which is still in time."""
    return answer_on is not None and (answered_on or today) > answer_on
