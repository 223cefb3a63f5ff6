"""The form of a period as a table, a line a row and one more for each further number; and what came back in it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tracker.domain.entered import number_text
from tracker.domain.errors import BadInput
from tracker.domain.jottings import LONGEST_JOTTING, JottingTooLong, digests
from tracker.domain.owed import RowState
from tracker.domain.quoting import titled
from tracker.gateways.filled_sheets import ReadLine, ReadSheet, SheetUnreadable
from tracker.gateways.form_sheets import Cell, Column, FormSheet
from tracker.store.queries.asked_of_shares import Target
from tracker.store.queries.form_views import FormHead, FormView, RowOfForm
from tracker.web.row_fields import RowField, filled_in, key_of
from tracker.web.unread_cells import as_given_out, changed_words, outside_words
from tracker.wording.acts import FIELD_NAMES
from tracker.wording.catalogue import OUTCOMES
from tracker.wording.decisions import returned_for_words
from tracker.wording.form_options import SIGNS, cause_options, claim_options
from tracker.wording.periods import period_label
from tracker.wording.refusals import sentence
from tracker.wording.work import CLAIM_NAMES, points_words

_FORMAT = "tracker.form/1"
_FIXED = (Column("条款", 9), Column("事项和原文", 28), Column("要求", 8), Column("上次报送", 24), Column("目标", 16))
_FIXED_HEADS = tuple(column.head for column in _FIXED)
# The columns to be filled in, in their order; a form has those that one of its rows asks for.
_WIDTHS: Mapping[str, float] = {
    "v": 9,
    "on": 11.5,
    "received": 9,
    "in_time": 9,
    "claim": 12,
    "outcome": 9,
    "fact": 28,
    "cause_class": 11,
    "cause": 15,
    "next_step": 15,
    "next_on": 11.5,
}
_HEADS = {"on": "数值截至日期", "next_on": "何时补上"}
_HOLDS = {"v": "number", "received": "number", "in_time": "number", "on": "day", "next_on": "day"}
_NOTE = (
    "只填白色各栏，灰色各栏不用改；选项从下拉列表选。填好后在原页面“上传填好的Excel”：先核对，再填入草稿，不会直接送审。"
    "佐证、其他配合事项的勾选、漏报说明和延期在页面上办理。"
)
_WRONG = {
    "error": "单元格是错误值（如#N/A、#REF!），请改为数字或者文字。",
    "uncomputed": "公式没有算出结果，请打开文件重新计算、保存，或者改为数字。",
    "merged": "在合并的单元格里，没有读。请取消合并，逐格填写。",
}
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?")


class SheetOfAnotherForm(BadInput):
    """The workbook was made for another form; facts: found, wanted."""

    code = "sheet_of_another_form"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: of a row as a whole, or of one of its further numbers; `fields` are by their kinds."""

    key: str
    row: RowOfForm
    target: Target | None
    fields: Mapping[str, RowField]
    further: bool


@dataclass(slots=True)
class CameBack:
    """What a workbook says, by the names of fields: texts, and in which cells; `wrong` cannot be taken.

    `remarks` are about whole lines and columns.
    """

    rows: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def head_of(kind: str) -> str:
    """Return what a column of the table is called."""
    return _HEADS.get(kind, FIELD_NAMES[kind])


def form_words(head: FormHead) -> str:
    """Name a form: document, unit, period."""
    return f"{titled(head.document_title)}{head.unit_name}{period_label(head.code)}"


def lines_of(view: FormView) -> Iterator[Line]:
    """Yield the lines of all rows that can be written, in their order."""
    for row in (*view.rows, *view.others):
        if not row.writable:
            continue
        words = {one.kind: one for one in filled_in(row) if one.target is None}
        for number, target in enumerate(row.targets or (None,)):
            of_target = {one.kind: one for one in filled_in(row) if one.target is not None and one.target == target}
            key = key_of(row) + (str(target.target_id) if target else "")
            yield Line(key, row, target, of_target | ({} if number else words), further=number > 0)


def table_of(view: FormView, given: Mapping[str, str], shown: frozenset[str]) -> FormSheet:
    """Return the form as it stands as a table."""
    lines = list(lines_of(view))
    seen = digests(given, shown)
    kinds = [kind for kind in _WIDTHS if any(kind in line.fields for line in lines)]
    others = {row.assignment_id for row in view.others}
    fixed = {line.key: _fixed(line, other=line.row.assignment_id in others) for line in lines}
    for key, words in fixed.items():
        seen |= as_given_out(key, dict(zip(_FIXED_HEADS, words, strict=True)))
    return FormSheet(
        title=f"填报表：{form_words(view.head)}（{view.head.document_number}）",
        note=_NOTE,
        columns=(*_FIXED, *(Column(head_of(kind), _WIDTHS[kind]) for kind in kinds)),
        lines={
            line.key: [
                *(Cell(words) for words in fixed[line.key]),
                *(_cell(line, kind, given) for kind in kinds),
            ]
            for line in lines
        },
        marks=_marks(view.head),
        seen=seen,
    )


def _marks(head: FormHead) -> dict[str, str]:
    return {
        "format": _FORMAT,
        "period_id": str(head.period_id),
        "unit_id": str(head.unit_id),
        "document": head.document_number,
        "period": head.code,
        "words": form_words(head),
    }


def _fixed(line: Line, *, other: bool) -> tuple[str, ...]:
    row = line.row
    if line.further:
        return row.label, f"（同上）{row.title}", "", "", _target_words(line)
    text = row.text if row.title in row.text else f"{row.title}\n{row.text}"
    return row.label, text, _asked(row, other=other), _last_words(row), _target_words(line)


def _asked(row: RowOfForm, *, other: bool) -> str:
    if row.state == "returned":
        return "退回补正"
    required = "必报" if row.required else "有新情况才填" if other else "可不报"
    return "，".join((required, "办结") if row.final else (required,))


def _last_words(row: RowOfForm) -> str:
    reasons = {
        "督查室退回意见": _office_reason(row),
        "负责人退回意见": row.head_reason,
    }
    parts = [f"{by}：{reason}" for by, reason in reasons.items() if reason]
    last = row.given_back or row.last if row.state == "returned" else row.last
    if last is not None:
        when = period_label(last.period_code) if last.period_code else ""
        claim = next((name for code, name in CLAIM_NAMES.items() if code == last.claim), "")
        parts.append("：".join(part for part in (when, claim) if part))
        parts += [last.text, *([f"下一步：{last.next_step}"] if last.next_step else ())]
    return "\n".join(part for part in parts if part)


def _target_words(line: Line) -> str:
    row, target, parts = line.row, line.target, list[str]()
    if target is not None:
        unit = target.unit or ""
        per = f"（每{target.per}）" if target.per else ""
        parts.append(f"{target.metric}{SIGNS[target.op]}{number_text(target.value)}{unit}{per}")
        if points := row.points.get(target.target_id):
            parts.append(points_words(target.metric, op=target.op, unit=target.unit, points=points))
        if last := row.last_values.get(target.target_id):
            until = f"，截至{last.value_on.isoformat()}" if last.value_on else ""
            parts.append(f"上次{number_text(last.value)}{unit}{until}")
    if row.counts_cases and row.last_cases and not line.further:
        parts.append(f"上次收到{row.last_cases.cases_received}件，按时办结{row.last_cases.cases_in_time}件")
    return "\n".join(parts)


def _cell(line: Line, kind: str, given: Mapping[str, str]) -> Cell:
    one = line.fields.get(kind)
    if one is None:
        return Cell("")
    text, options = given.get(one.name, ""), _options(kind, line.row)
    return Cell(options.get(text, text), open=True, holds=_HOLDS.get(kind, "text"), choices=tuple(options.values()))


def _options(kind: str, row: RowOfForm) -> Mapping[str, str]:
    """Return what may be chosen in a field, names by their codes; empty where people write."""
    match kind:
        case "claim":
            return dict(claim_options(scheduled=row.scheduled, final=row.final))
        case "cause_class":
            return dict(cause_options())
        case "outcome":
            return OUTCOMES
        case _:
            return {}


def check_marks(sheet: ReadSheet, head: FormHead) -> None:
    """Refuse the workbook of another form, unit or period. Raises SheetUnreadable, SheetOfAnotherForm."""
    if sheet.marks.get("format") != _FORMAT:
        raise SheetUnreadable()
    wanted = _marks(head)
    if any(sheet.marks.get(name) != wanted[name] for name in ("period_id", "unit_id", "document", "period")):
        raise SheetOfAnotherForm(found=sheet.marks.get("words", "")[:100], wanted=wanted["words"])


def came_back(view: FormView, sheet: ReadSheet) -> CameBack:
    """Return what a workbook says of the form as it is now; nothing of what is not a line of it."""
    told, lines = CameBack(), {line.key: line for line in lines_of(view)}
    times = Counter(read.key for read in sheet.lines if read.key)
    rows: set[int] = set()
    for read in sheet.lines:
        line = lines.get(read.key)
        if line is None or times[read.key] > 1:
            told.remarks.append(f"第{read.number}行：{_why_not(read.key, line)}")
            continue
        rows.add(line.row.assignment_id)
        told.remarks += (*_misplaced(read, line), *changed_words(read, _FIXED_HEADS, sheet.seen))
        for kind, one in line.fields.items():
            cell = read.cells.get(head_of(kind))
            if cell is None:
                continue
            told.places[one.name] = cell.place
            if cell.wrong:
                told.wrong[one.name] = _WRONG[cell.wrong]
            elif len(cell.text) > LONGEST_JOTTING:
                told.wrong[one.name] = sentence(JottingTooLong(most=LONGEST_JOTTING, length=len(cell.text)))
            else:
                told.texts[one.name] = _as_entered(cell.text, one, line.row)
    told.rows = len(rows)
    told.remarks += (*outside_words(sheet, (*_FIXED_HEADS, *map(head_of, _WIDTHS))), *_lacking(lines, sheet))
    return told


def _misplaced(read: ReadLine, line: Line) -> Iterator[str]:
    """Tell of cells that are grey on a line and were filled in all the same: a program may let them be written."""
    cells = {head_of(kind): read.cells.get(head_of(kind)) for kind in _WIDTHS if kind not in line.fields}
    filled = "、".join(f"{cell.place}“{head}”" for head, cell in cells.items() if cell and (cell.text or cell.wrong))
    if filled:
        where = "同一事项的第一行" if line.further else "本行的白色各栏"
        yield f"第{read.number}行：{filled}不在本行填写，没有读。请填在{where}。"


def _why_not(key: str, line: Line | None) -> str:
    if line is not None:
        return "与另一行是同一事项（行被复制过），这几行都没有读。请只留一行再传。"
    if not key:
        return "是自己添加的行，不是本表的事项，没有读。请把内容填到本表的行里。"
    return "现在不在本表可填之列（已经报出、办结、不再承办，或者目标有变动），没有读。"


def _lacking(lines: Mapping[str, Line], sheet: ReadSheet) -> Iterator[str]:
    for kind in _WIDTHS:
        if head_of(kind) not in sheet.heads and any(kind in line.fields for line in lines.values()):
            yield f"表中没有“{head_of(kind)}”一栏（被删去或者改了名），这一栏没有读，原内容不变。"
    gone = lines.keys() - {read.key for read in sheet.lines}
    if count := len({lines[key].row.assignment_id for key in gone}):
        yield f"有{count}个事项的行不在表中（被删去，或者下载以后才有），原内容不变。"


def _as_entered(text: str, one: RowField, row: RowOfForm) -> str:
    """Write what stands in a cell as the page's own field would have it; what fits nothing stays as it is."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if options := _options(one.kind, row):
        named = (code for code, name in options.items() if unicodedata.normalize("NFKC", name) == plain)
        return next(named, text)
    if _HOLDS.get(one.kind) == "day":
        found = _DAY.fullmatch(plain)
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text
    if one.target is not None and "%" in unicodedata.normalize("NFKC", one.target.unit or ""):
        return plain.removesuffix("%").strip() if plain.endswith("%") else text
    return text


def _office_reason(row: RowOfForm) -> str:
    back = row.office_reason if row.state == RowState.RETURNED.value else None
    return returned_for_words(back.reason, back.reason_class) if back is not None else ""
