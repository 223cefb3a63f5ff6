"""Leave 「请假」 and deputies 「B角」: who may stand in for whom, and for how long."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tracker.domain.accounts import Role
from tracker.domain.errors import BadInput, Rejected

# Who has a deputy: people whose work others wait for. A deputy has the role and the unit of whom he stands in for, so
# that standing in opens nothing to him that is not open to himself: it says in whose name he acts, and nothing else.
WITH_DEPUTIES = frozenset({Role.LIAISON, Role.UNIT_HEAD, Role.SUPERVISOR, Role.LEADER})


@dataclass(frozen=True, slots=True)
class Person:
    """Whom an arrangement is about."""

    user_id: int
    role: str
    unit_id: int | None
    active: bool


class LeaveEndsBefore(BadInput):
    """Leave ends before it begins; facts: first_on, last_on."""

    code = "leave_ends_before"


class LeaveIsPast(BadInput):
    """Leave lies in the past; facts: last_on."""

    code = "leave_is_past"


class LeaveTooLong(BadInput):
    """Leave is longer than the policy allows; facts: days, asked, first_on, last_on."""

    code = "leave_too_long"


class NoDeputyRole(Rejected):
    """The role has no work of its own for which somebody could stand in."""

    code = "no_deputy_role"


class DeputyUnfit(Rejected):
    """The deputy is not an active account of the same unit with the same role."""

    code = "deputy_unfit"


class DeputyAway(Rejected):
    """The deputy is himself away in these days: a deputy has no deputy."""

    code = "deputy_away"


class LeaveOverlaps(Rejected):
    """The person is away already in some of these days."""

    code = "leave_overlaps"


class LeaveOver(Rejected):
    """The leave has been ended already."""

    code = "leave_over"


class ActingForAnother(Rejected):
    """What concerns one's own account, one's deputy and one's leave is done in one's own name."""

    code = "acting_for_another"


class ActingOver(Rejected):
    """Somebody acted for another whose deputy he is no longer."""

    code = "acting_over"


def check_days(first_on: date, last_on: date, *, today: date, longest: int) -> None:
    """Refuse leave whose days, both inclusive, cannot be. Raises LeaveEndsBefore, LeaveIsPast, LeaveTooLong."""
    if last_on < first_on:
        raise LeaveEndsBefore(first_on=first_on, last_on=last_on)
    if last_on < today:
        raise LeaveIsPast(last_on=last_on)
    if (asked := (last_on - first_on).days + 1) > longest:
        raise LeaveTooLong(days=longest, asked=asked, first_on=first_on, last_on=last_on)


def check_absent(person: Person) -> None:
    """Refuse leave of whoever no unit and no office waits for. Raises NoDeputyRole."""
    if person.role not in WITH_DEPUTIES or not person.active:
        raise NoDeputyRole()


def fits(deputy: Person, *, absent: Person) -> bool:
    """Tell whether somebody may stand in for another: nobody signs for the head but another head of his unit."""
    same = (deputy.role, deputy.unit_id) == (absent.role, absent.unit_id)
    return deputy.active and same and deputy.user_id != absent.user_id


def check_deputy(deputy: Person, *, absent: Person, away: Collection[int]) -> None:
    """Refuse whoever may not stand in; `away` are the people who are away in these days.

    Raises DeputyUnfit, DeputyAway.
    """
    if not fits(deputy, absent=absent):
        raise DeputyUnfit()
    if deputy.user_id in away:
        raise DeputyAway()
