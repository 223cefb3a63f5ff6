"""What a field of a form is called, and what stands in it, as people read both."""

from string import digits

from tracker.domain.jottings import OLDER
from tracker.wording.acts import FIELD_NAMES
from tracker.wording.catalogue import CAUSES, CLAIMS, OUTCOMES

TICKS = frozenset({"tick", "keep", "sure"})
_CODED = {"claim": CLAIMS, "outcome": OUTCOMES, "cause_class": CAUSES}


def kind_of(field: str) -> str:
    """Return what a field of a share is about: 「a7-v3」, the value of share 7 for target 3, is a 「v」."""
    return field.rpartition("-")[2].rstrip(digits)


def words_of(field: str, text: str) -> tuple[str, str]:
    """Name a field, and word what stands in it; of two texts of one writer the older is called that."""
    kind = kind_of(field)
    if kind in TICKS:
        text = "已勾选" if text else ""
    name = FIELD_NAMES.get(kind, kind)
    return f"{name}（先写的）" if field.startswith(OLDER) else name, _CODED.get(kind, {}).get(text, text)
