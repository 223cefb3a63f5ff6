"""Coverage 「覆盖」: cut a document's text into adjoining classified spans. Computed, never typed."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from operator import itemgetter
from typing import Generic, TypeVar

from tracker.domain.items import SpanRole


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch [start, end) of the text, in Unicode code points, with what it is.

    `decided_by` is the person who answers for a class that the words themselves do not speak for.
    """

    start: int
    end: int
    role: SpanRole
    items: tuple[str, ...] = ()
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class ItemSpan:
    """Where an item stands: its span (annotation included) and the annotation's own stretch, if printed."""

    code: str
    start: int
    end: int
    responsibility: tuple[int, int] | None = None


_Stretch = TypeVar("_Stretch", Span, ItemSpan)


def cover(text: str, items: Sequence[ItemSpan], declared: Sequence[Span]) -> tuple[Span, ...]:
    """Return adjoining spans over the whole of `text`: no gap, no overlap.

    Items win over declared background; an item's annotation is `responsibility`. A stretch that nobody claims
    is `unclassified`, except white space, which joins the span before it.
    """
    cuts = {0, len(text)}
    for item in items:
        cuts.update((item.start, item.end), item.responsibility or ())
    for span in declared:
        cuts.update((span.start, span.end))
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    spans: list[Span] = []
    owners, roles = _Passing(items), _Passing(declared)
    for start, end in pairwise(edges):
        role, codes = _class_of(start, end, owners.over(start), roles.over(start))
        unclaimed_space = role is SpanRole.UNCLASSIFIED and not text[start:end].strip()
        previous = spans[-1] if spans else None
        if previous and (unclaimed_space or (previous.role, previous.items) == (role, codes)):
            spans[-1] = Span(previous.start, end, previous.role, previous.items)
        else:
            spans.append(Span(start, end, role, codes))
    return tuple(spans)


_order = itemgetter(0)


class _Passing(Generic[_Stretch]):
    """What lies over a place that only moves on: a long document is gone through once, not once an item."""

    def __init__(self, stretches: Sequence[_Stretch]) -> None:
        self._coming: list[tuple[int, _Stretch]] = sorted(
            enumerate(stretches), key=lambda entry: entry[1].start, reverse=True
        )
        self._over: list[tuple[int, _Stretch]] = []
        self._found: Sequence[_Stretch] = ()
        self._first_end: float = inf

    def over(self, place: int) -> Sequence[_Stretch]:
        """Return what has begun and not ended at a place, in the order in which it was given."""
        begins = bool(self._coming) and self._coming[-1][1].start <= place
        if not begins and place < self._first_end:
            return self._found
        self._over = [entry for entry in self._over if entry[1].end > place]
        while self._coming and self._coming[-1][1].start <= place:
            entry = self._coming.pop()
            if entry[1].end > place:
                insort(self._over, entry, key=_order)
        self._found = [stretch for _, stretch in self._over]
        self._first_end = min([stretch.end for stretch in self._found], default=inf)
        return self._found


def _class_of(
    start: int, end: int, owners: Sequence[ItemSpan], declared: Sequence[Span]
) -> tuple[SpanRole, tuple[str, ...]]:
    """Return the role and the items of a piece over which these lie; none of them begins or ends within it."""
    if owners:
        annotated = [
            item
            for item in owners
            if item.responsibility and item.responsibility[0] <= start and end <= item.responsibility[1]
        ]
        role = SpanRole.RESPONSIBILITY if annotated else SpanRole.ITEM
        return role, tuple([item.code for item in annotated or owners])
    return (declared[0].role if declared else SpanRole.UNCLASSIFIED), ()
