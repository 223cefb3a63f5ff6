"""Projects in words: standards as the document prints them, contradictions, differences and faults of an export."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from tracker.domain.calendar import full_date
from tracker.domain.projects.checklists import Build, Milestone, Tick
from tracker.domain.projects.contradictions import Contradiction, ContradictionKind
from tracker.domain.projects.counting import TEN_THOUSAND
from tracker.domain.projects.imports import MONEY, CellFault, Column, Difference, FaultKind, Told
from tracker.domain.projects.records import Listing
from tracker.domain.scoring.inputs import Month

BUILD_NAMES: Mapping[Build, str] = {
    Build.INDUSTRIAL: "工业项目",
    Build.GENERAL: "非工业项目",
    Build.EARTHWORKS: "水利、交通、铁路等需要进行大量土、石方工程的项目",
    Build.REFIT: "技改类、入驻已建成的标准厂房等项目",
}
MILESTONE_NAMES: Mapping[Milestone, str] = {
    Milestone.STARTED: "开工",
    Milestone.FINISHED: "竣工",
    Milestone.IN_PRODUCTION: "投产",
    Milestone.AT_CAPACITY: "达效",
}
# 驻政办〔2022〕53号 附件1 四, in its words.
TICK_WORDS: Mapping[Tick, str] = {
    Tick.GROUND_BROKEN: "永久性工程正式破土开槽开始施工",
    Tick.PILES_DRIVEN: "作为建筑物组成部分的正式打桩",
    Tick.EARTH_MOVED: "开始进行土、石方工程",
    Tick.EQUIPMENT_THERE: "生产设备到场",
    Tick.NOT_PREPARATION: "不只是工程地质勘察、平整场地、旧有建筑物的拆除、临时建筑、施工用临时道路、水、电等工程",
    Tick.NOT_CLEARANCE: "不是总体设计内的工程开工之前，用拆迁补偿费先进行拆迁缓建工程的项目",
    Tick.LINES_BUILT: "设计文件中规定的生产作业线全部建成",
    Tick.MAIN_WORKS_BUILT: "设计中规定的主要工程全部建成",
    Tick.TRIAL_RUN: "经过试运转",
    Tick.FULL_BENEFIT: "能发挥其全部效益",
    Tick.ACCEPTED: "验收鉴定合格",
    Tick.IN_PRODUCTION_HANDS: "移交给生产部门投入生产",
    Tick.IN_USE: "正式移交给管理部门投入使用",
}
COLUMN_WORDS: Mapping[Column, str] = {
    Column.CODE: "项目代码",
    Column.NAME: "项目名称",
    Column.UNIT: "县区",
    Column.BUILD: "建设类别",
    Column.TOTAL: "总投资（万元）",
    Column.PLANNED: "年度计划投资（万元）",
    Column.INVESTED: "元月至当月累计完成投资（万元）",
    Column.PLANNED_START: "计划开工月份",
    Column.PLANNED_FINISH: "计划竣工月份",
    Column.STARTED: "开工日期",
    Column.FINISHED: "竣工日期",
    Column.IN_PRODUCTION: "投产日期",
    Column.AT_CAPACITY: "达效日期",
    Column.STRATEGIC: "战略性新兴产业",
    Column.IN_STATISTICS: "纳入投资统计库日期",
}
_FAULTS: Mapping[FaultKind, str] = {
    FaultKind.NO_NAME: "没有项目名称",
    FaultKind.NO_UNIT: "没有县区",
    FaultKind.UNKNOWN_UNIT: "“{text}”不是考评对象，请写县区全称或者简称",
    FaultKind.NO_OBJECT: "“{text}”不是考评对象",
    FaultKind.UNREADABLE: "{column}“{text}”不能识别",
    FaultKind.TWICE: "“{text}”在表中不止一行",
    FaultKind.TWO_PROJECTS: "“{text}”的代码与在册项目不符，代码和名称分属两个项目",
    FaultKind.MOVED: "“{text}”在册为其他县区的项目，不能通过导入变更县区",
    FaultKind.AHEAD: "{column}{text}还没有到",
}
_CONTRADICTIONS: Mapping[ContradictionKind, str] = {
    ContradictionKind.FALLING: "{month}累计完成投资{told}万元，少于此前月份的{against}万元",
    ContradictionKind.SEEN_OTHERWISE: "{month}上报{told}万元，现场核查落实{against}万元{gap}",
    ContradictionKind.UNTRUE: "{month}现场核查不属实",
    ContradictionKind.UNTICKED: "{month}已报{milestone}，但未按标准核对",
    ContradictionKind.OUT_OF_ORDER: "{month}{milestone}，日期早于此前阶段",
    ContradictionKind.OVER_TOTAL: "{month}累计完成投资{told}万元，超过项目总投资{against}万元",
    ContradictionKind.FAR: "{month}累计完成投资{told}万元，此前月份{against}万元，相差十倍以上",
    ContradictionKind.OVER_PLAN: "{month}累计完成投资{told}万元，超过年度计划{against}万元（提示，不作差错）",
}

_BASES: Mapping[str, str] = {"reported": "上报数", "found": "核查落实数"}


def month_words(month: Month) -> str:
    """Write a month: 2022年8月."""
    return f"{month.year}年{month.number}月"


def money_words(amount: int | None) -> str:
    """Write 元 as 万元, empty where there is none."""
    if amount is None:
        return ""
    text = format(Decimal(amount) / TEN_THOUSAND, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def contradiction_words(found: Contradiction, *, base: str | None = None) -> str:
    """Say what does not fit together; how far in percent where the `base` of that is decided, as the marks take it."""
    apart = found.gap(base) if base is not None else None
    gap = f"，相差{float(apart) * 100:.2f}%（以{_BASES[base]}为基数）" if base is not None and apart is not None else ""
    return _CONTRADICTIONS[found.kind].format(
        month=month_words(found.month) if found.month else "",
        told=money_words(found.told),
        against=money_words(found.against),
        gap=gap,
        milestone=MILESTONE_NAMES[found.milestone] if found.milestone else "",
    )


def fault_words(fault: CellFault) -> str:
    """Say why a cell (C7) or a row (7) cannot be taken."""
    place = f"第{fault.place}行" if fault.place.isdigit() else f"{fault.place}单元格"
    column = COLUMN_WORDS[fault.column] if fault.column else ""
    return f"{place}：{_FAULTS[fault.kind].format(text=fault.text, column=column)}"


def told_words(value: Told | None, column: Column | None) -> str:
    """Write what a cell or a record says; a dash where it says nothing."""
    if value is None or value == "":
        return "—"
    if column in MONEY and isinstance(value, int):
        return money_words(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if column is Column.BUILD:
        return BUILD_NAMES[Build(str(value))]
    if isinstance(value, date):
        months = (Column.PLANNED_START, Column.PLANNED_FINISH)
        return f"{value.year}年{value.month}月" + ("" if column in months else f"{value.day}日")
    return str(value)


def difference_words(found: Difference) -> str:
    """Say what an export changes of a project."""
    if found.column is None:
        return "列入本清单"
    after = told_words(found.after, found.column)
    if found.before is None:
        return f"{COLUMN_WORDS[found.column]}：{after}"
    return f"{COLUMN_WORDS[found.column]}：{told_words(found.before, found.column)}→{after}"


def placed_words(known: Collection[Listing], before: Listing | None, now: Listing) -> str:
    """Say what of the year's rows somebody wrote over: earlier months count by it when they are corrected."""
    if before is None and now.until:
        return f"{full_date(now.until)}的移出不变。"
    if before is None:
        return f"自{full_date(now.since)}重新列入，以前各月不变。" if known else ""
    told = ""
    if before.since != now.since:
        told = f"列入日期由{full_date(before.since)}改为{full_date(now.since)}。"
    if before.until and not now.until:
        return f"{told}原定{full_date(before.until)}的移出已撤销。"
    if now.until:
        return f"{told}{full_date(now.until)}的移出不变，误移的勾选“撤销移出”。"
    return told


def along_words(rows: Iterable[tuple[Listing, Listing]]) -> str:
    """Say which rows of later years, before and after, go along with an end that is another or undone."""
    told = ""
    for before, now in rows:
        moved = f"，列入日期改为{full_date(now.since)}" if before.since != now.since else ""
        end = f"移出日期一并改为{full_date(now.until)}" if now.until else "移出一并撤销"
        told += f"{before.year}年度{full_date(before.since)}列入的，{end}{moved}。"
    return told


def left_words(row: Listing | None, on: date) -> str:
    """Say of which time on the list somebody said that a project left it on a day, and what was said before."""
    if row is not None and row.until not in (None, on):
        told = f"{full_date(row.since)}列入的，移出日期由{full_date(row.until or on)}改为{full_date(on)}，"
    else:
        told = f"项目已移出清单{f'（{full_date(row.since)}列入的，{full_date(on)}移出）' if row else ''}，"
    return f"{told}列入月份和年度计划投资不变。"


def finding_words(month: date, day: date, *, reported: int | None, found: int | None, words: str) -> str:
    """Say what a check on site found: 2022年10月8日核查2022年9月上报情况，核查2000万元，设备未到."""
    told = [f"{full_date(day)}核查{month.year}年{month.month}月上报情况"]
    told += [f"上报累计完成投资{money_words(reported)}万元"] if reported is not None and found is not None else []
    told += [f"核查{money_words(found)}万元"] if found is not None else []
    return "，".join([*told, *([words] if words else [])])
