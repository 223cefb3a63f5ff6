"""The paragraphs of a circular's text: worded by its template, or written by hand 「人工撰写」 on cited items."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from tracker.domain.circulars.content import tokens
from tracker.domain.circulars.proposals import is_naming
from tracker.domain.circulars.typed import check_braces, has_brace
from tracker.domain.errors import BadInput, Rejected

_LAST_PLACE = 99
_ADDED = 0  # the place of what is added among the numbers of what was there


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


class PaperSaysNothing(Rejected):
    """No paragraph of the text is left but headings."""

    code = "paper_says_nothing"


class NamingOutOfChapter(BadInput):
    """A sentence that praises or criticises a unit would stand before the first heading, in no chapter."""

    code = "naming_out_of_chapter"


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
    if has_brace(words):
        raise FigureByHand()
    return Paragraph(0, words, tuple(cited))


def check_places(told: Iterable[Paragraph]) -> None:
    """Refuse braces that name no figure, also in drafts that were kept before. Raises StrayBrace, FigureByHand."""
    for one in told:
        if one.by_hand and has_brace(one.words):
            raise FigureByHand()
        check_braces(one.words)


def check_says_something(told: Iterable[Paragraph]) -> None:
    """Refuse a paper of title and annexes alone. Raises PaperSaysNothing."""
    if not any(one.level == 0 and one.words for one in told):
        raise PaperSaysNothing()


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
    """Return the paragraphs that have words, each whose place was changed at that place, the others as they stood.

    Of several that are to stand at one place the later ones follow. One that is added comes after the paragraph that
    was the `after`th so far, None puts it last. Raises PlaceUnknown,
    NamingOutOfChapter.
    """
    for typed in places:
        if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= _LAST_PLACE):
            raise PlaceUnknown(words=typed[:20])
    numbers = range(1, len(told) + 1)
    at = [int(typed) for typed in places] or list(numbers)
    moved = [(place, n) for place, n, one in zip(at, numbers, told, strict=True) if place != n and one.words]
    order = [n for n in numbers if (at[n - 1], n) not in moved]
    anchor = after if after is not None and 1 <= after <= len(told) else None
    if added is not None and anchor in order:
        order.insert(order.index(anchor) + 1, _ADDED)
    order = [n for n in order if n == _ADDED or told[n - 1].words]
    last = 0
    for place, n in sorted(moved):
        last = max(place, last + 1)
        order.insert(last - 1, n)
    if added is not None and _ADDED not in order:
        order.insert(order.index(anchor) + 1 if anchor is not None else len(order), _ADDED)
    ordered = [added if n == _ADDED and added is not None else told[n - 1] for n in order]
    check_chapters(ordered)
    return ordered


def check_chapters(told: Sequence[Paragraph]) -> None:
    """Refuse a sentence that praises or criticises before the first heading. Raises NamingOutOfChapter."""
    before = list(takewhile(lambda one: not one.level, told))
    if len(before) < len(told) and any(is_naming(key) for one in before for key in tokens(one.words)):
        raise NamingOutOfChapter()


def left_out(told: Iterable[Paragraph], template: Sequence[tuple[int, str]]) -> dict[str, str]:
    """Return the paragraphs of the template that stand nowhere as they were, by their numbers there, from 1."""
    standing = {(one.level, one.words) for one in told}
    return {str(number): said[1] for number, said in enumerate(template, 1) if said not in standing}


def restored(
    told: Sequence[Paragraph], template: Sequence[tuple[int, str]], chosen: Collection[str]
) -> list[Paragraph]:
    """Put paragraphs of the template back 「恢复模板原段」, each behind the nearest one before it that stands.

    `chosen` are their numbers in the template; what stands already is not put twice. Raises BadInput where one is none.
    """
    if not set(chosen) <= {str(number) for number in range(1, len(template) + 1)}:
        raise BadInput()
    found = list(told)
    for number in (number for number in left_out(told, template) if number in chosen):
        *before, back = [Paragraph(level, words) for level, words in template[: int(number)]]
        found.insert(max((found.index(one) + 1 for one in before if one in found), default=0), back)
    return found
