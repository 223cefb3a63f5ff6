"""The answer of a unit to a lowered claim 「核定异议」: to which."""

from tracker.domain.errors import Rejected
from tracker.domain.filings import ReportKind


class NothingToObject(Rejected):
    """The claim was not lowered, or what it is about has ended."""

    code = "nothing_to_object"


class ObjectionTooLate(Rejected):
    """A lowered claim is answered within the days of the policy; facts: until."""

    code = "objection_too_late"


class ObjectedAlready(Rejected):
    """A lowered claim is answered once."""

    code = "objected_already"


def admits_objection(kind: ReportKind, *, own: str | None, verified: str | None) -> bool:
    """Tell whether the office's word on a report may be answered: a claim on progress that it lowered.

    A completion ends as met or unmet by the office's decision; whoever differs asks for the task to be reopened.
    """
    return kind is ReportKind.PROGRESS and own is not None and verified is not None and verified != own
