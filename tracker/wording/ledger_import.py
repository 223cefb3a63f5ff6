"""The words of an import of a ledger: what is wrong in which cell, what became of each row, and the sum of all."""

from collections.abc import Mapping, Sequence

from tracker.domain.entered import FIRST_YEAR, LAST_YEAR, shown
from tracker.domain.ledger_sheets import CellFault, Fault, LedgerRow, RowKind, Sheet, Skip
from tracker.domain.ledger_updates import Differs, Fate, PlannedRow, Since
from tracker.domain.quoting import quoted

COLUMN_OF: Mapping[Differs, str] = {
    Differs.LEADS: "牵头单位",
    Differs.SUPPORTS: "配合单位",
    Differs.DUE: "时限",
    Differs.RHYTHM: "频次",
}
SINCE_NAMES: Mapping[Since, str] = {
    Since.LEDGER: "台账改动",
    Since.SYSTEM: "立项后系统中已改",
    Since.BOTH: "系统中和台账都改了",
}
_FAULTS: Mapping[Fault, str] = {
    Fault.ERROR: "{place}是错误值{text}，请在Excel中改正公式",
    Fault.UNCOMPUTED: "{place}的公式没有保存计算结果，请用Excel打开、保存，或者粘贴为数值",
    Fault.MERGED: "{place}与{text}合并，一格不能是几行的事项，请取消合并后逐行填写",
    Fault.NO_WORDS: "{place}：事项没有填写",
    Fault.NO_LEAD: "{place}：牵头单位没有填写",
    Fault.NOT_A_DAY: "{place}：时限{text}不是日期，应如2022-12-31",
    Fault.NO_SUCH_DAY: "{place}：时限{text}没有这一天",
    Fault.BARE_NUMBER: "{place}：时限{text}是没有设为日期格式的数字，请把单元格设为日期",
    Fault.YEAR: f"{{place}}：时限{{text}}应在{FIRST_YEAR}年至{LAST_YEAR}年之间",
    Fault.RHYTHM: "{place}：频次{text}不认识，可填{rhythms}",
}
_SKIPS: Mapping[Skip, str] = {
    Skip.SUM: "合计行",
    Skip.NUMBER_ONLY: "没有事项内容",
    Skip.SECTION: "分节标题",
    Skip.SHEET_NOT_READ: "所在工作表没有读",
    Skip.REPEATED: "与本表第{like}行完全相同",
}
_KINDS: Mapping[RowKind, str] = {
    RowKind.ENTRY: "事项",
    RowKind.FAULTY: "有误",
    RowKind.BLANK: "空行",
    RowKind.HEADING: "表头和标题行",
    RowKind.SKIPPED: "跳过",
}
_FATES: Mapping[Fate, str] = {
    Fate.NEW: "新事项",
    Fate.OTHER_WORDS: "同一序号、文字不同",
    Fate.SAME: "与系统一致",
    Fate.DIFFERS: "与系统不同",
    Fate.NOT_ISSUED: "不同，但还没有交办",
    Fate.ENDED: "不同，但已经办结",
    Fate.DRAFTED: "已在草稿中",
    Fate.DRAFTED_OTHERWISE: "草稿中内容不同",
    Fate.UNKNOWN_UNIT: "单位不认识",
}
_NOTES: Mapping[Fate, str] = {
    Fate.NEW: "",
    Fate.SAME: "",
    Fate.DIFFERS: "",
    Fate.DRAFTED: "",
    Fate.OTHER_WORDS: "系统中这个序号的事项是{words}，采用的按新事项登记，原事项不变",
    Fate.NOT_ISSUED: "事项还没有交办，交办后再导入",
    Fate.ENDED: "事项已经办结、失效，不再改动",
    Fate.DRAFTED_OTHERWISE: "请在草稿中更正",
    Fate.UNKNOWN_UNIT: "{words}没有登记，请先在“单位”页登记或者改用规范名称",
}


def fault_words(fault: CellFault, *, rhythms: Sequence[str]) -> str:
    """Say what is wrong in which cell. Merged cells and errors are named as they stand, what people wrote is quoted."""
    plain = fault.fault in (Fault.ERROR, Fault.MERGED)
    text = fault.text if plain else quoted(shown(fault.text))
    return _FAULTS[fault.fault].format(place=fault.place, text=text, rhythms="、".join(rhythms))


def row_words(row: LedgerRow, *, rhythms: Sequence[str]) -> str:
    """Say why a row is no task, or what is wrong with it; empty of one that can be read."""
    if row.skip is not None:
        return _SKIPS[row.skip].format(like=row.like)
    return "；".join(fault_words(fault, rhythms=rhythms) for fault in row.faults)


def fate_name(planned: PlannedRow) -> str:
    """Name what a row is, or what would become of it."""
    return _FATES[planned.fate] if planned.fate is not None else _KINDS[planned.row.kind]


def fate_words(planned: PlannedRow) -> str:
    """Say why what a row says is not simply taken over; empty where there is nothing to say."""
    words = _NOTES.get(planned.fate, "") if planned.fate is not None else ""
    return words.format(words=quoted(shown(planned.words)))


def sum_words(planned: Sequence[PlannedRow]) -> str:
    """Say the sum: all rows of the file are those of its parts."""
    names = [*_FATES.values(), *_KINDS.values()]
    counts = dict.fromkeys(names, 0)
    for row in planned:
        counts[fate_name(row)] += 1
    parts = [f"{name}{count}" for name, count in counts.items() if count]
    return f"共{len(planned)}行＝{'＋'.join(parts)}"


def sheet_words(sheet: Sheet) -> list[str]:
    """Say of a sheet what a reader would not expect: not read, hidden, columns left out."""
    name = f"工作表{quoted(sheet.title)}"
    if not sheet.head_row:
        return [f"{name}没有“事项”“牵头单位”的表头，没有读，共{sheet.used}行"]
    said = []
    if sheet.hidden:
        said.append(f"{name}是隐藏的，也已读入")
    if sheet.hidden_rows:
        said.append(f"{name}的隐藏行也已读入：第{_ranges(sheet.hidden_rows)}行")
    if sheet.hidden_columns:
        said.append(f"{name}的隐藏列也已读入：{'、'.join(sheet.hidden_columns)}")
    if sheet.unread_columns:
        said.append(f"{name}的这些列没有读：{'、'.join(map(shown, sheet.unread_columns))}")
    return said


def filled_words(rows: Sequence[LedgerRow]) -> list[str]:
    """Say for which cells the value of merged ones was taken, by where that stands."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for place, source in row.filled:
            found.setdefault((row.sheet, source), []).append(place)
    return [
        f"工作表{quoted(sheet)}的{source}是合并单元格，其内容也用于{'、'.join(places)}"
        for (sheet, source), places in found.items()
    ]


def _ranges(numbers: Sequence[int]) -> str:
    """Write rows as 3—5、9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "、".join(f"{first}—{last}" if last > first else str(first) for first, last in runs)
