"""What the workbook of a month of evaluation asks for, by the rules of its scheme."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from tracker.domain.scoring.asked import kinds_asked
from tracker.domain.scoring.entries import Entry, InputKind, What, kinds_in
from tracker.domain.scoring.entries import kind_names as printed_names
from tracker.domain.scoring.months import read_month
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.scheme import Figure, Scheme, clause_label
from tracker.gateways.score_sheets import ScoreSheet, SheetColumn, score_workbook
from tracker.wording.scoring import WINDOWS

FIGURES, OCCURRENCES, CHECKS = "数据", "事项", "现场核查"
NONE = "本月没有"  # the sheet, its column, and what is chosen there
ABOUT_FIGURES = {"数据名称": 36, "单位": 8, "统计口径": 12, "报送单位": 16}  # columns with their widths
CODE, COMMON, SOURCE, TABLE = "编码", "全市统一", "数据来源", "表"
OBJECT, KIND, REFERENCE, ITEMS = "考评对象", "类别", "名称", "计入指标"
TAKES, REPORTED, FOUND = "认定扣分", "上报数", "核查数"
_SHEETS = {InputKind.FIGURE: FIGURES, InputKind.OCCURRENCE: OCCURRENCES, InputKind.CHECK: CHECKS}
_SPARE = 30


def kind_names(scheme: Scheme) -> Mapping[What, str]:
    """Return the names of what may happen or be found, by the scheme."""
    named = printed_names(scheme)
    checks = {what: CHECKS for what in kinds_in(scheme) if what[0] is InputKind.CHECK}
    return {**named} | (checks if len(checks) < 2 else {what: f"{CHECKS}（{what[1]}）" for what in checks})


def book_of(
    scheme: Scheme,
    *,
    month: str,
    seen: int,
    entries: Collection[Entry],
    none_said: Collection[What],
    asked: Collection[What],
    owners: Mapping[What, str],
    unused: Collection[str] = frozenset(),
) -> bytes:
    """Return the workbook of a month for what is `asked` of somebody, with what stands there already.

    `month` is written as 2022-09, `seen` is the number of the last input that the workbook knows, `none_said` are the
    kinds of which somebody said that nothing happened; `owners` says in words who hands in what, `unused`
    are the codes of figures that no mark is made of as was decided: they are not asked for.

    Raises MonthUnreadable.
    """
    held = {(one.code, one.object): one.value for one in entries if one.kind is InputKind.FIGURE}
    figures = [one for one in scheme.figures if (InputKind.FIGURE, one.code) in asked and one.code not in unused]
    sheets = [_figures(scheme, figures, held, owners)] if figures else []
    for kind, made in ((InputKind.OCCURRENCE, _occurrences), (InputKind.CHECK, _checks)):
        if of_kind := [what for what in kinds_in(scheme) if what[0] is kind and what in asked]:
            sheets.append(made(scheme, [one for one in entries if one.what in of_kind], of_kind))
    if of_month := [what for what in kinds_asked(scheme, read_month(month)) if what in asked]:
        sheets.append(_none(scheme, of_month, none_said))
    return score_workbook(sheets, {"scheme": scheme.code, "month": month, "seen": str(seen)})


def _figures(
    scheme: Scheme,
    figures: Sequence[Figure],
    held: Mapping[tuple[str, str], Decimal | None],
    owners: Mapping[What, str],
) -> ScoreSheet:
    common = any(one.common for one in figures)
    columns = [
        SheetColumn(CODE, hidden=True, fixed=True),
        *(SheetColumn(name, width, fixed=True) for name, width in ABOUT_FIGURES.items()),
        *(SheetColumn(one.name, 11) for one in scheme.objects),
        *([SheetColumn(COMMON, 11)] if common else []),
        SheetColumn(SOURCE, 24),
    ]
    rows = []
    for one in figures:
        values = [None if one.common else _number(held.get((one.code, it.unit))) for it in scheme.objects]
        values += [_number(held.get((one.code, ""))) if one.common else None] if common else []
        rows.append(
            [one.code, one.name, one.unit, WINDOWS[one.window], owners[InputKind.FIGURE, one.code], *values, None]
        )
    note = "每行一个数，在各考评对象下填写；没有数的留空，零填0。每行须写明数据来源。"
    return ScoreSheet(FIGURES, note, columns, rows)


def _occurrences(scheme: Scheme, entries: Iterable[Entry], kinds: Sequence[What]) -> ScoreSheet:
    columns = [*_case_columns(scheme, kinds), SheetColumn(TAKES, 12), SheetColumn(SOURCE, 24)]
    rows = [[*_case_cells(scheme, one), _number(one.value), None] for one in entries]
    note = "每行一件事，名称写明活动、刊文、文件或者项目；计入几项指标的，用顿号隔开。“认定扣分”只在逐次认定时填写。"
    note += f"本月没有的，到“{NONE}”表中选。"
    return ScoreSheet(OCCURRENCES, note, columns, rows, spare=_SPARE)


def _checks(scheme: Scheme, entries: Iterable[Entry], kinds: Sequence[What]) -> ScoreSheet:
    columns = [
        *_case_columns(scheme, kinds),
        SheetColumn(REPORTED, 12),
        SheetColumn(FOUND, 12),
        SheetColumn(SOURCE, 24),
    ]
    rows = [[*_case_cells(scheme, one), _number(one.value), _number(one.found), None] for one in entries]
    note = "每行一个项目，填上报的和核查落实的累计完成投资额；计入几项指标的，用顿号隔开。"
    note += f"本月没有的，到“{NONE}”表中选。"
    return ScoreSheet(CHECKS, note, columns, rows, spare=_SPARE)


def _none(scheme: Scheme, kinds: Sequence[What], said: Collection[What]) -> ScoreSheet:
    columns = [
        SheetColumn(CODE, hidden=True, fixed=True),
        SheetColumn(TABLE, 12, fixed=True),
        SheetColumn(KIND, 36, fixed=True),
        SheetColumn(NONE, 16, choices=(NONE,)),
    ]
    names = kind_names(scheme)
    rows: list[list[str | float | None]] = [
        [kind_mark(what), _SHEETS[what[0]], names[what], NONE if what in said else None] for what in kinds
    ]
    note = f"每行一类事项。本月没有发生的，在最后一列选“{NONE}”；发生了的，留空，到前面的表逐件填写。"
    return ScoreSheet(NONE, note, columns, rows)


def kind_mark(what: What) -> str:
    """Return what stands hidden in the row of a kind."""
    return f"{what[0].value}:{what[1]}"


def _case_columns(scheme: Scheme, kinds: Sequence[What]) -> list[SheetColumn]:
    names = tuple(dict.fromkeys(kind_names(scheme)[what] for what in kinds))
    offered = names if sum(map(len, names)) < 200 else ()  # what a table program takes as a list has 255 characters
    return [
        SheetColumn(OBJECT, 20, choices=tuple(one.name for one in scheme.objects)),
        SheetColumn(KIND, 28, choices=tuple(name.replace(",", "，") for name in offered)),
        SheetColumn(REFERENCE, 36),
        SheetColumn(ITEMS, 24),
    ]


def _case_cells(scheme: Scheme, one: Entry) -> list[str | float | None]:
    names = {it.unit: it.name for it in scheme.objects}
    items = "、".join(item_labels(scheme)[code] for code in one.items)
    return [names[one.object], kind_names(scheme)[one.what], one.reference, items]


def item_labels(scheme: Scheme) -> Mapping[str, str]:
    """Return what items are called in cells: 附件2一（四）."""
    return {item.code: clause_label(annex.label, item.label) for annex, item in scheme.items()}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(number_text(value))
