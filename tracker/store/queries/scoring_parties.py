"""What a unit has to do with an evaluation: what it hands in, and which of the evaluated bodies it is."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from tracker.domain.scoring.asked import owners_of
from tracker.domain.scoring.entries import What, suppliers
from tracker.domain.scoring.scheme import Scheme
from tracker.store.queries.units import present_ids


@dataclass(frozen=True, slots=True)
class Party:
    """What somebody hands in by a scheme, and the codes of the evaluated bodies for which he stands.

    Whoever `organises` ranks them, as the scheme has it, and reads the marks of all.
    """

    supplies: frozenset[What]
    objects: frozenset[str]
    organises: bool = False

    def __bool__(self) -> bool:
        return bool(self.supplies or self.objects or self.organises)


def office_party(scheme: Scheme) -> Party:
    """Return what the office hands in: what the scheme prints nobody for, or the organiser alone."""
    return Party(frozenset(what for what in suppliers(scheme) if not owners_of(scheme, what)), frozenset())


def party_of(
    session: Session, scheme: Scheme, *, own: Collection[int], decided: Collection[What] = frozenset()
) -> Party:
    """Return what units, or whoever has their work today, have to do with a scheme.

    `decided` is what the organiser hands in beside what is printed for him.
    """
    ids = present_ids(session)
    supplies = {what for what, codes in suppliers(scheme).items() if any(ids.get(code) in own for code in codes)}
    organises = ids.get(scheme.organiser) in own
    objects = frozenset(one.unit for one in scheme.objects if ids.get(one.unit) in own)
    return Party(frozenset(supplies | {*decided} if organises else supplies), objects, organises)
