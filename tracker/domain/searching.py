"""Searching 「搜索」: how words are written alike, cut into pairs of characters, and found again in a text.

Chinese has no spaces, so every two characters that stand side by side are looked up. What is looked up is folded: full
and half width, large and small letters and all brackets are one, white space is none. Each character is folded by
itself, so that a place in the folded text is one in the text that people wrote.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from tracker.domain.entered import clean_words
from tracker.domain.errors import BadInput

LONGEST_QUESTION = 100
MOST_WORDS = 8
_BRACKETS = str.maketrans("[]{}<>【】〔〕〈〉《》「」『』", "()()()()()()()()()")
# What stands between two fields of one text: no pair and no word goes over it.
BETWEEN = "\x1f"
_CODE_POINT_BITS = 21


class SearchKind(StrEnum):
    """What is searched, in the order of the page."""

    TASK = "task"
    DOCUMENT = "document"
    REPORT = "report"
    EVIDENCE = "evidence"
    CIRCULAR = "circular"
    INSTRUCTION = "instruction"


_NUMBERS = {kind: number for number, kind in enumerate(SearchKind, start=1)}


class SearchTooShort(BadInput):
    """No word has two characters, so nothing can be looked up."""

    code = "search_too_short"


class SearchTooLong(BadInput):
    """A question has more characters or words than are looked up; facts: characters, words."""

    code = "search_too_long"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; `hit` where it is one of the words."""

    text: str
    hit: bool = False


@lru_cache(maxsize=20_000)
def _folded(sign: str) -> str:
    if sign == BETWEEN:
        return BETWEEN
    plain = unicodedata.normalize("NFKC", sign).casefold().translate(_BRACKETS)
    return "".join(one for one in plain if not one.isspace() and unicodedata.category(one)[0] != "C")


def folded(text: str) -> str:
    """Return a text as it is looked up."""
    return "".join(map(_folded, text))


def words_of(question: str) -> tuple[str, ...]:
    """Return the words that a question asks for, folded, each once; none where it is empty.

    Raises SearchTooShort, SearchTooLong.
    """
    asked = clean_words(question).replace(BETWEEN, " ")
    words = tuple(dict.fromkeys(word for word in map(folded, asked.split()) if word))
    if len(asked) > LONGEST_QUESTION or len(words) > MOST_WORDS:
        raise SearchTooLong(characters=LONGEST_QUESTION, words=MOST_WORDS)
    if words and all(len(word) < 2 for word in words):
        raise SearchTooShort()
    return words


def grams_of(text: str, kind: SearchKind) -> set[int]:
    """Return the pairs of characters in a folded text, each as one number that says of which kind of text it is."""
    high = _NUMBERS[kind] << 2 * _CODE_POINT_BITS
    return {
        high | ord(first) << _CODE_POINT_BITS | ord(second)
        for first, second in pairwise(text)
        if first != BETWEEN and second != BETWEEN
    }


def marked(text: str, words: Sequence[str]) -> tuple[Part, ...]:
    """Return a text cut at the words that stand in it; what overlaps or touches is one piece."""
    hits = [False] * len(text)
    for start, end in _places(text, words):
        hits[start:end] = [True] * (end - start)
    parts: list[Part] = []
    for sign, hit in zip(text, hits, strict=True):
        if parts and parts[-1].hit is hit:
            parts[-1] = Part(parts[-1].text + sign, hit)
        else:
            parts.append(Part(sign, hit))
    return tuple(parts)


def first_place(text: str, words: Sequence[str]) -> int | None:
    """Return where the first of the words begins in a text; None where none of them stands in it."""
    return min((start for start, _end in _places(text, words)), default=None)


def excerpt(text: str, words: Sequence[str], *, length: int) -> tuple[Part, ...]:
    """Return what stands around the first of the words, about `length` characters of it, marked."""
    text = " ".join(text.split())
    begin = max(0, min((first_place(text, words) or 0) - length // 4, len(text) - length))
    cut = text[begin : begin + length]
    before, after = "…" if begin else "", "…" if begin + length < len(text) else ""
    return (*(Part(one) for one in [before] if one), *marked(cut, words), *(Part(one) for one in [after] if one))


def _places(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where words stand in a text that is not folded, as [start, end)."""
    signs: list[str] = []
    origins: list[int] = []
    for place, sign in enumerate(text):
        for one in _folded(sign):
            signs.append(one)
            origins.append(place)
    whole = "".join(signs)
    for word in words:
        begin = whole.find(word)
        while begin >= 0:
            yield origins[begin], origins[begin + len(word) - 1] + 1
            begin = whole.find(word, begin + 1)
