"""A document as a person or the intake read it: its head, its text and what each item of it demands."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.items import Origin
from tracker.domain.plan_ends import NO_PLAN, PlanEnd
from tracker.domain.readings.coverage import ItemSpan, Span, cover
from tracker.domain.readings.item import Item
from tracker.domain.readings.possible import PossibleItem, undecided


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole document, from draft 「拆解草稿」 to registration; `declared` are the stretches that are no items.

    `plan_end` is the last day of what it plans: a year's plan ends with the year. `filing_on` is the day by which final
    figures are filed, where the document or the office names one. `replaces` is the number of the registered document
    whose place it takes.
    """

    number: str
    title: str
    issuer: str | None
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    text: str
    items: tuple[Item, ...]
    declared: tuple[Span, ...]
    plan_end: PlanEnd = NO_PLAN
    filing_on: date | None = None
    origin: Origin = Origin.PUBLISHED
    replaces: str | None = None
    possible: tuple[PossibleItem, ...] = ()

    def item_text(self, item: Item) -> str:
        """Return the item's words without its responsibility annotation, verbatim."""
        start, end = item.span
        if item.responsibility_span is None:
            return self.text[start:end]
        note_start, note_end = item.responsibility_span
        return self.text[start:note_start] + self.text[note_end:end]

    @property
    def undecided(self) -> tuple[PossibleItem, ...]:
        """What may oblige somebody and was neither made an item nor declared background."""
        return undecided(self.possible, items=(item.span for item in self.items), declared=self.declared)

    def cover(self) -> tuple[Span, ...]:
        """Return the whole text as adjoining spans; items are named by their place in `items`, from 0."""
        spans = [ItemSpan(str(n), *item.span, item.responsibility_span) for n, item in enumerate(self.items)]
        return cover(self.text, spans, self.declared)
