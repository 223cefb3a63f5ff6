"""What a unit's share makes of it: its role and what it owes, and what two of them are together."""

from dataclasses import dataclass

from tracker.domain.items import AssignmentRole, Duty


@dataclass(frozen=True, slots=True)
class Part:
    """A unit's part in a task: a lead reports; a support reports as a member, or replies to the lead."""

    role: AssignmentRole
    duty: Duty


def united(one: Part, other: Part) -> Part:
    """Return what two parts of one unit are together: lead beats support, a report beats a reply."""
    lead = AssignmentRole.LEAD in (one.role, other.role)
    reports = lead or Duty.REPORT in (one.duty, other.duty)
    return Part(AssignmentRole.LEAD if lead else AssignmentRole.SUPPORT, Duty.REPORT if reports else Duty.REPLY)


@dataclass(frozen=True, slots=True)
class NewShare:
    """A unit's part: a lead reports; a support reports as a member, or replies to the lead."""

    unit_id: int
    role: AssignmentRole = AssignmentRole.SUPPORT
    duty: Duty = Duty.REPLY
