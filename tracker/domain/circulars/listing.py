"""Names and clauses as a sentence of a circular lists them."""

from collections.abc import Sequence

from tracker.domain.circulars.facts import OverdueFact, RowFact
from tracker.domain.quoting import quoted

_MOST = 3


def clauses(lines: Sequence[OverdueFact]) -> str:
    """Cite what is overdue: each document's number once, then its clauses, with the name where several items bear one.

    The first three are cited, of a document in its own order, and all are counted, each item once.
    """
    named: dict[str, dict[str, RowFact]] = {}
    for line in lines:
        named.setdefault(line.document, {}).update({row.item_code: row for row in line.rows})
    every = sum(map(len, named.values()))
    if not every:
        return "其他配合事项"
    cited: list[str] = []
    left = _MOST
    for document, rows in named.items():
        told = sorted(rows.values(), key=lambda row: row.place)[:left]
        left -= len(told)
        if told:
            cited.append(f"{document}{'、'.join(map(_clause, told))}")
    return "，".join(cited) + (f"等{every}个事项" if every > _MOST else "")


def _clause(row: RowFact) -> str:
    return f"{row.label}{quoted(row.title) if row.shared_label else ''}"


def some_of(names: Sequence[str], most: int, unit: str) -> str:
    """List the first names and say how many there are in all; a name that stands for several is said once."""
    said = list(dict.fromkeys(names))
    if len(said) == len(names) <= most:
        return "、".join(said)
    return f"{'、'.join(said[:most])}等{len(names)}{unit}"
