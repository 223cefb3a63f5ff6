"""A document as a person or the intake read it: text, items and what each item demands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.domain.coverage import ItemSpan, Span
from tracker.domain.entered import check_day, check_number
from tracker.domain.errors import BadInput
from tracker.domain.items import Basis, Bearer, CadenceKind, ItemKind, LeadBasis, Measure, Origin, QuestionTopic
from tracker.domain.plan_ends import check_ends


class QuoteNotInText(BadInput):
    """A quotation is not verbatim; facts: code, quote."""

    code = "quote_not_in_text"


class NoLead(BadInput):
    """An item has neither a printed nor an assigned lead; facts: item."""

    code = "no_lead"


class LabelTwice(BadInput):
    """Two items that are not bundled carry one label; facts: label."""

    code = "label_twice"


class SpanOutOfText(BadInput):
    code = "span_out_of_text"


class BearerUnclear(BadInput):
    """A demand names its bearers although others are said to bear it, or none although it should; facts: item."""

    code = "bearer_unclear"


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """A printed unit, its elided prefix restored, with the code of the registered unit."""

    printed: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class AssignedLead:
    """A lead that the office assigned 「督查室拟定」 where the text prints none."""

    unit_code: str
    printed: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadGroup:
    printed: str
    member_codes: tuple[str, ...]
    inherited_from: str | None = None


@dataclass(frozen=True, slots=True)
class NamedBearer:
    """A unit or a collective that a demand names itself; the codes are its own or its members'."""

    printed: str
    unit_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """Whom a demand binds; `named` is filled where the bearer is `named`, and only there."""

    bearer: Bearer = Bearer.LEAD
    named: tuple[NamedBearer, ...] = ()


LEAD_BOUND = Bound()


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom the words name as recipient of a report; the code is None where the registry does not know the body."""

    printed: str
    unit_code: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something the text leaves open, put to the office in a sentence."""

    topic: QuestionTopic
    words: str


@dataclass(frozen=True, slots=True)
class Cadence:
    """A rhythm; without an addressee the report goes to the office."""

    kind: CadenceKind
    basis: Basis
    n: int | None = None
    quote: str | None = None
    bound: Bound = LEAD_BOUND
    addressee: Addressee | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day, inclusive, in Asia/Shanghai."""

    on: date
    basis: Basis
    quote: str | None
    bound: Bound = LEAD_BOUND


@dataclass(frozen=True, slots=True)
class Target:
    metric: str
    op: str
    value: float
    quote: str
    unit: str | None = None
    per: str | None = None
    measure: Measure | None = None
    bound: Bound = LEAD_BOUND


@dataclass(frozen=True, slots=True)
class EvidenceRequirement:
    """`form` is document, data, list or photo; `per` is period or once."""

    what: str
    basis: Basis
    quote: str | None = None
    form: str = "document"
    mandatory: bool = True
    per: str = "period"
    bound: Bound = LEAD_BOUND


@dataclass(frozen=True, slots=True)
class ReadItem:
    """One action item; `span` is [start, end) in code points, annotation included.

    `outlives` where the words give the measure a term of its own beyond the document's 「除外」.
    """

    code: str
    label: str
    kind: ItemKind
    title: str
    span: tuple[int, int]
    lead_basis: LeadBasis
    responsibility: str | None = None
    responsibility_span: tuple[int, int] | None = None
    leads: tuple[ReadUnit, ...] = ()
    supports: tuple[ReadUnit, ...] = ()
    groups: tuple[ReadGroup, ...] = ()
    assigned_leads: tuple[AssignedLead, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    deadline: Deadline | None = None
    targets: tuple[Target, ...] = ()
    evidence: tuple[EvidenceRequirement, ...] = ()
    level: str | None = None
    scoring: dict[str, object] | None = None
    note: str | None = None
    questions: tuple[Question, ...] = ()
    outlives: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole document. `ends_on` is the last day of what it plans: a year's plan ends with the year.

    `filing_on` is the day by which final figures are filed, where the document or the office names one.
    """

    number: str
    title: str
    issuer: str | None
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    text: str
    items: tuple[ReadItem, ...]
    declared: tuple[Span, ...]
    ends_on: date | None = None
    filing_on: date | None = None
    origin: Origin = Origin.PUBLISHED

    def item_text(self, item: ReadItem) -> str:
        """Return the item's words without its responsibility annotation, verbatim."""
        start, end = item.span
        if item.responsibility_span is None:
            return self.text[start:end]
        note_start, note_end = item.responsibility_span
        return self.text[start:note_start] + self.text[note_end:end]

    def item_spans(self) -> list[ItemSpan]:
        """Return where the items stand, as `coverage.cover` takes them."""
        return [ItemSpan(item.code, *item.span, item.responsibility_span) for item in self.items]


def check_reading(reading: Reading) -> None:
    """Refuse a reading that does not hold against its own text.

    Raises SpanOutOfText, QuoteNotInText, NoLead, LabelTwice, BearerUnclear, DayOutOfBounds, NumberOutOfBounds,
    EndBeforeIssue.
    """
    _check_bounds(reading)
    bundled: dict[str, tuple[int, int]] = {}
    for item in reading.items:
        start, end = item.span
        if not 0 <= start < end <= len(reading.text):
            raise SpanOutOfText(item=item.code)
        if not item.leads and not item.assigned_leads:
            raise NoLead(item=item.code)
        for bound in _bounds(item):
            if bool(bound.named) is not (bound.bearer is Bearer.NAMED):
                raise BearerUnclear(item=item.code)
        for quote, haystack in _quotes(reading, item):
            if quote not in haystack:
                raise QuoteNotInText(item=item.code, quote=quote)
        before = bundled.setdefault(item.label, item.span)
        if before is not item.span and item.span[0] > before[1] + 1:
            raise LabelTwice(label=item.label)
        bundled[item.label] = (before[0], max(before[1], end))


def _check_bounds(reading: Reading) -> None:
    """Refuse days and numbers that nothing can be reckoned with, also where a document prints them."""
    days = {
        "成文日期": reading.issued_on,
        "施行日期": reading.effective_on,
        "有效期至": reading.expires_on,
        "计划截止日期": reading.ends_on,
        "数据报送日期": reading.filing_on,
    }
    for field, day in days.items():
        if day is not None:
            check_day(day, field=field)
    check_ends(issued_on=reading.issued_on, expires_on=reading.expires_on, ends_on=reading.ends_on)
    for item in reading.items:
        if item.deadline is not None:
            check_day(item.deadline.on, field=f"事项{item.label}的时限")
        for target in item.targets:
            check_number(target.value, field=f"事项{item.label}的目标“{target.metric}”")


def _bounds(item: ReadItem) -> Iterator[Bound]:
    """Yield whom each demand of an item binds."""
    for cadence in item.cadences:
        yield cadence.bound
    for target in item.targets:
        yield target.bound
    for requirement in item.evidence:
        yield requirement.bound
    if item.deadline:
        yield item.deadline.bound


def _quotes(reading: Reading, item: ReadItem) -> list[tuple[str, str]]:
    """Return each quotation with the text it must stand in: the item's own span, or the whole document."""
    own = reading.text[item.span[0] : item.span[1]]
    quotes: list[tuple[str, str]] = [(target.quote, own) for target in item.targets]
    if item.responsibility:
        quotes.append((item.responsibility, own))
    demands: list[Cadence | Deadline | EvidenceRequirement] = [*item.cadences, *item.evidence]
    if item.deadline:
        demands.append(item.deadline)
    for demand in demands:
        if demand.quote:
            quotes.append((demand.quote, own if demand.basis is Basis.STATED else reading.text))
    return quotes
