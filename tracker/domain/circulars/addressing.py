"""Whom and what a circular may be about: its type needs a unit or document, and orders nobody who takes no orders."""

from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.facts import Facts
from tracker.domain.circulars.kinds import KINDS, CircularType, Needs
from tracker.domain.errors import BadInput


class ScopeMissing(BadInput):
    """This type is written to a unit or about a document; facts: needs."""

    code = "scope_missing"


class AskedByLetter(BadInput):
    """A body that takes no orders of the office is neither urged nor told to mend; facts: unit, type, instead."""

    code = "asked_by_letter"


class NobodyActs(BadInput):
    """Nobody was named yet who keeps this leading group's office and could be urged; facts: unit, type."""

    code = "nobody_acts"


def check_scope(kind: CircularType, scope: Scope) -> None:
    """Refuse a circular of no unit or document whose type needs one. Raises ScopeMissing."""
    needs = KINDS[kind].needs
    given: dict[Needs, object] = {
        Needs.UNIT: scope.unit,
        Needs.DOCUMENT: scope.document,
        Needs.EITHER: scope.unit or scope.document,
        Needs.MONTH: scope.month_id,
    }
    if not given.get(needs, True):
        raise ScopeMissing(needs=needs.value)


def check_addressed(kind: CircularType, facts: Facts) -> None:
    """Refuse to order or criticise whom the office may only ask, and to urge a group for which nobody acts.

    Raises NobodyActs, AskedByLetter.
    """
    unit = facts.unit
    if unit is None:
        return
    if KINDS[kind].needs is Needs.UNIT and unit.acted_for is False:
        raise NobodyActs(unit=unit.name, type=kind.value)
    if (KINDS[kind].is_order or KINDS[kind].judges) and not unit.may_be_ordered:
        raise AskedByLetter(unit=unit.name, type=kind.value, instead=unit.instead)
