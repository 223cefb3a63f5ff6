"""Drafts 「拆解草稿」: what the intake read of an uploaded document, and how the office corrects it before approval."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from tracker.domain.coverage import ItemSpan, Span, cover
from tracker.domain.errors import BadInput
from tracker.domain.items import ItemKind, LeadBasis, Origin, SpanRole
from tracker.domain.plan_ends import NO_PLAN, PlanEnd
from tracker.domain.readings import (
    AssignedLead,
    Cadence,
    Deadline,
    EvidenceRequirement,
    ReadGroup,
    Reading,
    ReadItem,
    ReadUnit,
    Target,
)
from tracker.domain.unit_classes import Tasking, class_of
from tracker.domain.units import UnitRegistry

_LEADING_NUMBER = re.compile(
    r"^(?:[（(][\d一二三四五六七八九十]+[）)]|[\d一二三四五六七八九十]+[、.．](?!\d)|[①-⑳])\s*"
)


class NoSuchItem(BadInput):
    """A correction names an item that the draft does not have; facts: index."""

    code = "no_such_draft_item"


class WordsNotFound(BadInput):
    """The quoted words stand nowhere in the text, or where nothing new can begin; facts: words."""

    code = "words_not_found"


class SpanTaken(BadInput):
    """The words belong to another item already; facts: label."""

    code = "span_taken"


class DraftIncomplete(BadInput):
    """Something still blocks approval; facts: count, first."""

    code = "draft_incomplete"


class DoubtField(StrEnum):
    """What of an item the intake could not decide."""

    UNITS = "units"
    LEAD = "lead"
    SUPPORTS = "supports"
    GROUPS = "groups"
    CADENCE = "cadence"
    DEADLINE = "deadline"
    TARGETS = "targets"
    EVIDENCE = "evidence"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field with its confidence, 0 to 1, and the words that left it undecided."""

    field: DoubtField
    confidence: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How likely a field was read right, 0 to 1."""

    field: DoubtField
    share: float


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One item as read; units and groups by their printed names, elided prefixes restored.

    `inherited` pairs a group with the label of the item whose words extend it to this one.
    """

    label: str
    kind: ItemKind
    title: str
    span: tuple[int, int]
    responsibility_span: tuple[int, int] | None = None
    lead_basis: LeadBasis = LeadBasis.NONE
    leads: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    assigned_leads: tuple[str, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    deadline: Deadline | None = None
    targets: tuple[Target, ...] = ()
    evidence: tuple[EvidenceRequirement, ...] = ()
    level: str | None = None
    doubts: tuple[Doubt, ...] = ()
    inherited: tuple[tuple[str, str], ...] = ()
    confidence: tuple[Confidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as read; `declared` are the stretches that are no items.

    `replaces` is the number of the registered document whose place it takes; `plan_end` the last day of what it plans.
    """

    number: str
    title: str
    issuer: str | None
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    text: str
    items: tuple[DraftItem, ...]
    declared: tuple[Span, ...]
    replaces: str | None = None
    plan_end: PlanEnd = NO_PLAN
    origin: Origin = Origin.PUBLISHED

    def cover(self) -> tuple[Span, ...]:
        """Return the whole text as adjoining spans; items are named by their place in `items`."""
        spans = [ItemSpan(str(n), *item.span, item.responsibility_span) for n, item in enumerate(self.items)]
        return cover(self.text, spans, self.declared)


class Obstacle(StrEnum):
    """What blocks approval, and what a person should see before."""

    NO_NUMBER = "no_number"
    NO_TITLE = "no_title"
    NO_ITEM = "no_item"
    UNCLASSIFIED = "unclassified"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_GROUP = "unknown_group"
    NO_LEAD = "no_lead"
    PLAN_END = "plan_end"


@dataclass(frozen=True, slots=True)
class Problem:
    """One obstacle, the item it stands in (its place) and the words concerned."""

    obstacle: Obstacle
    item: int | None = None
    words: str = ""

    @property
    def blocks(self) -> bool:
        """Say whether approval waits for it.

        A collective whose members nobody listed keeps its name, unexpanded, until the office fills them in; a document
        of which nobody can say when its plan ends has none.
        """
        return self.obstacle not in {Obstacle.UNKNOWN_GROUP, Obstacle.PLAN_END}


def problems(draft: Draft, registry: UnitRegistry) -> list[Problem]:
    """Return everything that blocks approval or should be looked at, in reading order."""
    found = []
    if not draft.number.strip():
        found.append(Problem(Obstacle.NO_NUMBER))
    if not draft.title.strip():
        found.append(Problem(Obstacle.NO_TITLE))
    if draft.plan_end.asked:
        found.append(Problem(Obstacle.PLAN_END, words=draft.plan_end.words))
    if not draft.items:
        found.append(Problem(Obstacle.NO_ITEM))
    for span in draft.cover():
        if span.role is SpanRole.UNCLASSIFIED:
            found.append(Problem(Obstacle.UNCLASSIFIED, words=draft.text[span.start : span.end].strip()))
    for place, item in enumerate(draft.items):
        found += _problems_of(item, place, draft, registry)
    return found


def _problems_of(item: DraftItem, place: int, draft: Draft, registry: UnitRegistry) -> Iterator[Problem]:
    for name in (*item.leads, *item.supports, *item.assigned_leads):
        if _unit_code(name, draft, registry) is None:
            yield Problem(Obstacle.UNKNOWN_UNIT, place, name)
    for name in item.groups:
        if registry.group(name) is None:
            yield Problem(Obstacle.UNKNOWN_GROUP, place, name)
    if not any(_may_lead(name, draft, registry) for name in (*item.leads, *item.assigned_leads)):
        yield Problem(Obstacle.NO_LEAD, place)


def _may_lead(name: str, draft: Draft, registry: UnitRegistry) -> bool:
    """Tell whether a named lead may get a share; a name nobody knows is an obstacle of its own."""
    code = _unit_code(name, draft, registry)
    if code is None:
        return True
    unit = registry.unit(code)
    return class_of(unit.kind, tasked=unit.tasked).may_task is not Tasking.NEVER


def to_reading(draft: Draft, registry: UnitRegistry, *, code_prefix: str, assigned_because: str) -> Reading:
    """Return the draft as a reading that can be registered. Raises DraftIncomplete."""
    blocking = [problem for problem in problems(draft, registry) if problem.blocks]
    if blocking:
        raise DraftIncomplete(count=len(blocking), first=blocking[0].words or blocking[0].obstacle.value)
    width = max(2, len(str(len(draft.items))))

    def code(name: str) -> str:
        found = _unit_code(name, draft, registry)
        assert found is not None
        return found

    def members(name: str) -> tuple[str, ...]:
        group = registry.group(name)
        return group.members if group else ()

    items = tuple(
        ReadItem(
            code=f"{code_prefix}-{place:0{width}}",
            label=item.label,
            kind=item.kind,
            title=item.title,
            span=item.span,
            lead_basis=item.lead_basis,
            responsibility=draft.text[slice(*item.responsibility_span)] if item.responsibility_span else None,
            responsibility_span=item.responsibility_span,
            leads=tuple(ReadUnit(name, code(name)) for name in item.leads),
            supports=tuple(ReadUnit(name, code(name)) for name in item.supports),
            groups=tuple(ReadGroup(name, members(name), dict(item.inherited).get(name)) for name in item.groups),
            assigned_leads=tuple(AssignedLead(code(name), name, assigned_because) for name in item.assigned_leads),
            cadences=item.cadences,
            deadline=item.deadline,
            targets=item.targets,
            evidence=item.evidence,
            level=item.level,
        )
        for place, item in enumerate(draft.items, start=1)
    )
    return Reading(
        draft.number.strip(),
        draft.title.strip(),
        draft.issuer,
        draft.issued_on,
        draft.effective_on,
        draft.expires_on,
        draft.text,
        items,
        draft.declared,
        ends_on=draft.plan_end.on,
        origin=draft.origin,
    )


def _unit_code(name: str, draft: Draft, registry: UnitRegistry) -> str | None:
    unit = registry.resolve(name, on=draft.issued_on, document=draft.number) or registry.resolve(name)
    return unit.code if unit else None


def replace_item(draft: Draft, place: int, item: DraftItem) -> Draft:
    """Return the draft with one item corrected; a person's decision leaves no doubt."""
    _item(draft, place)
    items = list(draft.items)
    items[place] = replace(item, doubts=(), confidence=())
    return replace(draft, items=tuple(items))


def split_item(draft: Draft, place: int, *, second_begins: str) -> Draft:
    """Cut an item in two where the given words begin. Raises NoSuchItem, WordsNotFound."""
    item = _item(draft, place)
    start, end = item.span
    at = draft.text.find(second_begins.strip(), start + 1, end) if second_begins.strip() else -1
    if at < 0 or (item.responsibility_span and at >= item.responsibility_span[0]):
        raise WordsNotFound(words=second_begins.strip()[:30])
    first = replace(item, span=(start, at), responsibility_span=None, targets=_within(item.targets, draft, start, at))
    second = replace(
        item, span=(at, end), title=_title(draft.text[at:end]), targets=_within(item.targets, draft, at, end)
    )
    return _with_items(draft, [*draft.items[:place], first, second, *draft.items[place + 1 :]])


def merge_with_next(draft: Draft, place: int) -> Draft:
    """Join an item with the one after it; the joined item keeps the first one's label and title."""
    first, second = _item(draft, place), _item(draft, place + 1)
    leads = tuple(dict.fromkeys((*first.leads, *second.leads)))
    joined = replace(
        first,
        span=(first.span[0], second.span[1]),
        responsibility_span=second.responsibility_span or first.responsibility_span,
        leads=leads,
        supports=tuple(name for name in dict.fromkeys((*first.supports, *second.supports)) if name not in leads),
        groups=tuple(dict.fromkeys((*first.groups, *second.groups))),
        cadences=tuple(dict.fromkeys((*first.cadences, *second.cadences))),
        deadline=first.deadline or second.deadline,
        targets=(*first.targets, *second.targets),
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
        doubts=tuple(dict.fromkeys((*first.doubts, *second.doubts))),
    )
    return _with_items(draft, [*draft.items[:place], joined, *draft.items[place + 2 :]])


def drop_item(draft: Draft, place: int) -> Draft:
    """Make background of an item."""
    item = _item(draft, place)
    background = Span(*item.span, SpanRole.BACKGROUND)
    kept = _with_items(draft, [*draft.items[:place], *draft.items[place + 1 :]])
    return replace(kept, declared=(*kept.declared, background))


def add_item(draft: Draft, *, words: str, label: str) -> Draft:
    """Make an item of a stretch that belongs to none yet. Raises WordsNotFound, SpanTaken."""
    start, end = _find(draft, words)
    for item in draft.items:
        if start < item.span[1] and item.span[0] < end:
            raise SpanTaken(label=item.label)
    new = DraftItem(label.strip() or "—", ItemKind.ACTION, _title(draft.text[start:end]), (start, end))
    kept = replace(draft, declared=tuple(_without(draft.declared, start, end)))
    return _with_items(kept, sorted([*kept.items, new], key=lambda item: item.span))


def declare(draft: Draft, *, words: str, role: SpanRole) -> Draft:
    """Say what a stretch that is no item is. Raises WordsNotFound, SpanTaken."""
    start, end = _find(draft, words)
    for item in draft.items:
        if start < item.span[1] and item.span[0] < end:
            raise SpanTaken(label=item.label)
    return replace(draft, declared=(*_without(draft.declared, start, end), Span(start, end, role)))


def assign_lead(draft: Draft, name: str) -> Draft:
    """Propose one body as the lead 「督查室拟定」 of every item whose text prints none."""
    items = [
        item if item.leads or item.assigned_leads else replace(item, assigned_leads=(name.strip(),), doubts=())
        for item in draft.items
    ]
    return replace(draft, items=tuple(items))


def declare_rest(draft: Draft) -> Draft:
    """Make background of everything that nobody claimed."""
    rest = [
        Span(span.start, span.end, SpanRole.BACKGROUND) for span in draft.cover() if span.role is SpanRole.UNCLASSIFIED
    ]
    return replace(draft, declared=(*draft.declared, *rest))


def _item(draft: Draft, place: int) -> DraftItem:
    if not 0 <= place < len(draft.items):
        raise NoSuchItem(index=place + 1)
    return draft.items[place]


def _find(draft: Draft, words: str) -> tuple[int, int]:
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


def _within(targets: tuple[Target, ...], draft: Draft, start: int, end: int) -> tuple[Target, ...]:
    return tuple(target for target in targets if target.quote in draft.text[start:end])


def _title(words: str) -> str:
    """Take the first clause, without its number, as the title, whole: a title cut in the middle says nothing."""
    clause = _LEADING_NUMBER.sub("", words.strip())
    for mark in "。；：，\n":
        clause = clause.split(mark, 1)[0]
    return clause.strip() or words.strip()[:40]


def _with_items(draft: Draft, items: list[DraftItem]) -> Draft:
    assert all(a.span[1] <= b.span[1] for a, b in pairwise(items))
    return replace(draft, items=tuple(items))
