"""What came back in the workbook of a month of evaluation, by the rules of its scheme."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from tracker.domain.entered import read_exact
from tracker.domain.errors import BadInput
from tracker.domain.filings import check_words
from tracker.domain.quoting import quoted
from tracker.domain.scoring.asked import kinds_asked
from tracker.domain.scoring.entries import Entry, InputKind, Key, MarksFixed, What, check_entry, left_to_case
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import read_month
from tracker.domain.scoring.numbers import parts_over
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Scheme
from tracker.gateways.score_books import (
    ABOUT_FIGURES,
    CHECKS,
    CODE,
    COMMON,
    FIGURES,
    FOUND,
    ITEMS,
    KIND,
    NONE,
    OBJECT,
    OCCURRENCES,
    REFERENCE,
    REPORTED,
    SOURCE,
    TABLE,
    TAKES,
    item_labels,
    kind_mark,
    kind_names,
)
from tracker.gateways.score_sheets import BookCell, ScoreBook
from tracker.wording.refusals import sentence
from tracker.wording.score_suppliers import unused_words

_Read = TypeVar("_Read")
_PLACE = {True: f"全市一个数，请填在“{COMMON}”一列", False: f"是各考评对象的数，不填在“{COMMON}”一列"}
_FAULTS = {
    "error": "单元格是错误值",
    "uncomputed": "公式没有算出结果",
    "merged": "单元格是合并的，请取消合并后逐格填写",
    "twice": "这一列与前面的列表头相同，请删去或者把内容填到前面的列",
    "headless": "这一列没有表头，请删去或者把内容填到有表头的列",
    "beyond": "这一列不在表格以内，请删去或者把内容填到原有的列",
}
_CASE = (OBJECT, KIND, REFERENCE, ITEMS)
_COLUMNS = {
    OCCURRENCES: {*_CASE, TAKES, SOURCE},
    CHECKS: {*_CASE, REPORTED, FOUND, SOURCE},
    NONE: {CODE, TABLE, KIND, NONE},
}


class BookFaulty(BadInput):
    """Cells cannot be taken; nothing was kept. `cells` has each with its sentence. Facts: count, faults (all)."""

    code = "score_book_faulty"

    def __init__(self, cells: Sequence[tuple[str, str]]) -> None:
        listed = "；".join(f"{place}：{words.rstrip('。')}" for place, words in cells)
        super().__init__(count=len(cells), faults=f"{listed}。")
        self.cells = tuple(cells)


class BookOfAnother(BadInput):
    """The workbook was made for another month; facts: score_first (its month), score_month."""

    code = "score_book_of_another"


class BookOfOtherScheme(BadInput):
    """The workbook was made by the rules of another scheme; facts: title, score_month."""

    code = "score_book_of_other_scheme"


class BookEmpty(BadInput):
    """Nothing stands in it."""

    code = "score_book_empty"


@dataclass(frozen=True, slots=True)
class BookEntry:
    """An input that came back, with its cell and the source that its row names."""

    place: str
    entry: Entry
    source: str


@dataclass(frozen=True, slots=True)
class BookNone:
    """A kind of which a workbook says that nothing happened in the month, with its cell."""

    place: str
    what: What


@dataclass(frozen=True, slots=True)
class BookTold:
    """All that was filled in."""

    entries: tuple[BookEntry, ...]
    none: tuple[BookNone, ...]

    @property
    def silent(self) -> tuple[What, ...]:
        return tuple(one.what for one in self.none)


def told_in(book: ScoreBook, scheme: Scheme, month: Month, *, rules: Rules | None = None) -> BookTold:
    """Return what was filled in. By `rules` no mark is made of some figures, as was or is yet to be decided.

    Raises BookOfOtherScheme, BookOfAnother, MonthUnreadable, BookFaulty (every fault by its cell), BookEmpty."""
    if book.marks.get("scheme") != scheme.code:
        raise BookOfOtherScheme(title=scheme.title, score_month=str(month))
    if book.marks.get("month") != str(month):
        raise BookOfAnother(score_first=str(read_month(book.marks.get("month", ""))), score_month=str(month))
    reader = _Reader(scheme, month, rules)
    reader.refuse_strays(book)
    for row in book.sheets.get(FIGURES, ()):
        reader.read_figures(row)
    for title, kind in ((OCCURRENCES, InputKind.OCCURRENCE), (CHECKS, InputKind.CHECK)):
        for row in book.sheets.get(title, ()):
            reader.read_case(row, kind)
    for row in book.sheets.get(NONE, ()):
        reader.read_none(row)
    reader.refuse_twice()
    reader.refuse_parts()
    reader.refuse_both()
    if reader.faults:
        raise BookFaulty(reader.faults)
    if not reader.found and not reader.none:
        raise BookEmpty()
    return BookTold(tuple(reader.found), tuple(reader.none))


class _Reader:
    """Collects entries and faults of the rows of a workbook."""

    def __init__(self, scheme: Scheme, month: Month, rules: Rules | None) -> None:
        self._scheme, self._month, self._unused = scheme, month, unused_words(rules) if rules else {}
        self._figures = {one.code: one for one in scheme.figures}
        self._objects = {one.name: one.unit for one in scheme.objects}
        self._kinds = {(what[0], name): what[1] for what, name in kind_names(scheme).items()}
        self._items = {label: code for code, label in item_labels(scheme).items()}
        self._marks = {kind_mark(what): what for what in kinds_asked(scheme, month)}
        self.found: list[BookEntry] = []
        self.none: list[BookNone] = []
        self.faults: list[tuple[str, str]] = []

    def refuse_strays(self, book: ScoreBook) -> None:
        """Refuse what stands where nothing is read: dropped without a word it would be missed by nobody."""
        known = {FIGURES: {CODE, *ABOUT_FIGURES, *self._objects, COMMON, SOURCE}, **_COLUMNS}
        for title, rows in book.sheets.items():
            strays = book.strays[title]
            if title not in known:
                if rows or strays:
                    self.faults.append((quoted(title), "不是本月表格的工作表，请删去或者把内容填到原有的表"))
                continue
            self.faults += [(cell.place, _FAULTS[cell.fault]) for cell in strays]
            for cell in (cell for row in rows for cell in row.values() if cell.fault):
                self.faults.append((cell.place, _FAULTS[cell.fault]))
            for head, cell in ((head, cell) for row in rows for head, cell in row.items()):
                if head not in known[title] and cell.text:  # the table may be of rules that evaluated others
                    words = f"{quoted(head)}不是本月表格的列，请删去或者重新下载表格填写"
                    self.faults.append((cell.place, words))

    def read_figures(self, row: Mapping[str, BookCell]) -> None:
        if CODE in row and row[CODE].fault:
            return
        figure = self._figures.get(row[CODE].text if CODE in row else "")
        places = [*self._objects.items(), (COMMON, "")]
        told = {unit: row[name] for name, unit in places if name in row and row[name].text}
        if not told:
            return
        if figure is None:
            self.faults.append((next(iter(told.values())).place, "这一行不是表格原有的数据，请在原有各行填写"))
            return
        if figure.code in self._unused:
            words = f"{quoted(figure.name)}{self._unused[figure.code]}，请清空这一行或者重新下载表格填写"
            self.faults += [(cell.place, words) for cell in told.values()]
            return
        source = self._words(row, SOURCE)
        if source is None:
            return
        for unit, cell in told.items():
            if figure.common != (unit == ""):
                self.faults.append((cell.place, f"{quoted(figure.name)}{_PLACE[figure.common]}"))
                continue
            value = self._number(cell, figure.name, percent=figure.unit == "%")
            if value is not None:
                entry = Entry(kind=InputKind.FIGURE, code=figure.code, object=unit, value=value)
                self._keep(cell, entry, figure.name, source)

    def read_case(self, row: Mapping[str, BookCell], kind: InputKind) -> None:
        if any(cell.fault for cell in row.values()):
            return
        cell = next(iter(row.values()))
        unit = self._objects.get(_text(row, OBJECT))
        code = self._kinds.get((kind, _text(row, KIND)))
        labels = [label.strip() for label in _text(row, ITEMS).split("、") if label.strip()]
        if unit is None:
            self.faults.append((row[OBJECT].place if OBJECT in row else cell.place, "考评对象请从列表中选择"))
        if code is None:
            self.faults.append((row[KIND].place if KIND in row else cell.place, "类别请从列表中选择"))
        if unknown := [label for label in labels if label not in self._items]:
            self.faults.append((row[ITEMS].place, f"没有“{'、'.join(unknown)}”这项指标"))
        values = {
            head: self._number(row[head], head) if head in row and row[head].text else None
            for head in (TAKES, REPORTED, FOUND)
        }
        texts = [self._words(row, head) for head in (REFERENCE, SOURCE)]
        if unit is None or code is None or unknown or None in texts:
            return
        taken = row.get(TAKES)
        if taken and taken.text and kind is InputKind.OCCURRENCE and code not in left_to_case(self._scheme):
            self.faults.append((taken.place, sentence(MarksFixed(name=_text(row, KIND)))))
            return
        entry = Entry(
            kind=kind,
            code=code,
            object=unit,
            value=values[TAKES if kind is InputKind.OCCURRENCE else REPORTED],
            found=values[FOUND],
            reference=_text(row, REFERENCE),
            items=tuple(self._items[label] for label in labels),
        )
        self._keep(cell, entry, _text(row, KIND), _text(row, SOURCE))

    def read_none(self, row: Mapping[str, BookCell]) -> None:
        cell = row.get(NONE)
        if cell is None or not cell.text or any(one.fault for one in row.values()):
            return
        what = self._marks.get(_text(row, CODE))
        if what is None:
            self.faults.append((cell.place, "这一行不是表格原有的类别，请在原有各行填写"))
        elif cell.text != NONE:
            self.faults.append((cell.place, f"请选“{NONE}”，有发生的留空"))
        else:
            self.none.append(BookNone(cell.place, what))

    def refuse_both(self) -> None:
        """Of what is filled in as having happened nobody says that there was none."""
        names, happened = kind_names(self._scheme), {one.entry.what: one.place for one in self.found}
        for one in self.none:
            if place := happened.get(one.what):
                self.faults.append(
                    (one.place, f"{quoted(names[one.what])}在{place}填了事项，不能又选“{NONE}”，只留一处")
                )

    def refuse_twice(self) -> None:
        known: dict[Key, str] = {}
        for one in self.found:
            key = one.entry.key
            if key in known:
                self.faults.append((one.place, f"与{known[key]}重复"))
            known.setdefault(key, one.place)

    def refuse_parts(self) -> None:
        """A part is not more than its whole; where only one of them is filled in, whoever keeps them sees to it."""
        cells = {(one.entry.code, one.entry.object): one for one in self.found if one.entry.kind is InputKind.FIGURE}
        names = {unit: name for name, unit in self._objects.items()}
        numbers = {key: one.entry.value for key, one in cells.items() if one.entry.value is not None}
        for part in parts_over(self._scheme, numbers):
            fault = part.refused(name=f"{names[part.object]}{part.part.name}")
            self.faults.append((cells[part.part.code, part.object].place, sentence(fault)))

    def _words(self, row: Mapping[str, BookCell], head: str) -> str | None:
        return self._tried(row[head], lambda: check_words(row[head].text)) if head in row else ""

    def _number(self, cell: BookCell, field: str, *, percent: bool = False) -> Decimal | None:
        text = cell.text.removesuffix("%") if percent else cell.text
        return self._tried(cell, lambda: read_exact(text, field=field))

    def _keep(self, cell: BookCell, entry: Entry, name: str, source: str) -> None:
        checked = self._tried(cell, lambda: check_entry(self._scheme, self._month, entry, name=name))
        if checked is not None:
            self.found.append(BookEntry(cell.place, checked, source))

    def _tried(self, cell: BookCell, read: Callable[[], _Read]) -> _Read | None:
        try:
            return read()
        except BadInput as fault:
            self.faults.append((cell.place, sentence(fault)))
            return None


def _text(row: Mapping[str, BookCell], head: str) -> str:
    return row[head].text if head in row else ""
