"""What a unit hands in: kinds of reports and where a report stands on its way out of the unit."""

from enum import StrEnum

from tracker.domain.errors import BadInput, Rejected


class ReportKind(StrEnum):
    PROGRESS = "progress"
    NIL = "nil"
    REPLY = "reply"
    COMPLETION = "completion"


class ReportState(StrEnum):
    """`awaiting_sign_off` until the head of the unit signs; `filed` once it has left the unit."""

    AWAITING_SIGN_OFF = "awaiting_sign_off"
    SENT_BACK = "sent_back"
    FILED = "filed"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class NilReason(StrEnum):
    """Why nothing could be done 「零报告原因」; not punished as silence and counted apart."""

    AWAITS_POLICY = "awaits_policy"
    AWAITS_FUNDS = "awaits_funds"
    OUT_OF_SEASON = "out_of_season"
    LITIGATION = "litigation"
    FORCE_MAJEURE = "force_majeure"
    UNCLEAR_DUTY = "unclear_duty"
    NOTHING_HAPPENED = "nothing_happened"


class ExtensionState(StrEnum):
    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"


class EmptyReport(BadInput):
    """A report without words says nothing."""

    code = "empty_report"


class PercentOutOfRange(BadInput):
    code = "percent_out_of_range"


class NilNeedsReason(BadInput):
    code = "nil_needs_reason"


class ReasonRequired(BadInput):
    code = "reason_required"


class AlreadyUnderway(Rejected):
    """A report on this period already waits for the head of the unit or for the office."""

    code = "already_underway"


class NoDueDate(Rejected):
    """The period is not owed, or never falls due, so there is nothing to extend."""

    code = "no_due_date"


class ExtensionAlreadyDecided(Rejected):
    code = "extension_already_decided"


class OnlyTheLead(Rejected):
    """Only a lead asks for completion; only a support unit replies to the lead."""

    code = "only_the_lead"


class NotAwaitingSignOff(Rejected):
    code = "not_awaiting_sign_off"


class NotUnderReview(Rejected):
    code = "not_under_review"


def check_report(kind: ReportKind, *, text: str, percent_done: int | None, nil_reason: NilReason | None) -> None:
    """Refuse a report that cannot be read as one. `percent_done` is 0–100, inclusive.

    Raises EmptyReport, PercentOutOfRange, NilNeedsReason.
    """
    if percent_done is not None and not 0 <= percent_done <= 100:
        raise PercentOutOfRange(percent_done=percent_done)
    if kind is ReportKind.NIL:
        if nil_reason is None:
            raise NilNeedsReason()
    elif not text.strip():
        raise EmptyReport()


def check_reason(reason: str) -> str:
    """Return the reason without outer white space. Raises ReasonRequired where it is empty."""
    if not reason.strip():
        raise ReasonRequired()
    return reason.strip()
