"""The paragraphs of a circular's text: worded by its template, or written by hand 「人工撰写」 on cited items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.domain.circulars.content import tokens
from tracker.domain.errors import BadInput

_LAST_PLACE = 99


class NothingCited(BadInput):
    """A paragraph written by hand says of no item what it is about."""

    code = "nothing_cited"


class CitedUnknown(BadInput):
    """What a paragraph cites is no item of an issued document; facts: words."""

    code = "cited_unknown"


class FigureByHand(BadInput):
    """A paragraph written by hand has the place of a figure: figures stay in the sentences that say what they count."""

    code = "figure_by_hand"


class PlaceUnknown(BadInput):
    """A paragraph is to stand at a place that is no whole number from 1 to 99; facts: words."""

    code = "place_unknown"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; `level` 0 is text, 1 and more headings. `cited` are items, 文号 and clause, of one by hand."""

    level: int
    words: str
    cited: tuple[str, ...] = ()

    @property
    def by_hand(self) -> bool:
        """Whether somebody wrote it, and answers for what it asserts."""
        return bool(self.cited)

    def kept(self) -> list[object]:
        """Return what an edition keeps of it."""
        return [self.level, self.words, list(self.cited)] if self.cited else [self.level, self.words]


def paragraphs(kept: Iterable[Sequence[object]]) -> list[Paragraph]:
    """Return the paragraphs that an edition keeps."""
    return [_paragraph(*statement) for statement in kept]


def _paragraph(level: object, words: object, cited: object = ()) -> Paragraph:
    items = tuple(map(str, cited)) if isinstance(cited, (list, tuple)) else ()
    return Paragraph(int(str(level)), str(words), items)


def check_by_hand(words: str, cited: Sequence[str], *, known: frozenset[str]) -> Paragraph:
    """Return a paragraph written by hand; `known` are the items that may be cited.

    Raises NothingCited, CitedUnknown, FigureByHand.
    """
    if not cited:
        raise NothingCited()
    for item in cited:
        if item not in known:
            raise CitedUnknown(words=item)
    if tokens(words):
        raise FigureByHand()
    return Paragraph(0, words, tuple(cited))


def ending_chapter(told: Sequence[Paragraph], headings: Sequence[str], added: Paragraph) -> list[Paragraph]:
    """Return paragraphs with one more, last in the chapter of the first of some headings that there is, else last."""
    for heading in headings:
        for at, one in enumerate(told):
            if one.level == 1 and heading in one.words:
                following = (n for n in range(at + 1, len(told)) if told[n].level == 1)
                end = next(following, len(told))
                return [*told[:end], added, *told[end:]]
    return [*told, added]


def in_their_places(
    told: Sequence[Paragraph], places: Sequence[str], *, added: Paragraph | None = None, after: int | None = None
) -> list[Paragraph]:
    """Return paragraphs in the order of the places that were given, those of one place as they stood.

    One that is added comes after the paragraph that was the `after`th so far, None puts it last. Raises PlaceUnknown.
    """
    for place in places:
        if not (place.isascii() and place.isdigit() and 1 <= int(place) <= _LAST_PLACE):
            raise PlaceUnknown(words=place[:20])
    at = [int(place) for place in places] or list(range(1, len(told) + 1))
    placed = list(zip(at, told, strict=True))
    if added is not None:
        placed.append((at[after - 1] if after and after <= len(at) else _LAST_PLACE + 1, added))
    return [one for _place, one in sorted(placed, key=lambda pair: pair[0])]
