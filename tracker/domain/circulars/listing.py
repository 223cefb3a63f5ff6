"""Names and clauses as a sentence of a circular lists them."""

from collections.abc import Sequence

from tracker.domain.circulars.facts import OverdueFact


def clauses(lines: Sequence[OverdueFact]) -> str:
    """Name the clauses of what is overdue by the documents' numbers, and count the items, each of them once."""
    rows = {row.item_code: f"{line.document}{row.label}" for line in lines for row in line.rows}
    return some_of(list(rows.values()), 3, "个事项") or "其他配合事项"


def some_of(names: Sequence[str], most: int, unit: str) -> str:
    """List the first names and say how many there are in all; a name that stands for several is said once."""
    said = list(dict.fromkeys(names))
    if len(said) == len(names) <= most:
        return "、".join(said)
    return f"{'、'.join(said[:most])}等{len(names)}{unit}"
