"""Guards: a cheap question that spares a search where it could find nothing."""

from collections.abc import Iterable


def holds_any(text: str, words: Iterable[str]) -> bool:
    """Say whether a text holds one of the words: to ask that of each takes a hundredth of a search by a pattern."""
    return any(map(text.__contains__, words))
