"""A scheme as a paper names it, which has annexes of its own under the same numbers: 办法附件1一（一）."""

from dataclasses import replace

from tracker.domain.scoring.marks import Mark
from tracker.domain.scoring.scheme import Annex, Item, Scheme


def in_paper(scheme: Scheme) -> Scheme:
    """Return a scheme whose annexes, items and clauses bear the name of their document; unchanged where it has none."""
    own = scheme.publication.own if scheme.publication is not None else ""
    if not own:
        return scheme
    return replace(scheme, annexes=tuple(_annex(own, one) for one in scheme.annexes))


def _annex(own: str, annex: Annex) -> Annex:
    items = tuple(_item(own, annex, one) for one in annex.items)
    return replace(annex, label=f"{own}{annex.label}", items=items)


def _item(own: str, annex: Annex, item: Item) -> Item:
    # An annex that is one clause has the same label as its item, and stays so (`clause_label`).
    label = f"{own}{item.label}" if item.label == annex.label else item.label
    return replace(item, label=label, marks=tuple(_mark(own, one) for one in item.marks))


def _mark(own: str, mark: Mark) -> Mark:
    return replace(mark, sources=tuple(replace(one, clause=f"{own}{one.clause}") for one in mark.sources))
