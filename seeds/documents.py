"""Loads the documents that were read by hand: `documents/<number>/text.txt` and `items.json` beside it."""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from seeds.registry import BadSeedFile
from tracker.domain.items import Basis, Bearer, CadenceKind, ItemKind, LeadBasis, Measure, QuestionTopic, SpanRole
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.readings.checking import check_reading
from tracker.domain.readings.coverage import Span
from tracker.domain.readings.demands import (
    Addressee,
    Bound,
    Cadence,
    Deadline,
    EvidenceRequirement,
    NamedBearer,
    Target,
)
from tracker.domain.readings.item import AssignedLead, Item, PrintedGroup, PrintedUnit, Question
from tracker.domain.readings.reading import Reading
from tracker.domain.units import UnitRegistry


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _GroupEntry(_Entry):
    printed: str
    inherited_from: str | None = None


class _AssignedEntry(_Entry):
    unit: str
    reason: str


class _SpanEntry(_Entry):
    start: int
    end: int
    role: SpanRole


class _DemandEntry(_Entry):
    """`bearers` are the bodies as printed, units or collectives, and stand only where `bearer` is `named`."""

    bearer: Bearer = Bearer.LEAD
    bearers: tuple[str, ...] = ()


class _CadenceEntry(_DemandEntry):
    kind: CadenceKind
    n: int | None = None
    basis: Basis
    quote: str
    addressee: str | None = None


class _QuestionEntry(_Entry):
    topic: QuestionTopic
    words: str


class _DeadlineEntry(_DemandEntry):
    on: date
    basis: Basis
    quote: str


class _TargetEntry(_DemandEntry):
    metric: str
    op: str
    value: float
    unit: str | None
    per: str | None
    quote: str
    measure: Measure | None = None


class _EvidenceEntry(_DemandEntry):
    what: str
    quote: str
    form: str
    mandatory: bool
    per: str


class _ItemEntry(_Entry):
    code: str
    label: str
    kind: ItemKind
    title: str
    span: tuple[int, int]
    responsibility: str | None
    responsibility_span: tuple[int, int] | None
    lead_basis: LeadBasis
    leads: tuple[str, ...]
    supports: tuple[str, ...]
    groups: tuple[_GroupEntry, ...]
    assigned_leads: tuple[_AssignedEntry, ...]
    cadence: tuple[_CadenceEntry, ...]
    deadline: _DeadlineEntry | None
    targets: tuple[_TargetEntry, ...]
    evidence: tuple[_EvidenceEntry, ...]
    level: str | None
    scoring: dict[str, object] | None
    note: str | None
    questions: tuple[_QuestionEntry, ...] = ()
    outlives: bool = False


class _DocumentFile(_Entry):
    number: str
    title: str
    issuer: str
    issued_on: date
    effective_on: date | None
    expires_on: date | None
    ends_on: date | None = None
    filing_on: date | None = None
    items: tuple[_ItemEntry, ...]
    background: tuple[_SpanEntry, ...]


class _Units:
    """Resolves printed names of one document; a name that stands for nobody is refused with its place."""

    def __init__(self, registry: UnitRegistry, *, path: Path, number: str, issued_on: date) -> None:
        self._registry, self._path = registry, path
        self._number, self._issued_on = number, issued_on

    def code(self, printed: str, *, item: str) -> str:
        unit = self._registry.resolve(printed, on=self._issued_on, document=self._number)
        if unit is None:
            raise BadSeedFile(self._path, problem=f"{item}: no registered unit is printed as {printed}")
        return unit.code

    def group(self, printed: str, *, item: str) -> tuple[str, ...]:
        group = self._registry.group(printed)
        if group is None:
            raise BadSeedFile(self._path, problem=f"{item}: no registered group is printed as {printed}")
        return group.members

    def bound(self, entry: _DemandEntry, *, item: str) -> Bound:
        """Return whom a demand binds; a name is a collective where the registry has one, else a unit."""
        named = []
        for printed in entry.bearers:
            group = self._registry.group(printed)
            codes = group.members if group else (self.code(printed, item=item),)
            named.append(NamedBearer(printed, codes))
        return Bound(entry.bearer, tuple(named))

    def addressee(self, printed: str | None) -> Addressee | None:
        if printed is None:
            return None
        unit = self._registry.resolve(printed, on=self._issued_on, document=self._number)
        return Addressee(printed, unit.code if unit else None)


def load_documents(folder: Path, registry: UnitRegistry) -> tuple[Reading, ...]:
    """Read every document under `folder`, in the order of the folders' names.

    Raises BadSeedFile, and what `check_reading` raises where a reading does not hold against its text.
    """
    return tuple(_load(path, registry) for path in sorted(folder.glob("*/items.json")))


def _load(path: Path, registry: UnitRegistry) -> Reading:
    text = (path.parent / "text.txt").read_text(encoding="utf-8").rstrip("\n")
    try:
        entry = _DocumentFile.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise BadSeedFile(path, problem=str(error)) from error
    units = _Units(registry, path=path, number=entry.number, issued_on=entry.issued_on)
    reading = Reading(
        number=entry.number,
        title=entry.title,
        issuer=entry.issuer,
        issued_on=entry.issued_on,
        effective_on=entry.effective_on,
        expires_on=entry.expires_on,
        text=text,
        items=tuple(_item(item, units) for item in entry.items),
        declared=tuple(Span(span.start, span.end, span.role) for span in entry.background),
        plan_end=PlanEnd(entry.ends_on),
        filing_on=entry.filing_on,
    )
    check_reading(reading)
    return reading


def _item(entry: _ItemEntry, units: _Units) -> Item:
    deadline = entry.deadline

    def bound(demand: _DemandEntry) -> Bound:
        return units.bound(demand, item=entry.code)

    return Item(
        code=entry.code,
        label=entry.label,
        kind=entry.kind,
        title=entry.title,
        span=entry.span,
        lead_basis=entry.lead_basis,
        responsibility=entry.responsibility,
        responsibility_span=entry.responsibility_span,
        leads=tuple(PrintedUnit(name, units.code(name, item=entry.code)) for name in entry.leads),
        supports=tuple(PrintedUnit(name, units.code(name, item=entry.code)) for name in entry.supports),
        groups=tuple(
            PrintedGroup(group.printed, units.group(group.printed, item=entry.code), group.inherited_from)
            for group in entry.groups
        ),
        assigned_leads=tuple(
            AssignedLead(lead.unit, units.code(lead.unit, item=entry.code), lead.reason)
            for lead in entry.assigned_leads
        ),
        cadences=tuple(
            Cadence(c.kind, c.basis, c.n, c.quote, bound(c), units.addressee(c.addressee)) for c in entry.cadence
        ),
        deadline=Deadline(deadline.on, deadline.basis, deadline.quote, bound(deadline)) if deadline else None,
        targets=tuple(
            Target(t.metric, t.op, t.value, t.quote, t.unit, t.per, t.measure, bound(t)) for t in entry.targets
        ),
        evidence=tuple(
            EvidenceRequirement(e.what, Basis.STATED, e.quote, e.form, e.mandatory, e.per, bound(e))
            for e in entry.evidence
        ),
        level=entry.level,
        scoring=entry.scoring,
        note=entry.note,
        outlives=entry.outlives,
        questions=tuple(Question(question.topic, question.words) for question in entry.questions),
    )
