"""Why nobody asks any more for what was owed: the reasons that were recorded, never a phrase for all of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_UNKNOWN = "情况变化"


@dataclass(frozen=True, slots=True)
class Unasked:
    """A row that its unit need not file now; `why` is the recorded reason in words, `missed` where it ended unfiled."""

    row_id: int
    why: str
    missed: bool = False


def joined_reasons(rows: Iterable[Unasked]) -> str:
    """Put the reasons of the rows of one report together, each once, as they come."""
    return "、".join(dict.fromkeys(row.why for row in rows)) or _UNKNOWN


def counted_reasons(reasons: Sequence[str], *, unit: str) -> str:
    """Count reasons, the commonest first, so that the counts add up; one that all share needs no count."""
    counted = Counter(reasons).most_common()
    if len(counted) == 1:
        return counted[0][0]
    return "；".join(f"{words}{count}{unit}" for words, count in counted)
