"""In what the words of a correction 「更正」 differ from those of the paper whose place it takes."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tracker.domain.circulars.content import Table

Cells = tuple[str, ...]

# e.g. after 逾期3份。 and after 一是进度偏慢；
_SENTENCE_ENDS = re.compile("(?<=[。；！？])")
_LEFT_OUT = "……"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a paper as they are read: its parts by their names, its paragraphs with their figures, its annexes.

    An annex is its title with its rows of cells, without the numbers that only count them.
    """

    parts: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    annexes: tuple[tuple[str, tuple[Cells, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What stood and what stands now in one place; empty where nothing did or does.

    The place is the name of a part, the title of an annex, or the number of a paragraph: of the correction, of one left
    out of the original.
    """

    place: str | int
    before: str
    now: str

    @property
    def where(self) -> str:
        """Say where it stands: a part's or an annex' name, 第3段, or 原第3段 of what is left out."""
        if isinstance(self.place, str):
            return self.place
        return f"第{self.place}段" if self.now else f"原第{self.place}段"


def differences(before: Words, now: Words) -> tuple[Difference, ...]:
    """Return where two papers say different things, the parts first, then paragraphs in their order, then annexes.

    A paragraph that was moved is left out in one place and added in another. A row of an annex is the same row wherever
    it stands: it is known by what it is about.
    """
    old = dict(before.parts)
    parts = tuple(Difference(name, old.get(name, ""), words) for name, words in now.parts if words != old.get(name, ""))
    numbered = (
        Difference((first if told else start) + 1, was, told)
        for start, first, was, told in _changed(before.paragraphs, now.paragraphs)
    )
    return (*parts, *numbered, *_of_annexes(dict(before.annexes), dict(now.annexes)))


def comparison(differs: Sequence[Difference]) -> Table:
    """Return the annex of a correction that says what stood and what stands now; of a paragraph what differs of it."""
    rows = (
        (str(place), one.where, was or "（没有）", told or "（删去）")
        for place, one in enumerate(differs, 1)
        for was, told in [_narrowed(one.before, one.now) if isinstance(one.place, int) else (one.before, one.now)]
    )
    return Table("compared", "更正前后对照表", tuple(rows))


def _narrowed(before: str, now: str) -> tuple[str, str]:
    """Leave the sentences out that begin or end both."""
    if not before or not now:
        return before, now
    old, new = (_SENTENCE_ENDS.split(words) for words in (before, now))
    old, new = ([one for one in told if one] for told in (old, new))
    shorter = min(len(old), len(new))
    first = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    last = next((n for n in range(shorter - first) if old[-1 - n] != new[-1 - n]), shorter - first)
    was, told = ("".join(sentences[first : len(sentences) - last]) for sentences in (old, new))
    lead, rest = (_LEFT_OUT if left else "" for left in (first, last))
    return tuple(f"{lead}{words}{rest}" if words else "" for words in (was, told))  # type: ignore[return-value] # two


def asks_more(before: Sequence[str], now: Sequence[str]) -> bool:
    """Tell whether a correction may ask for more than an edition before it: a paragraph more, or one with more words.

    Its facts are the same, so what it asks beyond them stands in its paragraphs, given with their figures as places.
    What was mended within a sentence, cut or moved asks nothing new.
    """
    left_out, added = ([one for one in told if one not in other] for told, other in ((before, now), (now, before)))
    return any(len(told) > len(was) for _start, _first, was, told in _changed(left_out, added))


def _of_annexes(before: Mapping[str, Sequence[Cells]], now: Mapping[str, Sequence[Cells]]) -> Iterator[Difference]:
    """Yield the rows that differ, annex by annex: those of now in their order, then those that are left out."""
    for title in dict.fromkeys((*now, *before)):
        tables = before.get(title, ()), now.get(title, ())
        columns = _identifying(tables)
        old, new = (_by_key(rows, columns) for rows in tables)
        for key in dict.fromkeys((*new, *old)):
            was, told = old.get(key, ()), new.get(key, ())
            if was != told:
                yield Difference(title, _read(was), _read(told))


def _identifying(tables: Iterable[Sequence[Cells]]) -> Sequence[int]:
    """Return the columns that say what a row is about: as few of the first ones in words as tell all rows apart.

    Numbers alone, as a place, are what is said of it. Where nothing tells the rows of a table apart, all columns.
    """
    tables = tuple(tables)
    rows = [row for table in tables for row in table]
    width = max(map(len, rows), default=0)
    worded = [n for n in range(width) if not all(_is_number(row[n : n + 1]) for row in rows)]
    for last in range(1, len(worded) + 1):
        if all(len({_cells(row, worded[:last]) for row in table}) == len(table) for table in tables):
            return worded[:last]
    return range(width)


def _by_key(rows: Iterable[Cells], columns: Sequence[int]) -> Mapping[tuple[Cells, int], Cells]:
    """Return the rows by what they are about, of those about the same by which of them it is."""
    found: dict[tuple[Cells, int], Cells] = {}
    known: Counter[Cells] = Counter()
    for row in rows:
        key = _cells(row, columns)
        found[key, known[key]] = row
        known[key] += 1
    return found


def _is_number(cell: Cells) -> bool:
    return "".join(cell).replace(".", "", 1).isdecimal()


def _cells(row: Cells, columns: Iterable[int]) -> Cells:
    return tuple(row[n] for n in columns if n < len(row))


def _read(row: Cells) -> str:
    return "，".join(filter(None, row))


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
