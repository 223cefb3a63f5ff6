"""What changed between two texts 「与上期对比」: words taken away and added, and how much of them is the same."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Days and numbers change as a whole: 「9月30日」, 「20.6亿元」, 「75%」; of the rest each character is a word.
_WORD = re.compile(
    r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d+(?:[.,]\d+)*(?:[%％]|[万亿]?[元个家件次期项人户])?|[A-Za-z]+|\s+|.",
    re.DOTALL,
)
_CLAUSE = re.compile(r"[^，。；！？、\n]+[，。；！？、\n]*|[，。；！？、\n]+")
# Longer texts are compared clause by clause: nobody reads a change of single characters there.
_MOST_WORDS = 800
# A shorter stretch that stayed between two changes is read as part of them.
_SHORTEST_KEPT = 2
NEARLY_ALIKE = 90  # percent
# Below it a text was written anew: the few words that happen to stand in both would be read as torn out of each.
_WRITTEN_ANEW = 25  # percent


class Change(StrEnum):
    KEPT = "kept"
    TAKEN = "taken"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class TextChanges:
    """`pieces` in reading order, what was taken away before what came in its place; `alike` is percent, rounded down.

    `alike` is 100 only where nothing but blanks changed; `only_numbers` where nothing but days and numbers did. Of a
    text that was written anew both stand as a whole.
    """

    pieces: tuple[Piece, ...]
    alike: int
    only_numbers: bool = False

    @property
    def same(self) -> bool:
        return self.alike == 100

    @property
    def nearly(self) -> bool:
        """Whether hardly anything was written anew."""
        return not self.same and (self.only_numbers or self.alike >= NEARLY_ALIKE)


def text_changes(before: str, now: str) -> TextChanges:
    """Compare two texts; blanks alone are no change."""
    before, now = before.strip(), now.strip()
    if _solid(before) == _solid(now):
        return TextChanges((Piece(Change.KEPT, now),) if now else (), 100)
    old, new = _words(before), _words(now)
    if max(len(old), len(new)) > _MOST_WORDS:
        old, new = _CLAUSE.findall(before), _CLAUSE.findall(now)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    kept = sum(len("".join(old[block.a : block.a + block.size])) for block in matcher.get_matching_blocks())
    alike = min(99, 200 * kept // (len(before) + len(now)))
    only_numbers = bool(before) and _masked(before) == _masked(now)
    if alike < _WRITTEN_ANEW and not only_numbers:
        return TextChanges(tuple(_changed(before, now)), alike)
    return TextChanges(tuple(_pieces(matcher, old, new)), alike, only_numbers)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _solid(text: str) -> str:
    return "".join(text.split())


def _masked(text: str) -> str:
    """Return a text as if all its days and numbers were the same."""
    return "".join("0" if word[0].isdigit() else word for word in _words(_solid(text)))


def _pieces(matcher: "SequenceMatcher[str]", old: Sequence[str], new: Sequence[str]) -> list[Piece]:
    found: list[Piece] = []
    taken = added = ""
    for tag, a, b, c, d in matcher.get_opcodes():
        stayed = "".join(new[c:d]) if tag == "equal" else ""
        between = (taken or added) and d < len(new)
        if stayed and (len(stayed) >= _SHORTEST_KEPT or not between):
            found += _changed(taken, added)
            taken = added = ""
            found.append(Piece(Change.KEPT, stayed))
        else:
            taken += "".join(old[a:b])
            added += "".join(new[c:d])
    return found + _changed(taken, added)


def _changed(taken: str, added: str) -> list[Piece]:
    pieces = (Piece(Change.TAKEN, taken), Piece(Change.ADDED, added))
    return [piece for piece in pieces if piece.text]
