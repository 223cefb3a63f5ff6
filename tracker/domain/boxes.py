"""The box of evidence of a unit 「佐证箱」: files are put in once and attached to any row by their numbers."""

import re
from datetime import date

from tracker.domain.entered import shown
from tracker.domain.errors import BadInput, Rejected

LARGEST_NUMBER = 2**31 - 1
_BETWEEN = re.compile(r"[\s、，,；;。]+")  # "12、15", "12, 15", "12 15"
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)  # "12"


class BoxNumbersUnreadable(BadInput):
    """What is written where numbers of the box belong are none; facts: text."""

    code = "box_numbers_unreadable"


class BoxFileUnknown(BadInput):
    """No file of this number lies in the unit's box; facts: number."""

    code = "box_file_unknown"


class BoxFileExpired(BadInput):
    """The last day on which a file may be attached is over; facts: number, name, until."""

    code = "box_file_expired"


class TermOver(BadInput):
    """A file is to be attached until a day that is over already; facts: day."""

    code = "term_over"


class BoxFileGone(Rejected):
    """The file was taken out, or another version put in its place, since the page was opened; facts: number, name."""

    code = "box_file_gone"


class BoxFileChanged(Rejected):
    """The file's term was set by somebody else since the page was opened; facts: number, name."""

    code = "box_file_changed"


def read_box_numbers(text: str) -> tuple[int, ...]:
    """Read the numbers of files, each once in the order in which they stand. Raises BoxNumbersUnreadable."""
    words = [word for word in _BETWEEN.split(text) if word]
    if not all(_NUMBER.fullmatch(word) and 0 < int(word) <= LARGEST_NUMBER for word in words):
        raise BoxNumbersUnreadable(text=shown(text))
    return tuple(dict.fromkeys(map(int, words)))


def check_term(good_until: date | None, *, today: date) -> date | None:
    """Return the last good day of a file that is put in. Raises TermOver."""
    if good_until is not None and is_expired(good_until, today=today):
        raise TermOver(day=good_until)
    return good_until


def is_expired(good_until: date | None, *, today: date) -> bool:
    """Tell whether the last good day, inclusive, is over."""
    return good_until is not None and good_until < today
