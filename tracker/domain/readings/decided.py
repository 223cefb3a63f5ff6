"""Which doubts of an item a correction has decided."""

from dataclasses import replace

from tracker.domain.readings.demands import LEAD_BOUND
from tracker.domain.readings.item import DoubtField, Item

# What of an item a doubt is about.
_READ_OF = {
    DoubtField.UNITS: ("leads", "supports", "groups", "assigned_leads"),
    DoubtField.LEAD: ("leads", "assigned_leads"),
    DoubtField.SUPPORTS: ("supports",),
    DoubtField.GROUPS: ("groups",),
    DoubtField.CADENCE: ("cadences",),
    DoubtField.DEADLINE: ("deadline",),
    DoubtField.TARGETS: ("targets",),
    DoubtField.EVIDENCE: ("evidence",),
    DoubtField.BEARER: (),  # by `_whom`: it stands in several fields
    DoubtField.KIND: ("kind",),
}


def decided(old: Item, new: Item) -> Item:
    """Return an item without the doubts of those fields that are no more as they were read."""
    before, after = _left_to_lead(old), _left_to_lead(new)
    settled = {
        field for field, names in _READ_OF.items() if any(getattr(before, n) != getattr(after, n) for n in names)
    }
    if _whom(old) != _whom(new):
        settled.add(DoubtField.BEARER)
    return replace(
        new,
        doubts=tuple(doubt for doubt in new.doubts if doubt.field not in settled),
        confidence=tuple(entry for entry in new.confidence if entry.field not in settled),
    )


def _left_to_lead(item: Item) -> Item:
    """Return an item whose rhythms, numbers and day name nobody: whom they bind is a doubt of its own."""
    return replace(
        item,
        cadences=tuple(replace(one, bound=LEAD_BOUND, addressee=None) for one in item.cadences),
        targets=tuple(replace(one, bound=LEAD_BOUND) for one in item.targets),
        deadline=item.deadline and replace(item.deadline, bound=LEAD_BOUND),
    )


def _whom(item: Item) -> list[object]:
    """Return whom the demands of an item bind besides the lead, and to whom its reports go besides the office."""
    to: list[object] = [one.addressee for one in item.cadences if one.addressee]
    return to + [bound for bound in item.bounds if bound != LEAD_BOUND]
