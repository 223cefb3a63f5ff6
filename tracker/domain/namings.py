"""Praise or criticism by name as it is served on the unit before it is published 「事先核对」: its answer, its days.

Source: 国务院令第733号 第二十一条. A unit sees what is to be said of it, word for word, for two full working days.
"""

from datetime import date
from enum import StrEnum

from tracker.domain.calendar import WorkdayCalendar, full_date
from tracker.domain.entered import LONGEST_REASON, clean_words
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.filings import ReasonTooLong

ANSWER_WORKDAYS = 2  # after the day of service, which is none of them


class NamingState(StrEnum):
    """Where a naming stands with its unit; `ended` where the paper went out or was put away before an answer.

    It stays `served` where a liaison agreed whose head has not: the days run on.
    """

    SERVED = "served"
    AGREED = "agreed"
    OBJECTED = "objected"
    ENDED = "ended"


class NoSuchProposal(BadInput):
    """The paper proposes nobody under this key, or the unit is not known any more; facts: words."""

    code = "no_such_proposal"


class NothingToServe(BadInput):
    """No proposal was chosen."""

    code = "nothing_to_serve"


class NamingServedAlready(Rejected):
    """The unit has it to answer already; facts: unit."""

    code = "naming_served_already"


class NamingIncludedAlready(Rejected):
    """The sentence stands in the draft."""

    code = "naming_included_already"


class NoNamingToAnswer(Rejected):
    """It was answered by whom the word is, its days are over, or the paper was sent for approval or put away."""

    code = "no_naming_to_answer"


class NoObjectionToKeep(Rejected):
    """The unit did not object, the office has given its reason, or the paper is no draft any more."""

    code = "no_objection_to_keep"


class NamingNotServed(Rejected):
    """The paper names a unit that was not told what would be said of it; facts: unit."""

    code = "naming_not_served"


class NamingTooEarly(Rejected):
    """The paper names a unit that may answer yet; facts: unit, day, the last one on which it may."""

    code = "naming_too_early"


class NamingObjected(Rejected):
    """The paper names a unit that objected, and nobody has said why it is named all the same; facts: unit."""

    code = "naming_objected"


class NamingWordsMissing(BadInput):
    """An objection does not say what is wrong."""

    code = "naming_words_missing"


def answer_day(served_on: date, calendar: WorkdayCalendar) -> date:
    """Return the last day on which a unit may answer, that day included."""
    return calendar.add_workdays(served_on, ANSWER_WORKDAYS)


def check_naming_answer(words: str, *, agrees: bool) -> str | None:
    """Return the words of an answer as they are kept; an objection says why.

    Raises NamingWordsMissing, ReasonTooLong.
    """
    said = clean_words(words)
    if not agrees and not said:
        raise NamingWordsMissing()
    if len(said) > LONGEST_REASON:
        raise ReasonTooLong(most=LONGEST_REASON, length=len(said))
    return said or None


def may_name(state: NamingState, *, answer_by: date, kept: bool, today: date) -> bool:
    """Tell whether `check_may_name` lets a unit be named."""
    try:
        check_may_name(state, unit="", answer_by=answer_by, kept=kept, today=today)
    except (NamingObjected, NamingTooEarly):
        return False
    return True


def check_may_name(state: NamingState, *, unit: str, answer_by: date, kept: bool, today: date) -> None:
    """Refuse to name a unit that objected without an answer to that, or whose days are not over.

    `kept` where the office has said why. Who agreed waives its days. Raises NamingObjected, NamingTooEarly.
    """
    if state is NamingState.OBJECTED and not kept:
        raise NamingObjected(unit=unit)
    if state is not NamingState.AGREED and today <= answer_by:
        raise NamingTooEarly(unit=unit, day=full_date(answer_by))
