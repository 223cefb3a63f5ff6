"""Whom an item's 「牵头」 and 「配合」 columns name: one answer for every list of tasks, Word or Excel.

A lead that the document prints stays one, whatever share the office could give it, until the office relieves it; one
whom the office chose, or who is only the first of several named together, is marked, so that nobody is called
「牵头单位」 whom the document does not.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from tracker.domain.items import LeadBasis

ASSIGNED, REASSIGNED, ADDED, SUCCEEDS = "督查室拟定", "督查室改派", "督查室补充", "承接"
FIRST_LISTED = "责任单位首位"


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit under the words that are printed; `unit` tells it from others, `name` is its own where that is another.

    `basis` says how its lead was found in the text, `change` how it came to have its part since; neither hides the
    other.
    """

    printed: str
    unit: str
    basis: str = ""
    change: str = ""
    name: str = ""

    @property
    def words(self) -> str:
        return self._marked(self.printed)

    @property
    def called(self) -> str:
        return self._marked(self.name or self.printed)

    def _marked(self, name: str) -> str:
        marks = "，".join(mark for mark in (self.basis, self.change) if mark)
        return f"{name}（{marks}）" if marks else name


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The words of both columns; whom the first names may have no lead share, so nobody counts leads by it.

    `called` are the leads by their own names, for a table that names units elsewhere too: one name a unit in a paper.
    Of the text, whoever leads by now: `first_listed` where it marks nobody as the lead and the first of a list stands
    for it; `drafted` where it names no lead, so that the office chose all of them.
    """

    leads: tuple[str, ...]
    supports: tuple[str, ...]
    first_listed: bool
    drafted: bool = False
    called: tuple[str, ...] = ()


def responsibility(
    *,
    basis: LeadBasis,
    printed: Iterable[NamedUnit],
    assigned: Iterable[NamedUnit] = (),
    relieved: Collection[str] = (),
    taken_over: Iterable[NamedUnit] = (),
    supports: Iterable[NamedUnit] = (),
    groups: Iterable[str] = (),
) -> Responsibility:
    """Name printed leads first, then those whom the office chose; a unit that leads stands in no second column.

    `printed` and `assigned` are all leads that the text, or for want of one the office, named; of them `relieved` lead
    no more, and `taken_over` lead since by another act, each with its `change`. The first of a list that marks nobody
    as the lead is a 「责任单位（首位）」 and says so, and so does who took its place.
    """
    found = FIRST_LISTED if basis is LeadBasis.FIRST_LISTED else ""
    named = [replace(one, basis=found) for one in printed]
    chosen = [replace(one, basis=ASSIGNED) for one in assigned]
    place = next((one.basis for one in (*named, *chosen) if one.unit in relieved), "")
    still = [one for one in (*named, *chosen) if one.unit not in relieved]
    leads: dict[str, NamedUnit] = {}
    for one in (*still, *(replace(one, basis=place) for one in taken_over)):
        leads.setdefault(one.unit, one)
    beside = {one.unit: one.words for one in supports if one.unit not in leads}
    return Responsibility(
        tuple(one.words for one in leads.values()),
        tuple(dict.fromkeys([*beside.values(), *groups])),
        first_listed=bool(named) and bool(found),
        drafted=bool(chosen) and not named,
        called=tuple(one.called for one in leads.values()),
    )
