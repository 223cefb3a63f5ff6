"""What the workbook of a month of evaluation asks for, and what came back in it, by the rules of its scheme."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from tracker.domain.entered import read_exact
from tracker.domain.errors import BadInput
from tracker.domain.quoting import quoted
from tracker.domain.scoring.entries import Entry, InputKind, What, check_entry, kinds_in, suppliers
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.marks import ActsMark, CasesMark
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.scheme import Figure, Scheme
from tracker.gateways.score_sheets import BookCell, ScoreBook, ScoreSheet, SheetColumn, score_workbook
from tracker.wording.refusals import sentence
from tracker.wording.scoring import WINDOWS

FIGURES, OCCURRENCES, CHECKS = "数据", "事项", "现场核查"
_CODE, _COMMON, _SOURCE = "编码", "全市统一", "数据来源"
_OBJECT, _KIND, _REFERENCE, _ITEMS = "考评对象", "类别", "名称", "计入指标"
_TAKES, _REPORTED, _FOUND = "认定扣分", "上报数", "核查数"
_SPARE = 30
_Read = TypeVar("_Read")
_PLACE = {True: f"全市一个数，请填在“{_COMMON}”一列", False: f"是各考评对象的数，不填在“{_COMMON}”一列"}
_FAULTS = {"error": "单元格是错误值", "uncomputed": "公式没有算出结果"}


class BookFaulty(BadInput):
    """Cells cannot be taken; nothing was kept. `cells` has each with its sentence. Facts: count, faults (all)."""

    code = "score_book_faulty"

    def __init__(self, cells: Sequence[tuple[str, str]]) -> None:
        listed = "；".join(f"{place}：{words.rstrip('。')}" for place, words in cells)
        super().__init__(count=len(cells), faults=f"{listed}。")
        self.cells = tuple(cells)


class BookOfAnother(BadInput):
    """The workbook was made for another month; facts: told, score_month."""

    code = "score_book_of_another"


class BookEmpty(BadInput):
    """Nothing stands in it."""

    code = "score_book_empty"


@dataclass(frozen=True, slots=True)
class BookEntry:
    """An input that came back, with its cell and the source that its row names."""

    place: str
    entry: Entry
    source: str


def kind_names(scheme: Scheme) -> Mapping[What, str]:
    """Return the names of what may happen or be found, by the scheme."""
    named: dict[What, str] = {}
    for _, mark in scheme.marks():
        if isinstance(mark, CasesMark):
            named |= {(InputKind.OCCURRENCE, case.kind): case.name for case in mark.cases}
        elif isinstance(mark, ActsMark):
            told = dict(mark.act_names)
            named |= {(InputKind.OCCURRENCE, act): told.get(act, mark.name) for act in mark.acts}
    checks = {what: CHECKS for what in kinds_in(scheme) if what[0] is InputKind.CHECK}
    return named | (checks if len(checks) < 2 else {what: f"{CHECKS}（{what[1]}）" for what in checks})


def book_of(
    scheme: Scheme,
    *,
    month: str,
    seen: int,
    entries: Collection[Entry],
    asked: Collection[What],
    unit_names: Mapping[str, str],
) -> bytes:
    """Return the workbook of a month for what is `asked` of somebody, with what stands there already.

    `seen` is the number of the last input that it knows; `unit_names` are names by codes of units.
    """
    held = {(one.code, one.object): one.value for one in entries if one.kind is InputKind.FIGURE}
    figures = [one for one in scheme.figures if (InputKind.FIGURE, one.code) in asked]
    sheets = [_figures(scheme, figures, held, unit_names)] if figures else []
    for kind, made in ((InputKind.OCCURRENCE, _occurrences), (InputKind.CHECK, _checks)):
        if of_kind := [what for what in kinds_in(scheme) if what[0] is kind and what in asked]:
            sheets.append(made(scheme, [one for one in entries if one.what in of_kind], of_kind))
    return score_workbook(sheets, {"scheme": scheme.code, "month": month, "seen": str(seen)})


def entries_in(book: ScoreBook, scheme: Scheme, month: Month) -> list[BookEntry]:
    """Return what was filled in. Raises BookOfAnother, BookFaulty with every fault by its cell, BookEmpty."""
    if (book.marks.get("scheme"), book.marks.get("month")) != (scheme.code, str(month)):
        raise BookOfAnother(told=book.marks.get("month", ""), score_month=str(month))
    reader = _Reader(scheme, month)
    for row in book.sheets.get(FIGURES, ()):
        reader.read_figures(row)
    for title, kind in ((OCCURRENCES, InputKind.OCCURRENCE), (CHECKS, InputKind.CHECK)):
        for row in book.sheets.get(title, ()):
            reader.read_case(row, kind)
    reader.refuse_twice()
    if reader.faults:
        raise BookFaulty(reader.faults)
    if not reader.found:
        raise BookEmpty()
    return reader.found


def _figures(
    scheme: Scheme,
    figures: Sequence[Figure],
    held: Mapping[tuple[str, str], Decimal | None],
    unit_names: Mapping[str, str],
) -> ScoreSheet:
    common = any(one.common for one in figures)
    columns = [
        SheetColumn(_CODE, hidden=True, fixed=True),
        SheetColumn("数据名称", 36, fixed=True),
        SheetColumn("单位", 8, fixed=True),
        SheetColumn("统计口径", 12, fixed=True),
        SheetColumn("报送单位", 16, fixed=True),
        *(SheetColumn(one.name, 11) for one in scheme.objects),
        *([SheetColumn(_COMMON, 11)] if common else []),
        SheetColumn(_SOURCE, 24),
    ]
    owners = suppliers(scheme)
    rows = []
    for one in figures:
        named = "、".join(unit_names.get(code, code) for code in owners[InputKind.FIGURE, one.code]) or "督查室"
        values = [None if one.common else _number(held.get((one.code, it.unit))) for it in scheme.objects]
        values += [_number(held.get((one.code, ""))) if one.common else None] if common else []
        rows.append([one.code, one.name, one.unit, WINDOWS[one.window], named, *values, None])
    note = "每行一个数，在各考评对象下填写；没有数的留空，零填0。每行须写明数据来源。"
    return ScoreSheet(FIGURES, note, columns, rows)


def _occurrences(scheme: Scheme, entries: Iterable[Entry], kinds: Sequence[What]) -> ScoreSheet:
    columns = [*_case_columns(scheme, kinds), SheetColumn(_TAKES, 12), SheetColumn(_SOURCE, 24)]
    rows = [[*_case_cells(scheme, one), _number(one.value), None] for one in entries]
    note = "每行一件事，名称写明活动、刊文、文件或者项目；计入几项指标的，用顿号隔开。“认定扣分”只在逐次认定时填写。"
    return ScoreSheet(OCCURRENCES, note, columns, rows, spare=_SPARE)


def _checks(scheme: Scheme, entries: Iterable[Entry], kinds: Sequence[What]) -> ScoreSheet:
    columns = [
        *_case_columns(scheme, kinds),
        SheetColumn(_REPORTED, 12),
        SheetColumn(_FOUND, 12),
        SheetColumn(_SOURCE, 24),
    ]
    rows = [[*_case_cells(scheme, one), _number(one.value), _number(one.found), None] for one in entries]
    note = "每行一个项目，填上报的和核查落实的累计完成投资额；计入几项指标的，用顿号隔开。"
    return ScoreSheet(CHECKS, note, columns, rows, spare=_SPARE)


def _case_columns(scheme: Scheme, kinds: Sequence[What]) -> list[SheetColumn]:
    names = tuple(dict.fromkeys(kind_names(scheme)[what] for what in kinds))
    offered = names if sum(map(len, names)) < 200 else ()  # what a table program takes as a list has 255 characters
    return [
        SheetColumn(_OBJECT, 20, choices=tuple(one.name for one in scheme.objects)),
        SheetColumn(_KIND, 28, choices=tuple(name.replace(",", "，") for name in offered)),
        SheetColumn(_REFERENCE, 36),
        SheetColumn(_ITEMS, 24),
    ]


def _case_cells(scheme: Scheme, one: Entry) -> list[str | float | None]:
    names = {it.unit: it.name for it in scheme.objects}
    items = "、".join(item_labels(scheme)[code] for code in one.items)
    return [names[one.object], kind_names(scheme)[one.what], one.reference, items]


def item_labels(scheme: Scheme) -> Mapping[str, str]:
    """Return what items are called in cells: 附件2一（四）."""
    return {item.code: f"{annex.label}{item.label}" for annex, item in scheme.items()}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(number_text(value))


class _Reader:
    """Collects entries and faults of the rows of a workbook."""

    def __init__(self, scheme: Scheme, month: Month) -> None:
        self._scheme, self._month = scheme, month
        self._figures = {one.code: one for one in scheme.figures}
        self._objects = {one.name: one.unit for one in scheme.objects}
        self._kinds = {(what[0], name): what[1] for what, name in kind_names(scheme).items()}
        self._items = {label: code for code, label in item_labels(scheme).items()}
        self.found: list[BookEntry] = []
        self.faults: list[tuple[str, str]] = []

    def read_figures(self, row: Mapping[str, BookCell]) -> None:
        figure = self._figures.get(row[_CODE].text if _CODE in row else "")
        told = {unit: row[name] for name, unit in self._objects.items() if name in row and _is_filled(row[name])}
        if _COMMON in row and _is_filled(row[_COMMON]):
            told[""] = row[_COMMON]
        if not told:
            return
        if figure is None:
            self.faults.append((next(iter(told.values())).place, "这一行不是表格原有的数据，请在原有各行填写"))
            return
        for unit, cell in told.items():
            if figure.common != (unit == ""):
                self.faults.append((cell.place, f"{quoted(figure.name)}{_PLACE[figure.common]}"))
                continue
            value = self._number(cell, figure.name, percent=figure.unit == "%")
            if value is not None:
                entry = Entry(kind=InputKind.FIGURE, code=figure.code, object=unit, value=value)
                self._keep(cell, entry, figure.name, _text(row, _SOURCE))

    def read_case(self, row: Mapping[str, BookCell], kind: InputKind) -> None:
        cell = next(iter(row.values()))
        unit = self._objects.get(_text(row, _OBJECT))
        code = self._kinds.get((kind, _text(row, _KIND)))
        labels = [label.strip() for label in _text(row, _ITEMS).split("、") if label.strip()]
        if unit is None:
            self.faults.append((row[_OBJECT].place if _OBJECT in row else cell.place, "考评对象请从列表中选择"))
        if code is None:
            self.faults.append((row[_KIND].place if _KIND in row else cell.place, "类别请从列表中选择"))
        if unknown := [label for label in labels if label not in self._items]:
            self.faults.append((row[_ITEMS].place, f"没有“{'、'.join(unknown)}”这项指标"))
        values = {
            head: self._number(row[head], head) if head in row and _is_filled(row[head]) else None
            for head in (_TAKES, _REPORTED, _FOUND)
        }
        if unit is None or code is None or unknown:
            return
        entry = Entry(
            kind=kind,
            code=code,
            object=unit,
            value=values[_TAKES if kind is InputKind.OCCURRENCE else _REPORTED],
            found=values[_FOUND],
            reference=_text(row, _REFERENCE),
            items=tuple(self._items[label] for label in labels),
        )
        self._keep(cell, entry, _text(row, _KIND), _text(row, _SOURCE))

    def refuse_twice(self) -> None:
        known: dict[object, str] = {}
        for one in self.found:
            key = (one.entry.kind, one.entry.code, one.entry.object, one.entry.reference)
            if key in known:
                self.faults.append((one.place, f"与{known[key]}重复"))
            known.setdefault(key, one.place)

    def _number(self, cell: BookCell, field: str, *, percent: bool = False) -> Decimal | None:
        if cell.fault:
            self.faults.append((cell.place, _FAULTS[cell.fault]))
            return None
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


def _is_filled(cell: BookCell) -> bool:
    return bool(cell.text or cell.fault)


def _text(row: Mapping[str, BookCell], head: str) -> str:
    return row[head].text if head in row else ""
