"""The form of a month's inputs: numbers by item and object, occurrences and checks by kind; how it is read back.

Names of fields: `f3-yc` is the fourth figure of the scheme for an object (`f3-all`: for all), `s2-words` and `s2-file`
the source of the figures under the third item; `k1-none`, `k1-words`, `k1-file` of the second kind, and `k1r0-object`
and so on of the first thing that is added under it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracker.domain.entered import clean_words, read_exact
from tracker.domain.errors import BadInput
from tracker.domain.filings import check_words
from tracker.domain.scoring.asked import AskedItem, items_asked, kinds_asked
from tracker.domain.scoring.entries import (
    Entry,
    InputKind,
    Key,
    ToldTwice,
    What,
    check_entry,
    kinds_in,
    left_to_case,
)
from tracker.domain.scoring.numbers import parts_over
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.scheme import Figure
from tracker.gateways.score_books import item_labels, kind_names
from tracker.store.tables.scoring import ScoreInputRow
from tracker.web.forms import FieldMissing
from tracker.web.parts import sent_fields
from tracker.web.scoring_views import MonthSeen
from tracker.wording.refusals import sentence

ADDED = 3  # things that can be added under a kind at once
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number to be handed in; `row` is what stands there."""

    name: str
    object: str
    label: str
    figure: Figure
    row: ScoreInputRow | None

    @property
    def text(self) -> str:
        return self.row.value or "" if self.row else ""


@dataclass(frozen=True, slots=True)
class ItemGrid:
    """The figures under an item: a line an object, and what all objects have in common."""

    number: int
    asked: AskedItem
    own: tuple[Figure, ...]
    lines: tuple[tuple[str, tuple[Cell, ...]], ...]
    common: tuple[Cell, ...]

    @property
    def cells(self) -> Iterator[Cell]:
        for _, cells in self.lines:
            yield from cells
        yield from self.common


@dataclass(frozen=True, slots=True)
class KindBlock:
    """A kind of what may happen or be found, with what is handed in of it."""

    number: int
    what: What
    name: str
    items: tuple[tuple[str, str], ...]
    takes_marks: bool
    rows: tuple[ScoreInputRow, ...]
    none_said: bool

    @property
    def is_check(self) -> bool:
        return self.what[0] is InputKind.CHECK


@dataclass(frozen=True, slots=True)
class Told:
    """What a form said: entries with the beginning of the fields of their source, kinds of which nothing happened.

    `emptied` are the inputs whose numbers were cleared.
    """

    entries: tuple[tuple[Entry, str], ...]
    none: tuple[What, ...]
    emptied: tuple[int, ...]
    errors: Mapping[str, str]


def grids_of(seen: MonthSeen, supplies: Collection[What]) -> tuple[ItemGrid, ...]:
    """Return the figures that a month needs of what somebody hands in."""
    order = {item.code: number for number, (_, item) in enumerate(seen.scheme.items())}
    found = []
    for asked in items_asked(seen.rules, seen.month):
        own = tuple(one for one in asked.figures if (InputKind.FIGURE, one.code) in supplies)
        if own:
            found.append(_grid(seen, asked, own, number=order[asked.item.code]))
    return tuple(found)


def _grid(seen: MonthSeen, asked: AskedItem, own: tuple[Figure, ...], *, number: int) -> ItemGrid:
    places = {one.code: place for place, one in enumerate(seen.scheme.figures)}
    rows = {(row.code, row.object): row for row in seen.standing if row.kind == InputKind.FIGURE.value}

    def cell(figure: Figure, unit: str, name: str) -> Cell:
        field = f"f{places[figure.code]}-{unit or _ALL}"
        return Cell(field, unit, f"{name}{figure.name}", figure, rows.get((figure.code, unit)))

    each = [one for one in own if not one.common]
    lines = tuple(
        (one.name, tuple(cell(figure, one.unit, one.name) for figure in each)) for one in seen.scheme.objects if each
    )
    common = tuple(cell(figure, "", "") for figure in own if figure.common)
    return ItemGrid(number, asked, own, lines, common)


def blocks_of(seen: MonthSeen, supplies: Collection[What]) -> tuple[KindBlock, ...]:
    """Return the kinds of what may happen or be found in a month, of those that somebody hands in."""
    scheme = seen.scheme
    names, labels, counted = kind_names(scheme), item_labels(scheme), kinds_in(scheme)
    case_by_case = left_to_case(scheme)
    return tuple(
        KindBlock(
            number,
            what,
            names[what],
            tuple((code, labels[code]) for code in counted[what]),
            what[0] is InputKind.OCCURRENCE and what[1] in case_by_case,
            tuple(row for row in seen.standing if (row.kind, row.code) == (what[0].value, what[1])),
            what in seen.none_said,
        )
        for number, what in enumerate(counted)
        if what in supplies and what in kinds_asked(scheme, seen.month)
    )


class GridReader:
    """Reads what was sent of the form, with every fault by the name of its field.

    `version` is the last input that the form showed: what came later it leaves alone.
    """

    def __init__(self, seen: MonthSeen, *, version: int) -> None:
        self._seen, self._version = seen, version
        self._emptied: list[int] = []
        self._entries: list[tuple[Entry, str]] = []
        self._none: list[What] = []
        self._errors: dict[str, str] = {}
        self._added: set[Key] = set()

    def read(self, grids: tuple[ItemGrid, ...], blocks: tuple[KindBlock, ...]) -> Told:
        for grid in grids:
            self._read_grid(grid)
        for block in blocks:
            self._read_block(block)
        self._refuse_parts([cell for grid in grids for cell in grid.cells])
        return Told(tuple(self._entries), tuple(self._none), tuple(self._emptied), self._errors)

    def _read_grid(self, grid: ItemGrid) -> None:
        before = len(self._entries)
        for cell in grid.cells:
            text = _sent(cell.name)
            if not text:
                if not _is_empty(cell.name):
                    self._number(cell.name, sent_fields()[cell.name], cell.label)
                elif cell.row is not None and (cell.row.id or 0) <= self._version and cell.name in sent_fields():
                    self._emptied.append(cell.row.id or 0)
                continue
            value = self._number(cell.name, text.removesuffix("%") if cell.figure.unit == "%" else text, cell.label)
            if value is not None and number_text(value) != cell.text:
                entry = Entry(kind=InputKind.FIGURE, code=cell.figure.code, object=cell.object, value=value)
                self._keep(entry, f"s{grid.number}", cell.name, cell.label)
        self._need_source(before, f"s{grid.number}")

    def _refuse_parts(self, cells: list[Cell]) -> None:
        """Refuse a part above its whole, also beside what stands there already, at what was changed."""
        changed = {(one.code, one.object): one.value for one, _ in self._entries if one.kind is InputKind.FIGURE}
        standing = {(cell.figure.code, cell.object): Decimal(cell.text) for cell in cells if cell.text}
        numbers = {key: value for key, value in (standing | changed).items() if value is not None}
        fields = {(cell.figure.code, cell.object): cell for cell in cells}
        for part in parts_over(self._seen.scheme, numbers):
            key = (part.part.code, part.object)
            for wrong in (key,) if key in changed else sorted(part.keys & changed.keys()):
                if wrong in fields:
                    self._fault(
                        fields[wrong].name, part.refused(name=fields[key].label if key in fields else part.part.name)
                    )

    def _read_block(self, block: KindBlock) -> None:
        before, begin = len(self._entries), f"k{block.number}"
        for number in range(ADDED):
            self._read_added(block, f"{begin}r{number}-", begin)
        if _sent(f"{begin}-none") and not block.none_said:
            self._none.append(block.what)
        self._need_source(before, begin)

    def _read_added(self, block: KindBlock, key: str, begin: str) -> None:
        fields = ("object", "reference", "marks", "reported", "found")
        told = {name: _sent(key + name) for name in fields}
        items = tuple(code for code, _ in block.items if code in sent_fields().getlist(key + "items"))
        if not any(told.values()):
            return
        units = {one.unit for one in self._seen.scheme.objects}
        if told["object"] not in units:
            self._fault(key + "object", FieldMissing(field="考评对象"))
        if not told["reference"]:
            self._fault(key + "reference", FieldMissing(field="名称"))
        first, second = ("reported", "found") if block.is_check else ("marks", "")
        value = (
            self._number(key + first, told[first], "上报数" if block.is_check else "认定扣分") if told[first] else None
        )
        found = self._number(key + second, told[second], "核查数") if second and told[second] else None
        if not any(name.startswith(key) for name in self._errors):
            entry = Entry(
                kind=block.what[0],
                code=block.what[1],
                object=told["object"],
                value=value,
                found=found,
                reference=told["reference"],
                items=items,
            )
            self._keep(entry, begin, key + "reference", block.name)

    def _keep(self, entry: Entry, source: str, field: str, label: str) -> None:
        try:
            checked = check_entry(self._seen.scheme, self._seen.month, entry, name=label)
        except BadInput as fault:
            self._fault(field, fault)
            return
        if checked.key in self._added:
            self._fault(field, ToldTwice(name=checked.reference))
        self._added.add(checked.key)
        self._entries.append((checked, source))

    def _number(self, field: str, text: str, label: str) -> Decimal | None:
        try:
            return read_exact(text, field=label)
        except BadInput as fault:
            self._fault(field, fault)
            return None

    def _need_source(self, before: int, begin: str) -> None:
        words = _sent(f"{begin}-words")
        if len(self._entries) > before and not words:
            self._fault(f"{begin}-words", FieldMissing(field="数据来源"))
        try:
            check_words(words)
        except BadInput as fault:
            self._fault(f"{begin}-words", fault)

    def _fault(self, field: str, fault: BadInput) -> None:
        self._errors.setdefault(field, sentence(fault))


def _is_empty(name: str) -> bool:
    """Tell a field that somebody emptied from one that holds signs nobody can read."""
    return not sent_fields().get(name, "").strip()


def _sent(name: str) -> str:
    return clean_words(sent_fields().get(name, ""))
