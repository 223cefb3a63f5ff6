"""Rows of forms as circulars count them, and how papers list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.owed import Paper
from tracker.domain.quoting import quoted

_OTHERS = "其他配合事项"  # the one tick of a form for all that it does not list


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFact:
    """One row of a form: its item as the document prints it, and where it stands.

    `reason` is why it was returned and `mend_on` by when it is to be mended, while its correction runs; `place` is
    where it stands among the documents' items, `shared_label` where another item of its document bears the same label.
    """

    task_id: int | None
    item_code: str
    label: str
    title: str
    paper: Paper
    reason: str | None = None
    mend_on: date | None = None
    place: tuple[int, int] = (0, 0)
    shared_label: bool = False

    @property
    def name(self) -> str:
        """What tells it apart within its document."""
        return f"{self.label}{quoted(self.title)}" if self.shared_label else self.label


def listed_items(rows: Sequence[RowFact]) -> str:
    """Write items as the document prints them, number and name; a form of ticks alone names none."""
    return "；".join(f"{row.label} {row.title}" for row in rows) or _OTHERS


def listed_names(rows: Sequence[RowFact]) -> str:
    """Write rows by their labels, by label and title where the document prints a label twice."""
    return "、".join(row.name for row in rows) or _OTHERS
