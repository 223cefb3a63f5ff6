"""Who in a unit handles what it has in a task 「转办」: a section, people, or one of the unit's accounts."""

from tracker.domain.entered import clean_words
from tracker.domain.errors import BadInput

LONGEST_HANDLER = 40


class HandlerTooLong(BadInput):
    """The name of a section and its people is longer than a line; facts: most, length."""

    code = "handler_too_long"


class HandlerUnfit(BadInput):
    """The account that is to handle a share is none of the unit's that is in use."""

    code = "handler_unfit"


def check_handler(text: str) -> str:
    """Return the words as they are kept, in one line. Raises HandlerTooLong."""
    words = " ".join(clean_words(text).split())
    if len(words) > LONGEST_HANDLER:
        raise HandlerTooLong(most=LONGEST_HANDLER, length=len(words))
    return words
