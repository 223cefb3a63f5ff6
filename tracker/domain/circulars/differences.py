"""In what the words of a correction 「更正」 differ from those of the paper whose place it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a paper as they are read: its parts by their names, and its paragraphs with their figures."""

    parts: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What stood and what stands now in one place; empty where nothing did or does.

    The place is the name of a part, or the number of a paragraph: of the correction, of one left out of the original.
    """

    place: str | int
    before: str
    now: str


def differences(before: Words, now: Words) -> tuple[Difference, ...]:
    """Return where two papers say different things, the parts first, then paragraphs in their order.

    A paragraph that was moved is left out in one place and added in another.
    """
    old = dict(before.parts)
    parts = tuple(Difference(name, old.get(name, ""), words) for name, words in now.parts if words != old.get(name, ""))
    return parts + _of_paragraphs(before.paragraphs, now.paragraphs)


def _of_paragraphs(before: Sequence[str], now: Sequence[str]) -> tuple[Difference, ...]:
    found: list[Difference] = []
    matcher = SequenceMatcher(a=before, b=now, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            continue
        for step in range(max(end - start, last - first)):
            was = before[start + step] if start + step < end else ""
            told = now[first + step] if first + step < last else ""
            found.append(Difference((first if told else start) + step + 1, was, told))
    return tuple(found)
