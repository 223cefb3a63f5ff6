"""What a unit's share makes of it: its role and what it owes, and what two of them are together."""

from dataclasses import dataclass
from functools import reduce

from tracker.domain.items import AssignmentRole, Duty


@dataclass(frozen=True, slots=True)
class Part:
    """A unit's part in a task: a lead reports; a support reports as a member, or replies to the lead."""

    role: AssignmentRole
    duty: Duty


MEMBER = Part(AssignmentRole.SUPPORT, Duty.REPORT)


def united(one: Part, other: Part) -> Part:
    """Return what two parts of one unit are together: lead beats support, a report beats a reply."""
    lead = AssignmentRole.LEAD in (one.role, other.role)
    reports = lead or Duty.REPORT in (one.duty, other.duty)
    return Part(AssignmentRole.LEAD if lead else AssignmentRole.SUPPORT, Duty.REPORT if reports else Duty.REPLY)


def hide_a_member(*parts: Part) -> bool:
    """Tell whether these parts together no longer say that one of them is a member's: a lead is asked for both."""
    return MEMBER in parts and reduce(united, parts) != MEMBER


def kept_apart(own: Part, *taken: Part) -> tuple[Part, Part]:
    """Return a unit's own part and what it has besides, so that where it leads as a member, too, both stay known."""
    if not hide_a_member(own, *taken):
        return own, reduce(united, taken)
    return (own, MEMBER) if own.role is AssignmentRole.LEAD else (MEMBER, reduce(united, taken))


@dataclass(frozen=True, slots=True)
class NewShare:
    """A unit's part: a lead reports; a support reports as a member, or replies to the lead."""

    unit_id: int
    role: AssignmentRole = AssignmentRole.SUPPORT
    duty: Duty = Duty.REPLY
