"""Names and clauses as a sentence of a circular lists them."""

from collections.abc import Sequence
from itertools import groupby

from tracker.domain.circulars.facts import OverdueFact
from tracker.domain.quoting import quoted

_MOST = 3


def clauses(lines: Sequence[OverdueFact]) -> str:
    """Cite what is overdue: each document's number once, then its clauses, with the name where several items bear one.

    The first three are cited and all are counted, each item once.
    """
    named = {
        (line.document, row.item_code): f"{row.label}{quoted(row.title) if row.shared_label else ''}"
        for line in lines
        for row in line.rows
    }
    if not named:
        return "其他配合事项"
    cited = list(named.items())[:_MOST]
    by_document = [
        f"{document}{'、'.join(label for _item, label in items)}"
        for document, items in groupby(cited, key=lambda one: one[0][0])
    ]
    return "，".join(by_document) + (f"等{len(named)}个事项" if len(named) > len(cited) else "")


def some_of(names: Sequence[str], most: int, unit: str) -> str:
    """List the first names and say how many there are in all; a name that stands for several is said once."""
    said = list(dict.fromkeys(names))
    if len(said) == len(names) <= most:
        return "、".join(said)
    return f"{'、'.join(said[:most])}等{len(names)}{unit}"
