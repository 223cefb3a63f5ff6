"""How far a field of a draft can be trusted: the share that was read right where it agreed so with a second look.

Shares were counted on the readings of the eight seeded documents and of `tests/data/intake/development` and `unseen`
together (483 items), rounded to few steps and capped: a document that nobody has seen is read a little worse than those
that the rules were written on. Looks that are rare there have the share that their reason speaks for.
"""

from functools import cache
from itertools import starmap

from tracker.domain.readings.item import Confidence, Doubt, DoubtField, Item
from tracker.intake.second_look import second_look

_USUAL = {
    DoubtField.LEAD: 0.98,
    DoubtField.SUPPORTS: 0.97,
    DoubtField.GROUPS: 0.97,
    DoubtField.CADENCE: 0.97,
    DoubtField.DEADLINE: 0.97,
    DoubtField.TARGETS: 0.97,
    DoubtField.EVIDENCE: 0.96,
}
# A number whose unit is not known was not asked for its role; alone it is mostly a target that was missed.
_STRANGE = {
    "none_strange": 0.4,
    "unread_strange": 0.8,
    "unread_many_strange": 0.4,
    "one_strange": 0.7,
    "many_strange": 0.7,
    "one_more_strange": 0.8,
    "many_more_strange": 0.7,
}
_SHARES = {
    DoubtField.LEAD: {
        "inherent": 0.97,
        "none": 0.95,
        "none_unread": 0.9,
        "none_named": 0.3,
        "acting": 0.5,
        "strange": 0.6,
        "two_notes": 0.3,
    },
    DoubtField.SUPPORTS: {"unread": 0.9, "strange": 0.8, "acting": 0.4, "two_notes": 0.3},
    DoubtField.GROUPS: {
        "many_more": 0.8,
        "sentences_acting": 0.3,
        "two_notes": 0.5,
        "sentences_one": 0.94,
        "sentences_one_more": 0.9,
        "sentences_unread": 0.3,
        "sentences_unread_many": 0.3,
    },
    DoubtField.CADENCE: {
        "many": 0.75,
        "many_more": 0.5,
        "one_more": 0.6,
        "one": 0.94,
        "one_always": 0.9,
        "none_always": 0.9,
        "unread": 0.9,
        "unread_many": 0.8,
    },
    DoubtField.DEADLINE: {"before_another": 0.4, "unread": 0.9, "unread_many": 0.82},
    DoubtField.TARGETS: {"many": 0.94, "many_more": 0.9, "one": 0.95, **_STRANGE},
    DoubtField.EVIDENCE: {
        "unread": 0.84,
        "unread_many": 0.78,
        "one": 0.75,
        "one_more": 0.55,
        "many": 0.6,
        "many_more": 0.2,
    },
}


def confidence(item: Item, doubts: tuple[Doubt, ...], *, words: str, note: str) -> tuple[Confidence, ...]:
    """Return the share of each field; a doubt that was noted lowers its field to the doubt's own."""
    looks = second_look(item, words=words, note=note)
    shares = {field: _SHARES[field].get(look, _USUAL[field]) for field, look in looks.items()}
    for doubt in doubts:
        shares[doubt.field] = min(doubt.confidence, shares.get(doubt.field, 1.0))
    return tuple(starmap(_confidence, shares.items()))


@cache  # of a few dozen shares: seven for each item of a long document
def _confidence(field: DoubtField, share: float) -> Confidence:
    return Confidence(field, share)
