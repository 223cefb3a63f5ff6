"""Days that a paper orders as still to come: once one has gone by before it is out, its delay is not the unit's.

The day for an answer counts from issue. A draft names it by its words, `AFTER_ISSUE`; the issued paper by its date.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from tracker.domain.calendar import WorkdayCalendar, full_date, local_words
from tracker.domain.circulars.content import Content, tokens
from tracker.domain.circulars.kinds import KINDS
from tracker.domain.deadlines import due_day, is_whole_day
from tracker.domain.errors import Rejected

_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ANSWER, _CLOSING = "answer_by", "closing_by"

ANSWER_WORKDAYS = 5
AFTER_ISSUE = f"印发后第{ANSWER_WORKDAYS}个工作日"


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


def by_day(day: date) -> str:
    """Write until when something is asked for so that nobody asks whether the day counts: 2022年10月18日（含）前.

    Templates write the same behind the figure of a day.
    """
    return f"{full_date(day)}（含）前"


def by_moment(due_at: datetime) -> str:
    """Write a due moment as `by_day`, of a clock of hours by its minute: 2022年11月3日20时30分前. Raises NaiveTime."""
    return by_day(due_day(due_at)) if is_whole_day(due_at) else f"{local_words(due_at)}前"


class AnswerDayMissing(Rejected):
    """The paper wants an answer in writing and says in no sentence and no row by when, so no clock would run."""

    code = "answer_day_missing"


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
    """Return the day by which a paper wants an answer, that day included.

    None where no sentence and no row names one, and of a draft, which is not issued yet.
    """
    day = next(iter(_days(content, _ANSWER)), None)
    asked = any(_ANSWER in tokens(words) for words in statements)
    return day if asked or (day is not None and _in_a_row(content, full_date(day))) else None


def check_names_answer_day(content: Content, statements: Iterable[str]) -> None:
    """Refuse a paper of a type that wants an answer in writing where neither text nor annex of faults names a day.

    The text by its figure, the annex row by row. Raises AnswerDayMissing.
    """
    if not KINDS[content.type].wants_answer or _ANSWER not in content.figures:
        return
    by_row = any(table.kind == "faults" and table.rows for table in content.tables)
    if not by_row and not any(_ANSWER in tokens(words) for words in statements):
        raise AnswerDayMissing()


def answers_from_issue(content: Content) -> bool:
    """Tell whether what was computed leaves the day for an answer to its issue; older editions fixed it before."""
    return _ANSWER in content.figures and content.figures[_ANSWER].words == AFTER_ISSUE


def day_from_issue(issued_on: date, calendar: WorkdayCalendar) -> date:
    """Return the last day for an answer to a paper that is issued on a day."""
    return calendar.add_workdays(issued_on, ANSWER_WORKDAYS)


def with_answer_day(content: Content, day: date | None) -> Content:
    """Return what a paper says with the day for an answer, in its text and its annexes; as it is where it has one."""
    if day is None or not answers_from_issue(content):
        return content
    said = full_date(day)
    tables = (
        replace(table, rows=tuple(tuple(said if cell == AFTER_ISSUE else cell for cell in row) for row in table.rows))
        for table in content.tables
    )
    figures = {**content.figures, _ANSWER: replace(content.figures[_ANSWER], words=said)}
    return replace(content, figures=figures, tables=tuple(tables))


def _in_a_row(content: Content, words: str) -> bool:
    return any(row[-1] == words for table in content.tables if table.kind == "faults" for row in table.rows)


def _days(content: Content, key: str) -> list[date]:
    return _read(content.figures[key].words) if key in content.figures else []


def _read(words: str) -> list[date]:
    """Return the days as printed: what was computed is kept, and the calendar may have changed since."""
    return [date(*map(int, found)) for found in _DAY.findall(words)]
