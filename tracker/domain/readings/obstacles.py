"""What stands between a draft and its registration 「立项」, and the reading that nothing stands before."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from tracker.domain.errors import BadInput
from tracker.domain.items import SpanRole
from tracker.domain.readings.item import Item, PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.domain.readings.resolving import resolve
from tracker.domain.unit_classes import Tasking, class_of
from tracker.domain.units import UnitRegistry


class DraftIncomplete(BadInput):
    """Something still blocks approval; facts: count, first."""

    code = "draft_incomplete"


class MembersUnknown(BadInput):
    """Nobody listed the members of a collective that has to do something; facts: group."""

    code = "members_unknown"


class Obstacle(StrEnum):
    """What blocks approval, and what a person should see before."""

    NO_NUMBER = "no_number"
    NO_TITLE = "no_title"
    NO_ITEM = "no_item"
    UNCLASSIFIED = "unclassified"
    POSSIBLE = "possible"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_GROUP = "unknown_group"
    NO_LEAD = "no_lead"
    PLAN_END = "plan_end"
    UNKNOWN_BEARER = "unknown_bearer"


@dataclass(frozen=True, slots=True)
class Problem:
    """One obstacle, the item it stands in (its place) and the words concerned."""

    obstacle: Obstacle
    item: int | None = None
    words: str = ""

    @property
    def blocks(self) -> bool:
        """Say whether approval waits for it.

        A document of which nobody can say when its plan ends has none. A collective whose members nobody listed would
        reach none of them, so the office lists them first. For whom a demand names and nobody knows the lead stands in.
        """
        return self.obstacle not in {Obstacle.PLAN_END, Obstacle.UNKNOWN_BEARER}


def problems(draft: Reading, registry: UnitRegistry) -> list[Problem]:
    """Return everything that blocks approval or should be looked at, in reading order."""
    return _problems(resolve(draft, registry), registry)


def registrable(draft: Reading, registry: UnitRegistry, *, code_prefix: str, assigned_because: str) -> Reading:
    """Return the draft with its names resolved, codes given and assigned leads explained.

    Raises DraftIncomplete, MembersUnknown.
    """
    resolved = resolve(draft, registry)
    blocking = [problem for problem in _problems(resolved, registry) if problem.blocks]
    if blocking and blocking[0].obstacle is Obstacle.UNKNOWN_GROUP:
        raise MembersUnknown(group=blocking[0].words)
    if blocking:
        raise DraftIncomplete(count=len(blocking), first=blocking[0].words or blocking[0].obstacle.value)
    width = max(2, len(str(len(draft.items))))
    items = tuple(
        replace(
            item,
            code=f"{code_prefix}-{place:0{width}}",
            assigned_leads=tuple(replace(lead, reason=assigned_because) for lead in item.assigned_leads),
        )
        for place, item in enumerate(resolved.items, start=1)
    )
    return replace(resolved, number=draft.number.strip(), title=draft.title.strip(), items=items)


def _problems(draft: Reading, registry: UnitRegistry) -> list[Problem]:
    """Return the problems of a draft whose names are resolved."""
    found = []
    if not draft.number.strip():
        found.append(Problem(Obstacle.NO_NUMBER))
    if not draft.title.strip():
        found.append(Problem(Obstacle.NO_TITLE))
    if draft.plan_end.asked:
        found.append(Problem(Obstacle.PLAN_END, words=draft.plan_end.words))
    if not draft.items:
        found.append(Problem(Obstacle.NO_ITEM))
    for span in draft.cover():
        if span.role is SpanRole.UNCLASSIFIED:
            found.append(Problem(Obstacle.UNCLASSIFIED, words=draft.text[span.start : span.end].strip()))
    for one in draft.undecided:
        found.append(Problem(Obstacle.POSSIBLE, words=draft.text[one.start : one.end]))
    for place, item in enumerate(draft.items):
        found += _problems_of(item, place, registry)
    return found


def _problems_of(item: Item, place: int, registry: UnitRegistry) -> Iterator[Problem]:
    for name in (*item.leads, *item.supports, *item.assigned_leads):
        if name.unit_code is None:
            yield Problem(Obstacle.UNKNOWN_UNIT, place, name.printed)
    for group in item.groups:
        if not group.member_codes:
            yield Problem(Obstacle.UNKNOWN_GROUP, place, group.printed)
    unknown = [one.printed for bound in item.bounds for one in bound.named if not one.unit_codes]
    for printed in dict.fromkeys(unknown):
        yield Problem(Obstacle.UNKNOWN_BEARER, place, printed)
    if not any(_may_lead(name, registry) for name in (*item.leads, *item.assigned_leads)):
        yield Problem(Obstacle.NO_LEAD, place)


def _may_lead(name: PrintedUnit, registry: UnitRegistry) -> bool:
    """Tell whether a named lead may get a share; a name nobody knows is an obstacle of its own."""
    if name.unit_code is None:
        return True
    unit = registry.unit(name.unit_code)
    return class_of(unit.kind, tasked=unit.tasked).may_task is not Tasking.NEVER
