"""What people enter: days, numbers, reasons, each kind within one bound, wherever and by whatever way it is written.

What lies outside is a slip of the hand, and some of it could not be reckoned with: the last day of the year 9999 has no
day after it, and a deadline in the year 22 asks for two thousand years of reports.
"""

import math
import re
import unicodedata
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from tracker.domain.errors import BadInput

# The system keeps work that is still going on: no document of another century is followed up, and years of four digits
# that begin with 20 catch every slipped digit (0022, 1022, 2202, 9999).
FIRST_YEAR, LAST_YEAR = 2000, 2099
# A trillion, of 元 or of 万元, is more than any city's figure; six decimals tell 百元 in a figure of 亿元.
NUMBERS_BELOW = 10**12
_NUMBERS_BELOW_WORDS = "一万亿"
_MOST_DECIMALS = 6
# A hundred million cases are more than a city's people bring in a year.
COUNTS_BELOW = 10**8
_COUNTS_BELOW_WORDS = "一亿"
# How far ahead a day may be set by which something is to be done. One report, one answer is put off within a year: who
# needs longer needs another deadline of the task. Work itself is planned for three plans of five years at most.
YEARS_FOR_A_REPORT, YEARS_FOR_WORK = 1, 15
_LONGEST_SHOWN = 30
# More than two pages of an official document: no reason for a single act needs them.
LONGEST_REASON = 2000
# Of an official document, organs that issue it together included: more than seven full lines, where three are many.
LONGEST_TITLE = 150
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
# What a column of ids holds on every database.
LARGEST_ID = 2**31 - 1

# What no database, no XML, and so no Word file should keep: control characters ("\x00", "\x85") but for ends of lines
# and tabulators, halves of characters ("\ud83d") and the two signs that are no characters ("\ufffe", "\uffff").
_NOT_KEPT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Signs that are there and show nothing, though they count as letters or marks: joiners, variation selectors, fillers.
_SHOWS_NOTHING = re.compile("[\u034f\u115f\u1160\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})")
_COUNT = re.compile(r"[0-9]{1,40}")
_WIDE = str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+", ",，")


class NotADay(BadInput):
    """A day is not written as one; facts: field, value."""

    code = "not_a_day"


class DayOutOfBounds(BadInput):
    """A day lies in a year that nobody means; facts: field, day, first_year, last_year."""

    code = "day_out_of_bounds"


class DayTooFar(BadInput):
    """A day by which something is to be done lies further ahead than anybody means; facts: field, day, last."""

    code = "day_too_far"


class NotANumber(BadInput):
    """A value is no number; facts: field, value."""

    code = "not_a_number"


class NumberOutOfBounds(BadInput):
    """A number is larger than any figure, or finer than it can be kept; facts: field, value, below, decimals."""

    code = "number_out_of_bounds"


class TitleTooLong(BadInput):
    """No official document has so long a title; facts: most, length, in characters."""

    code = "title_too_long"


class NotACount(BadInput):
    """A count is no whole number from 0 on, or larger than any; facts: field, value, below."""

    code = "not_a_count"


def clean_words(text: str) -> str:
    """Return words without outer white space and without what no database should keep; empty where none can be read.

    Control characters and halves of characters are left out, for one database refuses some that another keeps.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = _NOT_KEPT.sub("", text)
    is_blank = all(unicodedata.category(sign) in _UNSEEN for sign in kept)
    return "" if is_blank else kept.strip()


def check_title(text: str) -> str:
    """Return the title of an official document, cleaned as all words are. Raises TitleTooLong."""
    words = clean_words(text)
    if len(words) > LONGEST_TITLE:
        raise TitleTooLong(most=LONGEST_TITLE, length=len(words))
    return words


def one_line(text: str) -> str:
    """Return a name or a code as it is kept: on one line, one blank between words, without signs that nobody sees.

    Two names that look the same are the same name: what differs is how a cell was pasted.
    """
    kept = _SHOWS_NOTHING.sub("", clean_words(text))
    seen = "".join(sign for sign in kept if unicodedata.category(sign) != "Cf")
    return " ".join(seen.split())


def shown(text: str) -> str:
    """Return what somebody wrote, short enough to be said in a sentence."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def check_day(day: date, *, field: str) -> date:
    """Return a day that lies within the bound. Raises DayOutOfBounds."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = f"{day.year:04}年{day.month}月{day.day}日"
        raise DayOutOfBounds(field=field, day=words, first_year=FIRST_YEAR, last_year=LAST_YEAR)
    return day


def check_day_ahead(day: date, *, field: str, since: date, years: int = YEARS_FOR_A_REPORT) -> date:
    """Return a day by which something is to be done, not more than some years after the later of today and the old day.

    That later day is `since`, the same day of the last year is still in time. Raises DayOutOfBounds, DayTooFar.
    """
    check_day(day, field=field)
    if (day.year - since.year, day.month, day.day) > (years, since.month, since.day):
        last = date(since.year + years, since.month, min(since.day, 28) if since.month == 2 else since.day)
        raise DayTooFar(field=field, day=day, last=last)
    return day


def read_day(text: str, *, field: str) -> date:
    """Return the day that is written as 2022-11-01. Raises NotADay, DayOutOfBounds."""
    text = text.strip()
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise NotADay(field=field, value=shown(text))
    return check_day(day, field=field)


def check_number(value: float, *, field: str) -> float:
    """Return a number that lies within the bound, which no infinity and no NaN does. Raises NumberOutOfBounds."""
    if not math.isfinite(value) or abs(value) >= NUMBERS_BELOW:
        raise _out_of_bounds(f"{value:.12g}", field)
    return value


def read_number(text: str, *, field: str) -> float:
    """Return the number that is written in digits, with or without separators of thousands.

    Raises NotANumber, NumberOutOfBounds.
    """
    return float(read_exact(text, field=field))


def read_exact(text: str, *, field: str) -> Decimal:
    """Return a number as `read_number` does, with the digits as they are written. Raises the same."""
    digits = text.strip().translate(_WIDE)
    if not _NUMBER.fullmatch(digits):
        raise NotANumber(field=field, value=shown(text.strip()))
    value = Decimal(digits)
    if abs(value) >= NUMBERS_BELOW or value != round(value, _MOST_DECIMALS):
        raise _out_of_bounds(text.strip(), field)
    return value


def read_count(text: str, *, field: str) -> int:
    """Return the whole number from 0 on that is written in digits. Raises NotACount."""
    digits = text.strip().translate(_WIDE)
    if not _COUNT.fullmatch(digits) or int(digits) >= COUNTS_BELOW:
        raise NotACount(field=field, value=shown(text.strip()), below=_COUNTS_BELOW_WORDS)
    return int(digits)


def number_text(value: float) -> str:
    """Write a number so that `read_number` reads the same one: in digits, without an exponent."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def enough_text(wanted: float, *, beside: float) -> str:
    """Write a number that another lacks or exceeds so that the one written is itself enough.

    What people set stands as they set it. What was computed has two decimals, below 1 more, and is rounded away from
    the other: up where that is to rise, down where it is to fall.
    """
    places = next((places for places, least in ((2, 1.0), (4, 0.01)) if abs(wanted) >= least), _MOST_DECIMALS)
    as_set = round(wanted, _MOST_DECIMALS)
    if math.isclose(as_set, wanted, rel_tol=1e-12, abs_tol=1e-12):  # finer than anything entered: floats are off by it
        return number_text(as_set)
    rounding = ROUND_CEILING if beside < wanted else ROUND_FLOOR
    return number_text(float(Decimal(repr(wanted)).quantize(Decimal(1).scaleb(-places), rounding)))


def _out_of_bounds(text: str, field: str) -> NumberOutOfBounds:
    return NumberOutOfBounds(field=field, value=shown(text), below=_NUMBERS_BELOW_WORDS, decimals=_MOST_DECIMALS)
