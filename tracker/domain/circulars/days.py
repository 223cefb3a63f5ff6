"""Days that a paper orders as still to come: once one has gone by before it is out, its delay is not the unit's."""

import re
from collections.abc import Iterable
from datetime import date

from tracker.domain.calendar import full_date
from tracker.domain.circulars.content import Content, tokens
from tracker.domain.errors import Rejected

_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ANSWER, _CLOSING = "answer_by", "closing_by"

ANSWER_WORKDAYS = 5


class OrderedDayPast(Rejected):
    """The paper orders something by a day that has passed; facts: day."""

    code = "ordered_day_past"


class AnswerDayPast(OrderedDayPast):
    """It sets a day for the answer that leaves no working day any more."""

    code = "answer_day_past"


class ClosingDayPast(OrderedDayPast):
    """It asks for closing reports by a day that has passed."""

    code = "closing_day_past"


class MendingDayPast(OrderedDayPast):
    """Its annex asks for something to be mended by a day that has passed."""

    code = "mending_day_past"


def check_ordered_days(content: Content, statements: Iterable[str], *, today: date) -> None:
    """Refuse a paper of which a sentence or the annex of faults orders something by a day that is past.

    The office gives the day of the answer, which must lie ahead; the other days are known to the units and are the
    last ones on which it can be done. Raises AnswerDayPast, ClosingDayPast, MendingDayPast.
    """
    said = {token for words in statements for token in tokens(words)}
    answer_on = next(iter(_days(content, _ANSWER)), None)
    if _ANSWER in said and answer_on is not None and answer_on <= today:
        raise AnswerDayPast(day=full_date(answer_on))
    for day in _days(content, _CLOSING) if _CLOSING in said else ():
        if day < today:
            raise ClosingDayPast(day=full_date(day))
    for table in content.tables:
        for row in table.rows if table.kind == "faults" else ():
            for day in _read(row[-1]):
                if day < today or day == answer_on == today:
                    raise MendingDayPast(day=full_date(day))


def answer_day(content: Content, statements: Iterable[str]) -> date | None:
    """Return the day by which a paper wants an answer, that day included; None where no sentence names one."""
    asked = any(_ANSWER in tokens(words) for words in statements)
    return next(iter(_days(content, _ANSWER)), None) if asked else None


def _days(content: Content, key: str) -> list[date]:
    return _read(content.figures[key].words) if key in content.figures else []


def _read(words: str) -> list[date]:
    """Return the days as printed: what was computed is kept, and the calendar may have changed since."""
    return [date(*map(int, found)) for found in _DAY.findall(words)]
