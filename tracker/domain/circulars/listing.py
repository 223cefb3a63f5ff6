"""Names and clauses as a sentence of a circular lists them."""

from collections.abc import Sequence

from tracker.domain.circulars.facts import OverdueFact
from tracker.domain.circulars.row_facts import RowFact
from tracker.domain.quoting import quoted

# Of one document alone, and of each of several, so many items are cited; so many documents are.
_MOST, _MOST_OF_EACH = 3, 2
_MOST_DOCUMENTS = 4


def clauses(lines: Sequence[OverdueFact]) -> str:
    """Cite what is overdue, document by document: its number once, then its clauses, with the name where several bear
    one.

    Each document says how many items of it are meant where not all are cited, in its own order, each item once: a
    number of all would be read as that of the document cited last. A document of which ticks alone are owed says so.
    """
    named: dict[str, dict[str, RowFact]] = {}
    for line in lines:
        named.setdefault(line.document, {}).update({row.item_code: row for row in line.rows})
    most = _MOST if len(named) == 1 else _MOST_OF_EACH
    cited = [_cited(document, tuple(rows.values()), most) for document, rows in named.items()]
    rest = list(named.values())[_MOST_DOCUMENTS:]
    if not rest:
        return "，".join(cited)
    items = sum(map(len, rest))
    others = f"另有{len(rest)}件文件的{f'{items}个事项' if items else '其他配合事项'}"
    return "，".join((*cited[:_MOST_DOCUMENTS], others))


def _cited(document: str, rows: Sequence[RowFact], most: int) -> str:
    if not rows:
        return f"{document}其他配合事项"
    told = sorted(rows, key=lambda row: row.place)[:most]
    more = f"等{len(rows)}个事项" if len(rows) > most else ""
    return f"{document}{'、'.join(map(_clause, told))}{more}"


def _clause(row: RowFact) -> str:
    return f"{row.label}{quoted(row.title) if row.shared_label else ''}"


def some_of(names: Sequence[str], most: int, unit: str) -> str:
    """List the first names and say how many there are in all; a name that stands for several is said once."""
    said = list(dict.fromkeys(names))
    if len(said) == len(names) <= most:
        return "、".join(said)
    return f"{'、'.join(said[:most])}等{len(names)}{unit}"
