"""Matters that somebody wrote down himself are read for their numbers as the sentences of a document are."""

from dataclasses import replace

from tracker.domain.readings.item import Item
from tracker.domain.readings.reading import Reading
from tracker.intake.targets import targets


def with_numbers(draft: Reading) -> Reading:
    """Return a draft whose items have the targets that their words state; whoever approves it sees them."""
    return replace(draft, items=tuple(_with_numbers(item, draft.text) for item in draft.items))


def _with_numbers(item: Item, text: str) -> Item:
    end = item.responsibility_span[0] if item.responsibility_span else item.span[1]
    words = text[item.span[0] : end].removeprefix(f"{item.label}.")
    return item if item.targets else replace(item, targets=targets(words, kind=item.kind))
