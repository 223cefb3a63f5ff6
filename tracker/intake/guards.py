"""Guards: a cheap question that spares a search where it could find nothing."""

from collections.abc import Iterable


def holds_any(text: str, words: Iterable[str]) -> bool:
    """Say whether a text holds one of the words: to ask that of each takes a hundredth of a search by a pattern."""
    for word in words:  # noqa: SIM110 - `any` takes five times as long for one word, and an item asks fifty times
        if word in text:
            return True
    return False
