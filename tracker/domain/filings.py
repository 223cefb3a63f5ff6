"""What a unit hands in: envelopes and reports, corrections and requests, and where each stands."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.domain.calendar import WorkdayCalendar, end_of_day, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.entered import LONGEST_REASON, check_day_ahead, clean_words
from tracker.domain.errors import BadInput, Rejected

DISPUTE_WORKDAYS = 2  # after 交办


class FilingKind(StrEnum):
    """`form` answers a period; `reply` the lead; `completion` asks to be done; `update` tells what happened."""

    FORM = "form"
    REPLY = "reply"
    COMPLETION = "completion"
    UPDATE = "update"


class FilingState(StrEnum):
    """`awaiting_sign_off` until the head of the unit signs; `filed` once it has left the unit."""

    AWAITING_SIGN_OFF = "awaiting_sign_off"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    FILED = "filed"


class ReportKind(StrEnum):
    """`nil` is a report of the reckoning before series; today it is a claim."""

    PROGRESS = "progress"
    NIL = "nil"
    TICK = "tick"
    REPLY = "reply"
    COMPLETION = "completion"
    UPDATE = "update"


HEARD_NO_MORE = 0
"""The voice of a report that says nothing of the work any more: its unit had no part as a lead when it got one."""


class ReportState(StrEnum):
    AWAITING_SIGN_OFF = "awaiting_sign_off"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    FILED = "filed"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class ReturnReason(StrEnum):
    """Why the office returns a row; two for want of substance are 未按要求报送, one for falsity is a cause of blame."""

    NO_SUBSTANCE = "no_substance"
    NO_EVIDENCE = "no_evidence"
    FIGURES = "figures"
    CONTRADICTION = "contradiction"
    FALSIFIED = "falsified"
    WRONG_ITEM = "wrong_item"
    OTHER = "other"


class CorrectionOutcome(StrEnum):
    IN_TIME = "in_time"
    LATE = "late"
    WAIVED = "waived"
    STANDS = "stands"


class RequestKind(StrEnum):
    """`extension` is about a row, `dispute` about a share as a whole, `objection` answers a lowered claim."""

    EXTENSION = "extension"
    DISPUTE = "dispute"
    OBJECTION = "objection"


class RequestState(StrEnum):
    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    MOOT = "moot"


class Outcome(StrEnum):
    """How a completion ends; each is accepted."""

    MET = "met"
    UNMET = "unmet"


class ReasonRequired(BadInput):
    code = "reason_required"


class ReasonTooLong(BadInput):
    """No act takes so many words; facts: most, length, in characters."""

    code = "reason_too_long"


class RowsLacking(BadInput):
    """A first filing leaves out rows it needs; facts: items, shares (their ids)."""

    code = "rows_lacking"


class TickMissing(BadInput):
    """A form that is owed for its tick does not say that the other shares have nothing new; facts: count."""

    code = "tick_missing"


class NothingFiled(BadInput):
    """A filing says nothing about any row."""

    code = "nothing_filed"


class NotTakenYet(Rejected):
    """Reports on this period are taken from a later day on; facts: opens_on."""

    code = "not_taken_yet"


class TaskPaused(Rejected):
    """Nothing is reported on work that is suspended; facts: item."""

    code = "task_paused"


class RowTakesNothing(Rejected):
    """A row was reported on, or has ended, since the page was opened on which it was written; facts: item."""

    code = "row_takes_nothing"


class EarlierNotSent(Rejected):
    """An earlier form of the series that stands on the same page was not sent; facts: periods."""

    code = "earlier_not_sent"


class RowsGone(Rejected):
    """Shares on which something was written have ended, or are suspended, since the page was opened."""

    code = "rows_gone"


class RowEnded(Rejected):
    """The row is no longer reported on: its task or share ended, or it lies with the office; facts: item, reason."""

    code = "row_ended"


class SentAlready(Rejected):
    """The same words on the same share wait for the head already: they were sent twice."""

    code = "sent_already"


class AlreadyUnderway(Rejected):
    """A filing on this form already waits for the head of the unit."""

    code = "already_underway"


class CompletionUnderway(BadInput):
    """A row asks for the work to be done that its share has asked for already; facts: item, shares (its id)."""

    code = "completion_underway"


class MissedWordsRequired(BadInput):
    """Earlier periods end unreported with this filing, and no word says why; facts: periods."""

    code = "missed_words_required"


class EvidenceReasonMissing(BadInput):
    """Mandatory evidence is not under a row that is sent, and no word there says why; facts: gaps, count, shares."""

    code = "evidence_reason_missing"


class NotAwaitingSignOff(Rejected):
    code = "not_awaiting_sign_off"


class NotUnderReview(Rejected):
    code = "not_under_review"


class OnlyTheLead(Rejected):
    """Only a lead asks for completion; only a support unit replies to the lead."""

    code = "only_the_lead"


class NothingToExtend(Rejected):
    """The row is not owed, so there is nothing to extend."""

    code = "nothing_to_extend"


class NotAnExtension(BadInput):
    """The new due day is not later than the old one; facts: due_on, new_due_on."""

    code = "not_an_extension"


class ExtensionTooLate(Rejected):
    """The extension was asked for after the due day; facts: due_on."""

    code = "extension_too_late"


class RequestAlreadyDecided(Rejected):
    code = "request_already_decided"


class RequestPending(Rejected):
    """One undecided request a row."""

    code = "request_pending"


@dataclass(frozen=True, slots=True)
class Correction:
    """A return opens it: the row is due again at `due_at`, counted by itself."""

    due_at: datetime


def day_spoken_of(written_on: date, period_ends_on: date | None) -> date:
    """Return the day as of which a report speaks: that of its writing, or its period's last one where that is earlier.

    What is said of a period after a later one was reported on does not overtake what was said of that.
    """
    return written_on if period_ends_on is None else min(written_on, period_ends_on)


def check_reason(reason: str) -> str:
    """Return a reason as it is kept: without outer white space and control characters.

    Raises ReasonRequired where nothing of it can be read, ReasonTooLong.
    """
    words = clean_words(reason)
    if not words:
        raise ReasonRequired()
    if len(words) > LONGEST_REASON:
        raise ReasonTooLong(most=LONGEST_REASON, length=len(words))
    return words


def check_words(text: str) -> str:
    """Return what somebody may write beside an act, empty where nothing can be read. Raises ReasonTooLong."""
    return check_reason(text) if clean_words(text) else ""


def is_late(due_at: datetime, *, filed_at: datetime, required: bool, pending: bool) -> bool | None:
    """Decide whether a first filing is late, `due_at` being too late; None while an undecided request will fix it.

    What was not required is never late.
    """
    late = required and filed_at >= due_at
    return None if pending and late else late


def open_correction(
    due_at: datetime, *, now: datetime, calendar: WorkdayCalendar, correction_workdays: int
) -> Correction:
    """Give a returned row its moment: the later of the due moment and the end of the n-th working day after."""
    mended_by = end_of_day(calendar.add_workdays(local_day(now), correction_workdays))
    return Correction(max(due_at, mended_by))


def after_refusal(due_at: datetime, *, now: datetime, calendar: WorkdayCalendar, grace_workdays: int) -> datetime:
    """Return a row's moment after a refused request: the old one, or the end of the n-th working day after."""
    return max(due_at, end_of_day(calendar.add_workdays(local_day(now), grace_workdays)))


def check_extension(due_at: datetime, *, now: datetime, new_due_on: date) -> datetime:
    """Return the new moment of an extension 「延期」, asked for before the old one has passed.

    Raises DayOutOfBounds, DayTooFar, NotAnExtension, ExtensionTooLate.
    """
    due_on = due_day(due_at)
    check_day_ahead(new_due_on, field="新时限", since=due_on)
    if now >= due_at:
        raise ExtensionTooLate(due_on=due_on)
    if new_due_on <= due_on:
        raise NotAnExtension(due_on=due_on, new_due_on=new_due_on)
    return end_of_day(new_due_on)
