"""Items as `tracker.items/1`: one shape for what the intake read and for what is registered."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.items import Bearer
from tracker.domain.readings.demands import Bound, Target
from tracker.domain.readings.item import TRUSTED, Item, PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.domain.readings.resolving import resolve
from tracker.domain.units import UnitRegistry

FORMAT = "tracker.items/1"
Json = dict[str, object]
# e.g. 驻政办〔2022〕49号
_DIGITS = re.compile(r"\d+")


def export_drafts(drafts: Iterable[Reading], registry: UnitRegistry) -> Json:
    """Return what the intake read; a name that the registry does not know has no unit."""
    names = {unit.code: unit.full_name for unit in registry.units}
    coded = [_coded(resolve(draft, registry)) for draft in drafts]
    return {"format": FORMAT, "documents": [_Document(draft, names, registered=False).json() for draft in coded]}


def export_registered(readings: Iterable[Reading], names: Mapping[str, str]) -> Json:
    """Return registered documents; `names` are the full names of the units by their codes."""
    return {"format": FORMAT, "documents": [_Document(reading, names, registered=True).json() for reading in readings]}


def _coded(draft: Reading) -> Reading:
    digits = _DIGITS.findall(draft.number)
    prefix = digits[-1] if digits else "x"
    items = tuple(replace(item, code=f"{prefix}-{place:02}") for place, item in enumerate(draft.items, start=1))
    return replace(draft, items=items)


@dataclass(frozen=True, slots=True)
class _Document:
    """Shapes one document, with or without what is known of registered ones only."""

    reading: Reading
    names: Mapping[str, str]
    registered: bool

    def json(self) -> Json:
        reading = self.reading
        return {
            "number": reading.number or reading.title,
            "title": reading.title,
            "issuer": reading.issuer,
            "issued_on": _iso(reading.issued_on),
            "effective_on": _iso(reading.effective_on),
            "expires_on": _iso(reading.expires_on),
            "ends_on": _iso(reading.plan_end.on),
            **self._when_registered({"filing_on": _iso(reading.filing_on)}),
            "text": reading.text,
            "items": [self._item(item) for item in reading.items],
            "coverage": list(self._coverage()),
            **({} if self.registered else {"possible": self._possible()}),
        }

    def _when_registered(self, facts: Json) -> Json:
        """Return what the intake reads nothing of."""
        return facts if self.registered else {}

    def _coverage(self) -> Iterator[Json]:
        items = self.reading.items
        for span in self.reading.cover():
            entry: Json = {"start": span.start, "end": span.end, "role": span.role.value}
            if span.items:
                entry["items"] = [items[int(place)].code for place in span.items]
            yield entry

    def _possible(self) -> list[Json]:
        """Return the unclaimed words that may oblige somebody, each with its reason and verbatim."""
        words = self.reading.text
        return [
            {"start": one.start, "end": one.end, "reason": one.reason.value, "quote": words[one.start : one.end]}
            for one in self.reading.undecided
        ]

    def _item(self, item: Item) -> Json:
        return {
            "code": item.code,
            "label": item.label,
            "kind": item.kind.value,
            "title": item.title,
            "text": self.reading.item_text(item),
            "span": list(item.span),
            "responsibility": item.responsibility,
            "leads": self._units(item.leads),
            "lead_basis": item.lead_basis.value,
            "supports": self._units(item.supports),
            "groups": [
                {
                    "printed": group.printed,
                    "inherited_from": group.inherited_from,
                    "members": [self.names[code] for code in group.member_codes],
                }
                for group in item.groups
            ],
            **self._demands(item),
            "level": item.level,
            "scoring": item.scoring,
            "assigned_leads": [{"unit": self._name(lead), "reason": lead.reason} for lead in item.assigned_leads],
            **({} if self.registered else _trust(item)),
        }

    def _units(self, printed: Sequence[PrintedUnit]) -> list[Json]:
        return [{"printed": unit.printed, "unit": self._name(unit)} for unit in printed]

    def _name(self, unit: PrintedUnit) -> str | None:
        return None if unit.unit_code is None else self.names[unit.unit_code]

    def _demands(self, item: Item) -> Json:
        deadline = item.deadline
        return {
            "cadence": [
                {
                    "kind": cadence.kind.value,
                    "n": cadence.n,
                    "basis": cadence.basis.value,
                    "quote": cadence.quote,
                    "addressee": cadence.addressee.printed if cadence.addressee else None,
                    **_whom(cadence.bound),
                }
                for cadence in item.cadences
            ],
            "deadline": {
                "on": _iso(deadline.on) if deadline else None,
                "basis": deadline.basis.value if deadline else None,
                "quote": deadline.quote if deadline else None,
                **(_whom(deadline.bound) if deadline else {}),
            },
            "targets": [self._target(target) for target in item.targets],
            "evidence": [
                {"what": e.what, "basis": e.basis.value, "quote": e.quote, **_whom(e.bound)} for e in item.evidence
            ],
        }

    def _target(self, target: Target) -> Json:
        return {
            **({"measure": target.measure.value} if target.measure else {}),
            "metric": target.metric,
            "op": target.op,
            "value": int(target.value) if target.value.is_integer() else target.value,
            "unit": target.unit,
            "per": target.per,
            "quote": target.quote,
            **_whom(target.bound),
        }


def _whom(bound: Bound) -> Json:
    """Return whom a demand binds."""
    named: Json = {"bearers": [body.printed for body in bound.named]} if bound.bearer is Bearer.NAMED else {}
    return {"bearer": bound.bearer.value, **named}


def _trust(item: Item) -> Json:
    """Return the share of each field and, of the doubtful ones, the words that left them undecided, where known."""
    words = {doubt.field: doubt.words for doubt in item.doubts if doubt.confidence < TRUSTED}
    return {
        "confidence": {sure.field.value: sure.share for sure in item.confidence},
        "doubts": [
            {
                "field": sure.field.value,
                "reason": "undecided" if sure.field in words else "two_readings",
                "words": words.get(sure.field) or None,
            }
            for sure in item.confidence
            if sure.share < TRUSTED
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
