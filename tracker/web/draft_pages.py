"""Which part of a draft one page of the workbench shows: fifty items, doubts first, and the text that they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.store.queries.drafts import DraftEntry, DraftStretch, DraftView

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class DraftPage:
    """One page of a draft, `number` of `count`; `stretches` are the text, of several pages only what this one is about.

    `target` is the place of the item that was asked for, None where there is none such.
    """

    number: int
    count: int
    entries: tuple[DraftEntry, ...]
    stretches: tuple[DraftStretch, ...]
    target: int | None = None


def page_of(view: DraftView, *, number: int = 1, item: int | None = None, label: str = "") -> DraftPage:
    """Return the page of a number, or that of an item by its place (from 0) or its printed label."""
    count = max(1, -(-len(view.entries) // PER_PAGE))
    at = _at(view.entries, item=item, label=label)
    number = at // PER_PAGE + 1 if at is not None else min(number, count)
    entries = view.entries[(number - 1) * PER_PAGE : number * PER_PAGE]
    stretches = view.stretches if count == 1 else _about(view.stretches, {entry.place for entry in entries})
    return DraftPage(number, count, entries, stretches, None if at is None else view.entries[at].place)


def _at(entries: Sequence[DraftEntry], *, item: int | None, label: str) -> int | None:
    wanted = "".join(label.split())
    if item is None and not wanted:
        return None
    for n, entry in enumerate(entries):
        if entry.place == item or (wanted and "".join(entry.item.label.split()) == wanted):
            return n
    # Whoever gives a number that no item is printed with means which it is in the document, from 1.
    place = int(wanted) - 1 if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else None
    return next((n for n, entry in enumerate(entries) if entry.place == place), None)


def _about(stretches: Sequence[DraftStretch], places: set[int]) -> tuple[DraftStretch, ...]:
    """Leave out the text of other pages; of what nobody classified a page shows the first stretches."""
    open_ones = [stretch for stretch in stretches if stretch.role == "unclassified"][:PER_PAGE]
    shown = {id(stretch) for stretch in open_ones}
    return tuple(stretch for stretch in stretches if places.intersection(stretch.items) or id(stretch) in shown)
