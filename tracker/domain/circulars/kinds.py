"""The types of circulars: one record each says what a type needs, orders, lists, and who approves and reads it.

A further type is a member and a record here, its name in `tracker.wording.codes`, its wording in `templates/circulars/`
and its paper in `templates/circulars/offices.toml`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.accounts import Role


class CircularType(StrEnum):
    """What the office issues. Source: design of the office's documents; wording follows each type's template."""

    SUPERVISION = "supervision"
    NOTICE = "notice"
    URGE = "urge"
    ASSIGNMENT = "assignment"
    BREAKDOWN = "breakdown"
    SPECIAL = "special"
    RECTIFICATION = "rectification"
    RANKING = "ranking"


class Needs(StrEnum):
    """What a paper is written to or about; one that needs nothing may still be about a unit or a document.

    A `month` is one of an evaluation, whose result is kept.
    """

    NOTHING = "nothing"
    UNIT = "unit"
    DOCUMENT = "document"
    EITHER = "either"
    MONTH = "month"


class Annex(StrEnum):
    """What the rows of an annex are.

    The overdue items of units that may be named, or all of one unit's; items with where they stand and what clears
    them, or with whoever has a part in them; of a paper on the work its classes by
    document, what is behind, who came late, who has not signed, and every item with what was last accepted of it.
    Of an evaluated month the places, what was decided where the scheme is silent, each mark with its working, which
    inputs a correction changed, and in what its result differs.
    """

    STANDING = "standing"
    BEHIND = "behind"
    LATE = "late"
    UNRECEIVED = "unreceived"
    PROGRESS = "progress"
    BLAMED = "blamed"
    OVERDUE = "overdue"
    SUPERVISED = "supervised"
    ASSIGNED = "assigned"
    BREAKDOWN = "breakdown"
    FAULTS = "faults"
    RANKED = "ranked"
    DECIDED = "decided"
    MARKED = "marked"
    SOURCED = "sourced"
    CORRECTED_INPUTS = "corrected_inputs"
    CORRECTED = "corrected"


class Tasks(StrEnum):
    """Which tasks a paper orders or breaks down, of those that it is about."""

    ALL = "all"
    NOT_CANCELLED = "not_cancelled"
    NOT_ENDED = "not_ended"
    GOING_ON = "going_on"


class Circle(StrEnum):
    """Who reads an issued paper besides the office and the leaders.

    `unit` is the unit that it is written to, whoever acts for it, and what it went up in; `sharers` the units that
    have, or had, a share in the document that it is about, and 阅文人员 who may read that document; `everybody` all
    units and 阅文人员, of a paper about one document only those who may read the document.
    """

    NOBODY = "nobody"
    UNIT = "unit"
    SHARERS = "sharers"
    EVERYBODY = "everybody"


class Told(StrEnum):
    """Who hears by a message that a paper was issued; whoever may only read it does not.

    `unit` is the unit that it is written to, `addressed` whom it goes to by name, `named` whose overdue items stand in
    its annex, `sharers` whoever has a share in the document that it breaks down.
    """

    NOBODY = "nobody"
    UNIT = "unit"
    ADDRESSED = "addressed"
    NAMED = "named"
    SHARERS = "sharers"


@dataclass(frozen=True, slots=True)
class Audience:
    """The circle of a type: `to_unit` where an edition is written to a unit, else `otherwise`."""

    to_unit: Circle
    otherwise: Circle


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds for a type of circular.

    `annexes` in their order. `covers`: the tasks of its annex, its numbers and whom it goes to. `is_order`: it goes to
    units as an order, so bodies that are asked by letter get none. `judges`: it praises or criticises by name, so a
    leader approves it before it goes out. `to_leaders`: it goes up, whomever it is about. `may_find_nothing`: that
    nothing is overdue is worth a paper too. `tells` says who hears of one that is written to no single unit.
    `wants_answer`: whomever it is served on answers in writing; what others ask is answered by reports.
    `goes_to_all_parts`: what it orders goes to whoever has a part in it, not to the leads alone.
    `tells_since`: it tells what was reported since the one of its kind and scope before.
    """

    needs: Needs
    annexes: tuple[Annex, ...]
    readers: Audience
    covers: Tasks = Tasks.ALL
    is_order: bool = False
    judges: bool = False
    to_leaders: bool = False
    may_find_nothing: bool = False
    tells: Told = Told.NOBODY
    wants_answer: bool = False
    goes_to_all_parts: bool = False
    tells_since: bool = False

    @property
    def approvers(self) -> frozenset[Role]:
        """Return which roles may approve it; of these nobody approves what he drafted himself."""
        return frozenset({Role.LEADER}) if self.judges else frozenset({Role.SUPERVISOR, Role.LEADER})

    def may_approve(self, role: Role, persons: Collection[int | None], *, drafted_by: Collection[int | None]) -> bool:
        """Tell whether somebody may decide on it; `persons` are he and for whom he acts, `drafted_by` likewise."""
        return role in self.approvers and not set(persons) & set(drafted_by)

    def circle(self, *, to_unit: bool) -> Circle:
        """Return who reads an issued paper."""
        return self.readers.to_unit if to_unit else self.readers.otherwise

    def is_for_all(self, *, to_unit: bool, about_internal: bool) -> bool:
        """Return whether everybody reads an issued paper, also who may not open what it counts."""
        return self.circle(to_unit=to_unit) is Circle.EVERYBODY and not about_internal

    def told(self, *, to_unit: bool) -> Told:
        """Return who hears that it was issued; of what goes up to the leaders no unit does."""
        if self.to_leaders:
            return Told.NOBODY
        return Told.UNIT if to_unit else self.tells


_ON_THE_WORK = (Annex.STANDING, Annex.BEHIND, Annex.BLAMED, Annex.LATE, Annex.UNRECEIVED)
_TO_ALL = Audience(Circle.EVERYBODY, Circle.EVERYBODY)
_TO_SHARERS = Audience(Circle.UNIT, Circle.SHARERS)
_TO_UNIT = Audience(Circle.UNIT, Circle.NOBODY)
_TO_LEADERS = Audience(Circle.NOBODY, Circle.NOBODY)
KINDS: Mapping[CircularType, Kind] = {
    CircularType.SUPERVISION: Kind(
        Needs.NOTHING,
        (*_ON_THE_WORK, Annex.PROGRESS),
        _TO_ALL,
        judges=True,
        may_find_nothing=True,
        tells=Told.NAMED,
        tells_since=True,
    ),
    CircularType.NOTICE: Kind(
        Needs.EITHER,
        (Annex.SUPERVISED,),
        _TO_SHARERS,
        Tasks.NOT_ENDED,
        is_order=True,
        tells=Told.ADDRESSED,
    ),
    CircularType.URGE: Kind(Needs.UNIT, (Annex.OVERDUE,), _TO_UNIT, is_order=True, wants_answer=True),
    CircularType.ASSIGNMENT: Kind(
        Needs.DOCUMENT,
        (Annex.ASSIGNED,),
        _TO_SHARERS,
        Tasks.GOING_ON,
        is_order=True,
        goes_to_all_parts=True,
        tells=Told.ADDRESSED,
    ),
    CircularType.BREAKDOWN: Kind(
        Needs.DOCUMENT, (Annex.BREAKDOWN,), _TO_SHARERS, Tasks.NOT_CANCELLED, tells=Told.SHARERS
    ),
    CircularType.SPECIAL: Kind(
        Needs.NOTHING,
        _ON_THE_WORK,
        _TO_LEADERS,
        judges=True,
        to_leaders=True,
        may_find_nothing=True,
        tells_since=True,
    ),
    CircularType.RECTIFICATION: Kind(
        Needs.UNIT, (Annex.FAULTS,), _TO_UNIT, is_order=True, judges=True, wants_answer=True
    ),
    # It names the last as well as the first, so a leader signs it.
    CircularType.RANKING: Kind(
        Needs.MONTH,
        (Annex.RANKED, Annex.DECIDED, Annex.MARKED, Annex.SOURCED, Annex.CORRECTED_INPUTS, Annex.CORRECTED),
        _TO_ALL,
        judges=True,
        tells=Told.NAMED,
    ),
}
