"""What may be missed in a draft, as the workbench lists it."""

from dataclasses import dataclass

from tracker.domain.readings.reading import Reading


@dataclass(frozen=True, slots=True)
class PossibleEntry:
    """Words that may be a missed item: their place among what the intake found, and the classes they speak for."""

    place: int
    words: str
    reason: str
    classes: tuple[str, ...]


def possible_entries(draft: Reading) -> tuple[PossibleEntry, ...]:
    """Return the words of a draft that nobody has decided yet."""
    undecided = draft.undecided
    return tuple(
        PossibleEntry(
            place, draft.text[one.start : one.end], one.reason.value, tuple(role.value for role in one.classes)
        )
        for place, one in enumerate(draft.possible)
        if one in undecided
    )
