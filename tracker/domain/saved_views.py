"""Views that somebody keeps: how they may be called, and how many there may be."""

from tracker.domain.entered import clean_words
from tracker.domain.errors import BadInput, Rejected

LONGEST_NAME = 20
MOST_VIEWS = 20


class ViewNameMissing(BadInput):
    """A view has no name."""

    code = "view_name_missing"


class ViewNameTooLong(BadInput):
    """A view's name is too long for the line in which it stands; facts: most."""

    code = "view_name_too_long"


class ViewNameTaken(Rejected):
    """The person keeps another view under this name; facts: name."""

    code = "view_name_taken"


class TooManyViews(Rejected):
    """The person keeps as many views as he may; facts: most."""

    code = "too_many_views"


def check_view_name(text: str) -> str:
    """Return the name of a view as it is kept, in one line. Raises ViewNameMissing, ViewNameTooLong."""
    name = " ".join(clean_words(text).split())
    if not name:
        raise ViewNameMissing()
    if len(name) > LONGEST_NAME:
        raise ViewNameTooLong(most=LONGEST_NAME)
    return name
