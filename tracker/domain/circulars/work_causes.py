"""Why work is behind, as far as a paper says it: causes outside of its leads, and never by what is left over.

A unit's own doing is criticism, which is proposed, served and heard (`naming.py`): to say of one item why it is behind
and of another nothing would tell everybody whose own doing the other is, or excuse both.
"""

from collections import Counter
from collections.abc import Sequence

from tracker.domain.circulars.work_done import Behind, cited, recorded_cause
from tracker.domain.claims import CauseClass

_NOT_OUTSIDE = (None, CauseClass.OWN_WORK, CauseClass.OTHER)
_MOST_TOLD = 6


def outside(told: Sequence[Behind]) -> list[Behind]:
    """Return that of which each lead that is behind had a cause outside of the leads recorded."""
    return [one for one in told if _is_outside(one)]


def of_all(told: Sequence[Behind]) -> list[Behind]:
    """Return what is behind where all of it is so for causes outside of its leads, else nothing; nor of a single item,
    where silence would tell as much as a word.
    """
    return list(told) if len(told) > 1 and all(map(_is_outside, told)) else []


def _is_outside(one: Behind) -> bool:
    """Tell whether every lead gave a cause that is not its own; what the office found to be less than said is none."""
    alike = all(not (said.lowered or said.cause_class in _NOT_OUTSIDE) for said in one.results)
    return bool(one.results) and len(one.results) == len(one.parts) and alike


def named_causes(told: Sequence[Behind]) -> str:
    """Name the classes of causes that were recorded, the commonest first."""
    counted = Counter(words for one in told for words in {said.cause_words: None for said in one.results})
    return "、".join(words for words, _count in counted.most_common())


def items_with_causes(told: Sequence[Behind]) -> str:
    """Say item by item why it is behind, as it was recorded; of many the first. For papers to leaders alone."""
    said = [f"{one.task.document}{cited(one.task)}未达序时的原因为{_causes(one)}" for one in told]
    return "；".join(said[:_MOST_TOLD]) + (f"；等{len(said)}项" if len(said) > _MOST_TOLD else "")


def _causes(one: Behind) -> str:
    return "、".join(dict.fromkeys(map(recorded_cause, one.results)))
