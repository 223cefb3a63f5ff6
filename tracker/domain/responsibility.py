"""Whom an item's 「牵头」 and 「配合」 columns name: one answer for every list of tasks, Word or Excel.

A lead that the document prints stays one, whatever share the office could give it, until the office relieves it; one
whom the office chose, or who is only the first of several named together, is marked, so that nobody is called
「牵头单位」 whom the document does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.items import LeadBasis

ASSIGNED, REASSIGNED, ADDED, SUCCEEDS = "督查室拟定", "督查室改派", "督查室补充", "承接"
FIRST_LISTED = "责任单位首位"


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit under the words that are printed; `unit` tells it from others, `mark` says how it came to lead."""

    printed: str
    unit: str
    mark: str = ""

    @property
    def words(self) -> str:
        return f"{self.printed}（{self.mark}）" if self.mark else self.printed


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The words of both columns, and the units that lead.

    `first_listed` where the document marks nobody as the lead; `drafted` where it names no lead that the office could
    order, so that the office chose all of them.
    """

    leads: tuple[str, ...]
    supports: tuple[str, ...]
    lead_units: tuple[str, ...]
    first_listed: bool
    drafted: bool = False


def responsibility(
    *,
    basis: LeadBasis,
    printed: Iterable[NamedUnit],
    chosen: Iterable[NamedUnit] = (),
    supports: Iterable[NamedUnit] = (),
    groups: Iterable[str] = (),
) -> Responsibility:
    """Name printed leads first, then those whom the office chose; a unit that leads stands in no second column.

    The first of a list that marks nobody as the lead is a 「责任单位（首位）」 and says so.
    """
    first_listed = basis is LeadBasis.FIRST_LISTED
    leads: dict[str, str] = {}
    for named in printed:
        leads.setdefault(
            named.unit, NamedUnit(named.printed, named.unit, FIRST_LISTED if first_listed else named.mark).words
        )
    inferred = first_listed and bool(leads)
    added = {named.unit: named for named in chosen if named.unit not in leads}
    drafted = bool(added) and not leads and all(named.mark == ASSIGNED for named in added.values())
    leads |= {unit: named.words for unit, named in added.items()}
    beside = {named.unit: named.words for named in supports if named.unit not in leads}
    return Responsibility(
        tuple(leads.values()), tuple(dict.fromkeys([*beside.values(), *groups])), tuple(leads), inferred, drafted
    )
