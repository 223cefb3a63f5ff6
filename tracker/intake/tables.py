"""Rows of tables → items: what stands under each head says what is to be done, by whom, by when, proven by what."""

from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from tracker.domain.items import ItemKind
from tracker.domain.readings.layout import CELL
from tracker.intake.annotations import annotations
from tracker.intake.column_heads import DUTIES, WORDS, Column, columns_of, is_head_row
from tracker.intake.duty_words import FIELDS
from tracker.intake.expressions import expression
from tracker.intake.headings import headings, kind_of
from tracker.intake.outline import Node
from tracker.intake.stretches import Record, Segment, title_of

_FIELD_OF = {
    Column.LEAD: "牵头单位",
    Column.DUTY: "责任单位",
    Column.SUPPORT: "配合单位",
    Column.TIME: "完成时限",
    Column.PACE: "时序进度",
}
_NOTHING = {"/", "—", "-", "无", "－", "——"}
_SAYS_WHAT = {*WORDS, Column.METRIC}
OVER_TABLES = {"annex", "part", "article", "han", "bracket_han"}
# The number before a task inside its cell.
# e.g. 1.更换管网
_OWN_NUMBER = expression(r"[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:[）)]|[.．、](?!\d))\s*")
# Between names that stand one below the other, or a blank apart.
# e.g. 市财政局 市水利局
_BETWEEN_NAMES = expression(r"(?<=[\u4e00-\u9fff）)]) (?=[\u4e00-\u9fff])")
# e.g. 工作方案、会议纪要
_BETWEEN_PRODUCTS = expression(r"[、，,；; ]|(?<=。)")
# A product's number is no part of it.
# e.g. 1.工作方案
_PRODUCT_NUMBER = expression(r"^(?:\d{1,2}[.．、]|[（(]\d{1,2}[）)])")
_PRODUCT_MARKS = "。．. "


@dataclass(slots=True)
class Table:
    """Heads, and the rows under them as stretches of the text."""

    columns: tuple[Column | None, ...]
    head: tuple[int, int]
    rows: list[tuple[int, int]] = field(default_factory=list)


def tables(text: str) -> list[Table]:
    """Return the tables of a normalised text; lines between rows that hold no table do not end it."""
    found: list[Table] = []
    start = 0
    heads: list[list[str]] = []
    for line in text.split("\n"):
        if CELL in line:
            cells = line.split(CELL)
            if is_head_row(cells):
                heads = [*heads, cells] if heads and len(heads[0]) == len(cells) else [cells]
                columns = columns_of(heads) or columns_of([cells])
                if columns:
                    begin = found.pop().head[0] if len(heads) > 1 and found and not found[-1].rows else start
                    found.append(Table(columns, (begin, start + len(line))))
            elif found and len(cells) == len(found[-1].columns):
                heads = []
                found[-1].rows.append((start, start + len(line)))
        else:
            heads = []
        start += len(line) + 1
    return found


def rows_of(text: str, table: Table, *, nodes: list[Node], title: str) -> Iterator[Segment]:
    """Yield an item for each row that says what is to be done; rows of one number and one task are one item."""
    before: Segment | None = None
    for n, (start, end) in enumerate(table.rows, start=1):
        row = _segment(text, table, start, end, ordinal=n, nodes=nodes, title=title)
        if row is None:
            continue
        if before and before.end + 1 == row.start and _is_same(text, before, row):
            before = _together(before, row)
            continue
        if before:
            yield before
        before = row
    if before:
        yield before


def _segment(
    text: str, table: Table, start: int, end: int, *, ordinal: int, nodes: list[Node], title: str
) -> Segment | None:
    cells = _cells(text, start, end)
    by_column: dict[Column, list[tuple[int, int]]] = {}
    for column, cell in zip(table.columns, cells, strict=True):
        if column and cell[0] < cell[1]:
            by_column.setdefault(column, []).append(cell)
    words = [
        cell for column, cell in zip(table.columns, cells, strict=True) if column in _SAYS_WHAT and cell[0] < cell[1]
    ]
    if not words:
        return None
    first = text[slice(*words[0])]
    own = _OWN_NUMBER.match(first)
    number = next((text[slice(*cell)] for cell in by_column.get(Column.NUMBER, [])), "") or (own.group() if own else "")
    name = title_of(first[own.end() if own else 0 :], marks=annotations(first[own.end() if own else 0 :]))
    over = heading_over(nodes, start)
    chain = [*(headings(text, node=over) if over else []), name]
    is_indicator = Column.METRIC in by_column and not by_column.keys() & WORDS
    duties = [
        cell for column, cell in zip(table.columns, cells, strict=True) if column in _FIELD_OF and cell[0] < cell[1]
    ]
    return Segment(
        label=(over.label if over else "") + (number.strip(" .．、") or str(ordinal)),
        kind=ItemKind.INDICATOR if is_indicator else kind_of(title, chain=chain),
        title=name,
        start=start,
        end=end,
        annotations=tuple(sorted(duties)),
        record=Record(
            words=tuple(words) if not is_indicator else tuple(words + by_column.get(Column.VALUE, [])),
            notes=tuple(_notes(text, table, cells)),
            evidence=tuple(_products(text, by_column.get(Column.EVIDENCE, []))),
            measured=_measured(text, by_column) if is_indicator else None,
            facts=tuple(by_column.get(Column.PROBLEM, [])) if Column.TASK in by_column else (),
        ),
    )


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = []
    for cell in text[start:end].split(CELL):
        found.append((start, start + len(cell)))
        start += len(cell) + 1
    return found


def _notes(text: str, table: Table, cells: list[tuple[int, int]]) -> Iterator[str]:
    """Yield the words of the columns about duties and times under the label of their head, and annotations inside."""
    for column, cell in zip(table.columns, cells, strict=True):
        words = text[slice(*cell)].strip()
        if column in _FIELD_OF:
            yield from labelled(column, words)
        elif column in _SAYS_WHAT:
            yield from (words[a:b] for a, b in annotations(words))


def labelled(column: Column, words: str) -> Iterator[str]:
    """Yield what stands under a head about duties or times as a field of an annotation; words with a label keep it."""
    words = words.strip()
    if column not in _FIELD_OF or not words or words in _NOTHING:
        return
    if FIELDS.match(words):
        yield words
    else:
        names = _BETWEEN_NAMES.sub("、", words) if column in DUTIES else words
        yield f"{_FIELD_OF[column]}：{names}"


def _products(text: str, cells: list[tuple[int, int]]) -> Iterator[str]:
    for cell in cells:
        for part in _BETWEEN_PRODUCTS.split(text[slice(*cell)]):
            product = _PRODUCT_NUMBER.sub("", part.strip()).strip(_PRODUCT_MARKS)
            if len(product) > 1:
                yield product


def _measured(text: str, by_column: dict[Column, list[tuple[int, int]]]) -> tuple[str, str, str] | None:
    values = by_column.get(Column.VALUE, [])
    if not values:
        return None
    unit = next((text[slice(*cell)] for cell in by_column.get(Column.UNIT_OF_MEASURE, [])), "")
    metric = text[slice(*by_column[Column.METRIC][-1])]
    return metric, text[slice(*values[-1])], "" if unit in {"—", "-", "/"} else unit


def heading_over(nodes: list[Node], start: int, *, kinds: AbstractSet[str] = OVER_TABLES) -> Node | None:
    """Return the heading that a place stands under: the last number before it, or a heading over that."""
    place = bisect_left(nodes, start, key=lambda node: node.start)
    last: Node | None = nodes[place - 1] if place else None
    while last is not None and last.kind not in kinds:
        last = last.parent
    return last


def _is_same(text: str, before: Segment, row: Segment) -> bool:
    assert before.record
    assert row.record
    same = [text[slice(*a)] for a in before.record.words] == [text[slice(*b)] for b in row.record.words]
    return same and before.label == row.label


def _together(before: Segment, row: Segment) -> Segment:
    """Return one item of two rows that a task takes: what the second says of duties stands behind the first's."""
    assert before.record
    assert row.record
    notes = tuple(dict.fromkeys([*before.record.notes, *row.record.notes]))
    return Segment(
        label=before.label,
        kind=before.kind,
        title=before.title,
        start=before.start,
        end=row.end,
        annotations=(*before.annotations, *row.annotations),
        record=Record(
            before.record.words,
            notes,
            tuple(dict.fromkeys([*before.record.evidence, *row.record.evidence])),
            before.record.measured,
            before.record.facts,
        ),
    )
