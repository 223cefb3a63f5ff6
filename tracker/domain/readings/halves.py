"""An item that is cut in two: each half keeps what its own words say, and both what neither of them says."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum
from typing import TypeVar

from tracker.domain.items import LeadBasis
from tracker.domain.readings.demands import Cadence, Deadline, EvidenceRequirement, Target
from tracker.domain.readings.item import Doubt, Item, PrintedGroup, PrintedUnit

# What the text leaves out before a body of the city, and a printed name has restored.
_ELIDED = ("市委", "市")
_Demand = TypeVar("_Demand", Cadence, Deadline, EvidenceRequirement, Target)
_Name = TypeVar("_Name", PrintedUnit, PrintedGroup)


class _Half(Enum):
    FIRST = "first"
    SECOND = "second"
    BOTH = "both"


def halves(item: Item, text: str, *, at: int) -> tuple[Item, Item]:
    """Return the two items that one becomes where its text is cut at `at`, a place before its annotation.

    Units, rhythms, the day, numbers and evidence go where their words stand. What stands in the annotation at the end
    or nowhere, and what the office set, goes to both. A quote that the cut goes through is shortened to each half's
    part of it.
    """
    cut = _Cut(item, text, at)
    return cut.half(_Half.FIRST), cut.half(_Half.SECOND)


class _Cut:
    def __init__(self, item: Item, text: str, at: int) -> None:
        start, end = item.span
        note_start, note_end = item.responsibility_span or (end, end)
        self._item, self._at = item, at
        self._words = {_Half.FIRST: text[start:at], _Half.SECOND: f"{text[at:note_start]}\n{text[note_end:end]}"}
        self._note = text[note_start:note_end]

    def half(self, which: _Half) -> Item:
        item, first = self._item, which is _Half.FIRST
        leads, groups = self._named(item.leads, which), self._groups(which)
        start, end = item.span
        basis = item.lead_basis if leads or not item.leads else LeadBasis.COLLECTIVE if groups else LeadBasis.NONE
        return replace(
            item,
            span=(start, self._at) if first else (self._at, end),
            responsibility=None if first else item.responsibility,
            responsibility_span=None if first else item.responsibility_span,
            lead_basis=basis,
            leads=leads,
            supports=self._named(item.supports, which),
            groups=groups,
            cadences=self._demands(item.cadences, which),
            deadline=next(iter(self._demands([item.deadline] if item.deadline else [], which)), None),
            targets=self._demands(item.targets, which),
            evidence=self._demands(item.evidence, which),
            doubts=self._doubts(which),
        )

    def _demands(self, demands: Iterable[_Demand], which: _Half) -> tuple[_Demand, ...]:
        """Return the demands of a half; of two with the same words the second is that of their second place."""
        kept, met = [], Counter[str]()
        for demand in demands:
            quote = demand.quote or ""
            if self._half_of(quote, nth=met[quote]) in (which, _Half.BOTH):
                kept.append(self._shortened(demand, which))
            met[quote] += 1
        return tuple(kept)

    def _half_of(self, quote: str, *, nth: int = 0) -> _Half:
        first, second = (self._words[half].count(quote) if quote else 0 for half in (_Half.FIRST, _Half.SECOND))
        if not first and not second:
            return _Half.BOTH
        return _Half.FIRST if min(nth, first + second - 1) < first else _Half.SECOND

    def _shortened(self, demand: _Demand, which: _Half) -> _Demand:
        """Cut the quote of a demand where the item is cut, if that lies in it: each half quotes its own words."""
        quote, own = demand.quote or "", self._words[which]
        whole = self._words[_Half.FIRST] + self._words[_Half.SECOND]
        if not quote or quote in own or quote not in whole:
            return demand
        begins = whole.index(quote, max(0, len(self._words[_Half.FIRST]) - len(quote)))
        in_first = len(self._words[_Half.FIRST]) - begins
        return replace(demand, quote=(quote[:in_first] if which is _Half.FIRST else quote[in_first:]).strip())

    def _named(self, names: Sequence[_Name], which: _Half) -> tuple[_Name, ...]:
        return tuple(name for name in names if self._stands_in(name.printed, which))

    def _groups(self, which: _Half) -> tuple[PrintedGroup, ...]:
        return tuple(
            group for group in self._item.groups if group.inherited_from or self._stands_in(group.printed, which)
        )

    def _stands_in(self, printed: str, which: _Half) -> bool:
        """Tell whether a half names a body, or neither alone does: then what is said of it is said for both."""
        forms = [printed, *(printed.removeprefix(elided) for elided in _ELIDED if printed.startswith(elided))]
        if any(form and form in self._note for form in forms):
            return True
        in_half = {half: any(form and form in words for form in forms) for half, words in self._words.items()}
        return in_half[which] or not any(in_half.values())

    def _doubts(self, which: _Half) -> tuple[Doubt, ...]:
        return tuple(doubt for doubt in self._item.doubts if self._half_of(doubt.words) in (which, _Half.BOTH))
