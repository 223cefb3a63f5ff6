"""What of a share is its unit's own part, and what the unit took over from others besides."""

from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.parts import Part, kept_apart, united
from tracker.store.tables.tasks import AssignmentRow


def own_part(share: AssignmentRow) -> Part:
    """Return the part that a unit has without what it took over from others."""
    return Part(AssignmentRole(share.own_role or share.role), Duty(share.own_duty or share.duty))


def taken_part(share: AssignmentRow) -> Part | None:
    """Return what a unit took over besides its own part, also where that adds nothing to it; None for nothing."""
    if share.taken_role is None or share.taken_duty is None:
        return None
    return Part(AssignmentRole(share.taken_role), Duty(share.taken_duty))


def keep_taken(share: AssignmentRow, own: Part, *parts: Part) -> None:
    """Give a unit what it took over besides its own part, and keep both apart."""
    own, taken = kept_apart(own, *parts)
    both = united(own, taken)
    share.role, share.duty = both.role.value, both.duty.value
    share.own_role, share.own_duty = own.role.value, own.duty.value
    share.taken_role, share.taken_duty = taken.role.value, taken.duty.value


def forget_taken(share: AssignmentRow) -> None:
    """Let a unit's part be its own only."""
    share.own_role = share.own_duty = share.taken_role = share.taken_duty = None
