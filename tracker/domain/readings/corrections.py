"""How the office corrects a draft before approval: every correction takes a draft and returns another."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, pairwise

from tracker.domain.errors import BadInput
from tracker.domain.items import ItemKind, SpanRole
from tracker.domain.readings.coverage import Span
from tracker.domain.readings.decided import decided
from tracker.domain.readings.halves import halves
from tracker.domain.readings.item import AssignedLead, Doubt, DoubtField, Item, PrintedGroup
from tracker.domain.readings.possible import PossibleItem
from tracker.domain.readings.reading import Reading

_LEADING_NUMBER = re.compile(
    r"^(?:[（(][\d一二三四五六七八九十]+[）)]|[\d一二三四五六七八九十]+[、.．](?!\d)|[①-⑳])\s*"
)

_ADDED = "补"
_UNSURE = 0.4


class NoSuchItem(BadInput):
    """A correction names an item that the draft does not have; facts: index."""

    code = "no_such_draft_item"


class WordsNotFound(BadInput):
    """The quoted words stand nowhere in the text, or where nothing new can begin; facts: words."""

    code = "words_not_found"


class NoSuchPossible(BadInput):
    """A decision names possibly missed words that are decided already or were never found."""

    code = "no_such_possible"


class DeciderNeeded(BadInput):
    """Words become background that do not speak for the class, and nobody is named who decided it; facts: words."""

    code = "decider_needed"


class NoSuchGroup(BadInput):
    """No item of the draft names the collective; facts: group."""

    code = "no_such_draft_group"


class MembersMissing(BadInput):
    """Nobody is chosen as a member of a collective; facts: group."""

    code = "members_missing"


class SpanTaken(BadInput):
    """The words belong to another item already; facts: label."""

    code = "span_taken"


def replace_item(draft: Reading, place: int, item: Item) -> Reading:
    """Return the draft with one item corrected: what a person decided is in doubt no more, what he left alone is."""
    return _with(draft, place, decided(_item(draft, place), item))


def confirm_item(draft: Reading, place: int) -> Reading:
    """Return the draft with one item that a person found right as a whole: none of it is in doubt."""
    return _with(draft, place, replace(_item(draft, place), doubts=(), confidence=()))


def split_item(draft: Reading, place: int, *, second_begins: str) -> Reading:
    """Cut an item in two where the given words begin, each half with what belongs to it (`halves`).

    Raises NoSuchItem, WordsNotFound.
    """
    item = _item(draft, place)
    start, end = item.span
    at = draft.text.find(second_begins.strip(), start + 1, end) if second_begins.strip() else -1
    if at < 0 or (item.responsibility_span and at >= item.responsibility_span[0]):
        raise WordsNotFound(words=second_begins.strip()[:30])
    first, second = halves(item, draft.text, at=at)
    if item.title not in draft.text[start:at] and item.title in draft.text[at:end]:
        first = replace(first, title=_title(draft.text[start:at]))
    second = replace(second, title=_title(draft.text[at:end]))
    return _with_items(draft, [*draft.items[:place], first, second, *draft.items[place + 1 :]])


def merge_with_next(draft: Reading, place: int) -> Reading:
    """Join an item with the one after it; the joined item keeps the first one's label and title."""
    first, second = _item(draft, place), _item(draft, place + 1)
    leads = tuple(dict.fromkeys((*first.leads, *second.leads)))
    joined = replace(
        first,
        span=(first.span[0], second.span[1]),
        responsibility_span=second.responsibility_span or first.responsibility_span,
        leads=leads,
        supports=tuple(name for name in dict.fromkeys((*first.supports, *second.supports)) if name not in leads),
        groups=tuple(_each_once((*first.groups, *second.groups))),
        cadences=tuple(dict.fromkeys((*first.cadences, *second.cadences))),
        deadline=first.deadline or second.deadline,
        targets=tuple(dict.fromkeys((*first.targets, *second.targets))),
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
        doubts=tuple(dict.fromkeys((*first.doubts, *second.doubts, *_other_day(first, second)))),
    )
    return _with_items(draft, [*draft.items[:place], joined, *draft.items[place + 2 :]])


def _other_day(first: Item, second: Item) -> Iterator[Doubt]:
    """Doubt the day of two items that are joined and have different ones: only one of them can be kept."""
    if first.deadline and second.deadline and first.deadline.on != second.deadline.on:
        yield Doubt(DoubtField.DEADLINE, _UNSURE, second.deadline.quote or second.deadline.on.isoformat())


def drop_item(draft: Reading, place: int) -> Reading:
    """Make background of an item."""
    item = _item(draft, place)
    background = Span(*item.span, SpanRole.BACKGROUND)
    kept = _with_items(draft, [*draft.items[:place], *draft.items[place + 1 :]])
    return replace(kept, declared=(*kept.declared, background))


def add_item(draft: Reading, *, words: str, label: str) -> Reading:
    """Make an item of a stretch that belongs to none yet. Raises WordsNotFound, SpanTaken."""
    start, end = _find(draft, words)
    _refuse_taken(draft, start, end)
    new = Item(label.strip() or "—", ItemKind.ACTION, _title(draft.text[start:end]), (start, end))
    kept = replace(draft, declared=tuple(_without(draft.declared, start, end)))
    return _with_items(kept, sorted([*kept.items, new], key=lambda item: item.span))


def insert_item(draft: Reading, item: Item) -> Reading:
    """Make an item of a stretch as it was read. Raises SpanTaken."""
    start, end = item.span
    _refuse_taken(draft, start, end)
    kept = replace(draft, declared=tuple(_without(draft.declared, start, end)))
    return _with_items(kept, sorted([*kept.items, item], key=lambda each: each.span))


def settle(draft: Reading, place: int, *, role: SpanRole, decided_by: str) -> Reading:
    """Declare possibly missed words background. Raises NoSuchPossible, DeciderNeeded."""
    one = possible_at(draft, place)
    span = Span(one.start, one.end, role, decided_by=decided_by.strip())
    if not one.accepts(span):
        raise DeciderNeeded(words=draft.text[one.start : one.end][:30])
    return replace(draft, declared=(*_without(draft.declared, one.start, one.end), span))


def possible_at(draft: Reading, place: int) -> PossibleItem:
    """Return the possibly missed words at a place of those that the intake found. Raises NoSuchPossible."""
    if not 0 <= place < len(draft.possible) or draft.possible[place] not in draft.undecided:
        raise NoSuchPossible()
    return draft.possible[place]


def free_label(draft: Reading) -> str:
    """Return a label for an item that prints none, borne by no other."""
    taken = {item.label for item in draft.items}
    return next(label for n in count(1) if (label := f"{_ADDED}{n}") not in taken)


def declare(draft: Reading, *, words: str, role: SpanRole) -> Reading:
    """Say what a stretch that is no item is. Raises WordsNotFound, SpanTaken."""
    start, end = _find(draft, words)
    _refuse_taken(draft, start, end)
    return replace(draft, declared=(*_without(draft.declared, start, end), Span(start, end, role)))


def assign_lead(draft: Reading, name: str) -> Reading:
    """Propose one body as the lead 「督查室拟定」 of every item whose text prints none."""
    assigned = (AssignedLead(name.strip()),)
    items = [
        item if item.leads or item.assigned_leads else decided(item, replace(item, assigned_leads=assigned))
        for item in draft.items
    ]
    return replace(draft, items=tuple(items))


def list_members(draft: Reading, group: str, members: Iterable[str]) -> Reading:
    """Say for the whole document which units, by their codes, a printed collective is.

    Raises NoSuchGroup, MembersMissing.
    """
    codes = tuple(dict.fromkeys(members))
    if not codes:
        raise MembersMissing(group=group)
    if not any(one.printed == group for item in draft.items for one in item.groups):
        raise NoSuchGroup(group=group)

    def listed(item: Item) -> Item:
        groups = (replace(one, member_codes=codes) if one.printed == group else one for one in item.groups)
        return replace(item, groups=tuple(groups))

    return replace(draft, items=tuple(map(listed, draft.items)))


def declare_rest(draft: Reading) -> Reading:
    """Make background of everything that nobody claimed."""
    rest = [
        Span(span.start, span.end, SpanRole.BACKGROUND) for span in draft.cover() if span.role is SpanRole.UNCLASSIFIED
    ]
    return replace(draft, declared=(*draft.declared, *rest))


def _item(draft: Reading, place: int) -> Item:
    if not 0 <= place < len(draft.items):
        raise NoSuchItem(index=place + 1)
    return draft.items[place]


def _with(draft: Reading, place: int, item: Item) -> Reading:
    return replace(draft, items=(*draft.items[:place], item, *draft.items[place + 1 :]))


def _refuse_taken(draft: Reading, start: int, end: int) -> None:
    for item in draft.items:
        if start < item.span[1] and item.span[0] < end:
            raise SpanTaken(label=item.label)


def _find(draft: Reading, words: str) -> tuple[int, int]:
    wanted = words.strip()
    start = draft.text.find(wanted) if wanted else -1
    if start < 0:
        raise WordsNotFound(words=wanted[:30])
    return start, start + len(wanted)


def _without(spans: tuple[Span, ...], start: int, end: int) -> Iterator[Span]:
    """Yield the spans with [start, end) cut out of them."""
    for span in spans:
        if span.end <= start or end <= span.start:
            yield span
            continue
        if span.start < start:
            yield replace(span, end=start)
        if end < span.end:
            yield replace(span, start=end)


def _each_once(groups: Iterable[PrintedGroup]) -> Iterable[PrintedGroup]:
    """Return each printed group once, as it stands first."""
    once: dict[str, PrintedGroup] = {}
    for group in groups:
        once.setdefault(group.printed, group)
    return once.values()


def _title(words: str) -> str:
    """Take the first clause, without its number, as the title, whole: a title cut in the middle says nothing."""
    clause = _LEADING_NUMBER.sub("", words.strip())
    for mark in "。；：，\n":
        clause = clause.split(mark, 1)[0]
    return clause.strip() or words.strip()[:40]


def _with_items(draft: Reading, items: list[Item]) -> Reading:
    assert all(a.span[1] <= b.span[1] for a, b in pairwise(items))
    return replace(draft, items=tuple(items))
