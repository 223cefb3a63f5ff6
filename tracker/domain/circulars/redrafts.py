"""A draft made anew from the data of now 「重拟」: what a person wrote into the one before is carried over.

A sentence that somebody reworded takes the place of its template's sentence where the template says that word for word
still; else the template's stays, and the reworded one is kept beside the draft. What was left out or moved comes as the
template has it, for the facts are others. Praise and criticism by name are served anew, so none is carried over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tracker.domain.circulars.content import tokens
from tracker.domain.circulars.new_editions import Statement
from tracker.domain.circulars.paragraphs import Paragraph
from tracker.domain.circulars.proposals import is_naming

# How much of a sentence is left where it counts as the same, reworded.
_ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Worded:
    """A paper's words: as its template gave them, or as somebody left them."""

    title: str
    addressees: str
    copies: str
    note: str
    statements: Sequence[Statement]


@dataclass(frozen=True, slots=True)
class Carried:
    """The text of a draft made anew, and the paragraphs that somebody wrote and that do not stand in it."""

    text: list[Paragraph]
    left_behind: list[Paragraph]


def carry_over(
    kept: Sequence[Paragraph],
    before: Sequence[Statement],
    fresh: Sequence[Statement],
    *,
    may_stand: Callable[[Paragraph], bool],
) -> Carried:
    """Return the text of a draft made anew of `fresh`, the template's words of now, with what was written by hand.

    `kept` are the paragraphs of the draft that is given up, `before` its template's words; `may_stand` tells whether
    what somebody wrote holds in the new one. A paragraph by hand follows the one that it followed.
    """
    here = [Paragraph(level, words) for level, words in fresh]
    following: dict[int, list[Paragraph]] = {}
    left, after = [], -1
    for one in kept:
        at = _place(one, kept, before, fresh)
        if one.by_hand or (at is not None and (one.level, one.words) != fresh[at]):
            if not may_stand(one):
                left.append(one)
            elif one.by_hand:
                following.setdefault(after, []).append(one)
            else:
                here[at or 0] = one
        elif at is None and _is_reworded(one, before):
            left.append(one)
        after = at if at is not None else after
    text = following.get(-1, [])
    for place, one in enumerate(here):
        text = [*text, one, *following.get(place, [])]
    return Carried(text, left)


def _place(
    one: Paragraph, kept: Sequence[Paragraph], before: Sequence[Statement], fresh: Sequence[Statement]
) -> int | None:
    """Return where the template says now what a paragraph says, or what it was reworded from; None where nowhere."""
    said = (one.level, one.words)
    if not one.by_hand and said not in before:
        origin = _origin(one, kept, before) if _is_reworded(one, before) else None
        if origin is None:
            return None
        said = origin
    return fresh.index(said) if not one.by_hand and said in fresh else None


def _is_reworded(one: Paragraph, before: Sequence[Statement]) -> bool:
    naming = any(is_naming(key) for key in tokens(one.words))
    return not one.by_hand and not naming and (one.level, one.words) not in before


def _origin(one: Paragraph, kept: Sequence[Paragraph], before: Sequence[Statement]) -> Statement | None:
    """Return the template's sentence that was reworded: the likest of those that stand nowhere as they were."""
    standing = {(other.level, other.words) for other in kept}
    known = [said for said in before if said not in standing and said[0] == one.level]
    alike = [(SequenceMatcher(None, said[1], one.words, autojunk=False).ratio(), said) for said in known]
    best = max(alike, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= _ALIKE else None
