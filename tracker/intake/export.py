"""Drafts as `tracker.items/1`, the shape of the registered items' export."""

import re
from collections.abc import Sequence
from datetime import date

from tracker.domain.drafts import Draft, DraftItem
from tracker.domain.units import UnitRegistry

# e.g. 驻政办〔2022〕49号
_DIGITS = re.compile(r"\d+")


def export_drafts(drafts: Sequence[Draft], registry: UnitRegistry) -> dict[str, object]:
    """Return the JSON object; a name that the registry does not know has no unit."""
    return {"format": "tracker.items/1", "documents": [_document(draft, registry) for draft in drafts]}


def _document(draft: Draft, registry: UnitRegistry) -> dict[str, object]:
    codes = _codes(draft)
    return {
        "number": draft.number or draft.title,
        "title": draft.title,
        "issuer": draft.issuer,
        "issued_on": _iso(draft.issued_on),
        "effective_on": _iso(draft.effective_on),
        "expires_on": _iso(draft.expires_on),
        "ends_on": _iso(draft.plan_end.on),
        "text": draft.text,
        "items": [_item(draft, item, code, registry) for item, code in zip(draft.items, codes, strict=True)],
        "coverage": [
            {
                "start": span.start,
                "end": span.end,
                "role": span.role.value,
                **({"items": [codes[int(place)] for place in span.items]} if span.items else {}),
            }
            for span in draft.cover()
        ],
    }


def _codes(draft: Draft) -> list[str]:
    digits = _DIGITS.findall(draft.number)
    return [f"{digits[-1] if digits else 'x'}-{place:02}" for place in range(1, len(draft.items) + 1)]


def _item(draft: Draft, item: DraftItem, code: str, registry: UnitRegistry) -> dict[str, object]:
    note = item.responsibility_span
    start, end = item.span

    def unit(name: str) -> str | None:
        found = registry.resolve(name, on=draft.issued_on, document=draft.number) or registry.resolve(name)
        return found.full_name if found else None

    def members(name: str) -> list[str]:
        group = registry.group(name)
        return [member.full_name for member in registry.members(group)] if group else []

    text = draft.text[start : note[0]] + draft.text[note[1] : end] if note else draft.text[start:end]
    return {
        "code": code,
        "label": item.label,
        "kind": item.kind.value,
        "title": item.title,
        "text": text,
        "span": [start, end],
        "responsibility": draft.text[slice(*note)] if note else None,
        "leads": [{"printed": name, "unit": unit(name)} for name in item.leads],
        "lead_basis": item.lead_basis.value,
        "supports": [{"printed": name, "unit": unit(name)} for name in item.supports],
        "groups": [
            {"printed": name, "inherited_from": dict(item.inherited).get(name), "members": members(name)}
            for name in item.groups
        ],
        **_demands(item),
        "level": item.level,
        "scoring": None,
        "assigned_leads": [],
        "confidence": {entry.field.value: entry.share for entry in item.confidence},
    }


def _demands(item: DraftItem) -> dict[str, object]:
    return {
        "cadence": [
            {"kind": cadence.kind.value, "n": cadence.n, "basis": cadence.basis.value, "quote": cadence.quote}
            for cadence in item.cadences
        ],
        "deadline": {
            "on": _iso(item.deadline.on) if item.deadline else None,
            "basis": item.deadline.basis.value if item.deadline else None,
            "quote": item.deadline.quote if item.deadline else None,
        },
        "targets": [
            {
                "metric": target.metric,
                "op": target.op,
                "value": int(target.value) if target.value.is_integer() else target.value,
                "unit": target.unit,
                "per": target.per,
                "quote": target.quote,
            }
            for target in item.targets
        ],
        "evidence": [{"what": e.what, "basis": e.basis.value, "quote": e.quote} for e in item.evidence],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
