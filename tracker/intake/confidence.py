"""How far a field of a draft can be trusted: the share that was read right, by the way it was read.

Shares were counted on the readings of `tests/data/intake` and of the eight seeded documents together (507 items), as
(right + 1) / (read + 2). Evidence was not counted there; its share is an estimate.
"""

from tracker.domain.items import LeadBasis
from tracker.domain.readings.item import Confidence, Doubt, DoubtField, Item

_LEAD = {
    LeadBasis.EXPLICIT: 0.99,
    LeadBasis.FIRST_LISTED: 0.99,
    LeadBasis.INHERENT: 0.97,
    LeadBasis.COLLECTIVE: 0.93,
    LeadBasis.NONE: 0.92,
}
_CADENCE = (0.98, 0.94, 0.76, 0.67)
_TARGETS = (0.96, 0.92, 0.91, 0.83)
_EVIDENCE = (0.9, 0.8)


def confidence(item: Item, doubts: tuple[Doubt, ...]) -> tuple[Confidence, ...]:
    """Return the share of each field; a doubt that was noted lowers its field to the doubt's own."""
    shares = {
        DoubtField.LEAD: _LEAD[item.lead_basis],
        DoubtField.SUPPORTS: 0.99 if item.supports else 0.96,
        DoubtField.GROUPS: 0.96 if item.groups else 0.98,
        DoubtField.CADENCE: _CADENCE[min(len(item.cadences), 3)],
        DoubtField.DEADLINE: 0.98 if item.deadline else 0.99,
        DoubtField.TARGETS: _TARGETS[min(len(item.targets), 3)],
        DoubtField.EVIDENCE: _EVIDENCE[min(len(item.evidence), 1)],
    }
    for doubt in doubts:
        shares[doubt.field] = min(doubt.confidence, shares.get(doubt.field, 1.0))
    return tuple(Confidence(field, share) for field, share in shares.items())
