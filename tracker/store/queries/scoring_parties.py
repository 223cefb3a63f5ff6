"""What a unit has to do with an evaluation: what it hands in, and which of the evaluated bodies it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from tracker.domain.scoring.asked import hands_in, is_offices
from tracker.domain.scoring.entries import What, suppliers
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Scheme
from tracker.store.queries.scoring_rules import decision_lines
from tracker.store.queries.units import present_ids


@dataclass(frozen=True, slots=True)
class Party:
    """What somebody hands in by the rules of a month, and the codes of the evaluated bodies for which he stands.

    Whoever `organises` ranks them, as the scheme has it, and reads the marks of all.
    """

    supplies: frozenset[What]
    objects: frozenset[str]
    organises: bool = False

    def __bool__(self) -> bool:
        return bool(self.supplies or self.objects or self.organises)


def office_party(rules: Rules) -> Party:
    """Return what the office hands in: what is nobody's by the scheme and the decisions, or the organiser's alone."""
    whose = hands_in(rules).items()
    return Party(frozenset(what for what, codes in whose if is_offices(rules.scheme, codes)), frozenset())


def units_handing_in(session: Session, rules: Rules) -> Mapping[What, frozenset[int]]:
    """Return the units that hand in what, as printed or decided, by who has their work today."""
    ids = present_ids(session)
    return {what: frozenset(ids[code] for code in codes if code in ids) for what, codes in hands_in(rules).items()}


def party_of(session: Session, rules: Rules, *, own: Collection[int]) -> Party:
    """Return what units, or whoever has their work today, have to do with a scheme and what was decided on it."""
    ids, scheme = present_ids(session), rules.scheme
    supplies = {what for what, unit_ids in units_handing_in(session, rules).items() if not unit_ids.isdisjoint(own)}
    objects = frozenset(one.unit for one in scheme.objects if ids.get(one.unit) in own)
    return Party(frozenset(supplies), objects, ids.get(scheme.organiser) in own)


def takes_part(session: Session, scheme: Scheme, *, own: Collection[int]) -> bool:
    """Tell whether units have anything to do with a version of a scheme: by its text, or by what was decided on it."""
    ids, units = present_ids(session), {one.unit for one in scheme.objects} | {scheme.organiser}
    if any(ids.get(code) in own for code in units.union(*suppliers(scheme).values())):
        return True
    asked = [one for one in scheme.questions if one.marks_annexes]
    naming = {(one.code, option.code) for one in asked for option in one.options if ids.get(option.unit) in own}
    decisions = [line.decision for line in decision_lines(session, scheme.code)] if naming else []
    return any((one.question, one.option) in naming for one in decisions)
