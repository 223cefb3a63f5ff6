"""In what the words of a correction 「更正」 differ from those of the paper whose place it takes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a paper as they are read: its parts by their names, its paragraphs with their figures, its annexes.

    An annex is its title with its rows.
    """

    parts: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    annexes: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What stood and what stands now in one place; empty where nothing did or does.

    The place is the name of a part, the title of an annex, or the number of a paragraph: of the correction, of one left
    out of the original.
    """

    place: str | int
    before: str
    now: str


def differences(before: Words, now: Words) -> tuple[Difference, ...]:
    """Return where two papers say different things, the parts first, then paragraphs in their order, then annexes.

    A paragraph or a row that was moved is left out in one place and added in another.
    """
    old = dict(before.parts)
    parts = tuple(Difference(name, old.get(name, ""), words) for name, words in now.parts if words != old.get(name, ""))
    numbered = (
        Difference((first if told else start) + 1, was, told)
        for start, first, was, told in _changed(before.paragraphs, now.paragraphs)
    )
    return (*parts, *numbered, *_of_annexes(dict(before.annexes), dict(now.annexes)))


def asks_more(before: Sequence[str], now: Sequence[str]) -> bool:
    """Tell whether a correction may ask for more than an edition before it: a paragraph more, or one with more words.

    Its facts are the same, so what it asks beyond them stands in its paragraphs, given with their figures as places.
    What was mended within a sentence, cut or moved asks nothing new.
    """
    left_out, added = ([one for one in told if one not in other] for told, other in ((before, now), (now, before)))
    return any(len(told) > len(was) for _start, _first, was, told in _changed(left_out, added))


def _of_annexes(before: Mapping[str, Sequence[str]], now: Mapping[str, Sequence[str]]) -> Iterator[Difference]:
    """Yield the rows that differ, annex by annex."""
    for title in dict.fromkeys((*now, *before)):
        for _start, _first, was, told in _changed(before.get(title, ()), now.get(title, ())):
            yield Difference(title, was, told)


def _changed(before: Sequence[str], now: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """Yield what differs of two lists: where it stood, where it stands now, what stood, what stands."""
    matcher = SequenceMatcher(a=before, b=now, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            continue
        for step in range(max(end - start, last - first)):
            was = before[start + step] if start + step < end else ""
            told = now[first + step] if first + step < last else ""
            yield start + step, first + step, was, told
