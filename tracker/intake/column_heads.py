"""Heads of columns 「表头」 and labels of forms: what the cells under or beside them say."""

import re
from collections.abc import Sequence
from enum import StrEnum

from tracker.intake.expressions import expression


class Column(StrEnum):
    """What stands in a column of a table of tasks, measures, problems or indicators."""

    NUMBER = "number"
    CATEGORY = "category"
    TASK = "task"
    PROBLEM = "problem"
    METRIC = "metric"
    VALUE = "value"
    BASELINE = "baseline"
    UNIT_OF_MEASURE = "unit_of_measure"
    LEAD = "lead"
    DUTY = "duty"
    SUPPORT = "support"
    TIME = "time"
    PACE = "pace"
    EVIDENCE = "evidence"
    OTHER = "other"


WORDS = {Column.TASK, Column.PROBLEM}
DUTIES = {Column.LEAD, Column.DUTY, Column.SUPPORT}
_BODIES = "(?:单位|部门|科室|处室|机构)"
_HEADS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    (
        Column.NUMBER,
        # e.g. 序号
        # e.g. 任务序号
        expression(r"(?:任务|事项|项目|问题|条目)?(?:序号|编号|序|号)|[Nn][Oo]\.?"),
    ),
    (
        Column.LEAD,
        # e.g. 牵头单位
        # e.g. 主办
        # e.g. 牵头责任单位
        expression(rf"[市省州]?级?(?:牵头|主办|主责|主要责任|总牵头|第一责任)(?:责任)?{_BODIES}?"),
    ),
    (
        Column.SUPPORT,
        # e.g. 配合单位
        # e.g. 协办、参与单位
        expression(
            rf"[市省]?级?(?:(?:配合|协办|参与|协同|参加|支持|协作|协助|会办)[、及和/]?){{1,3}}(?:责任)?{_BODIES}?"
        ),
    ),
    (
        Column.DUTY,
        # e.g. 责任单位
        # e.g. 承办单位
        # e.g. 责任分工
        # e.g. 牵头及配合单位
        expression(
            rf"""(?:市级?|省级?|县级?|整改|工作|具体|属地)?
            (?:责任|承办|落实|实施|负责|完成|执行|主管|推进)(?:主体)?{_BODIES}(?:[及和、/]责任人)?
            |(?:整改|属地)?责任(?:主体|分工)|(?:职责|任务)分工
            |(?:牵头|责任|主办)[、及和/（(]{{1,2}}(?:配合|责任|协办|参与)[）)]?{_BODIES}""",
            re.VERBOSE,
        ),
    ),
    (
        Column.TIME,
        # e.g. 完成时限
        # e.g. 整改时间
        # e.g. 时间节点
        expression(
            r"""(?:计划|预计|拟|规定|要求|最终)?
            (?:完成|整改|办理|办结|落实|推进|工作|截止|交办|销号|实施|达标|任务){0,2}的?
            (?:时限|期限|时间节点|时间要求|时限要求|时间安排|截止时间|截止日期|时间|节点)""",
            re.VERBOSE,
        ),
    ),
    (
        Column.PACE,
        # e.g. 进度安排
        # e.g. 阶段目标
        expression(r"(?:时序|工作|实施|推进)?进度(?:安排|要求|计划)?|推进计划|阶段性?(?:目标|任务|安排)"),
    ),
    (
        Column.EVIDENCE,
        # e.g. 成果形式
        # e.g. 佐证材料
        expression(r"(?:工作|预期|交付|标志性|阶段)?成果(?:形式|要求|名称)?|(?:佐证|印证|证明|支撑|报送)(?:材料|资料)"),
    ),
    (
        Column.PROBLEM,
        # e.g. 存在问题
        # e.g. 反馈问题
        expression(r"(?:存在|反馈|主要|突出|具体|整改|发现){0,2}的?问题(?:描述|表现|内容|清单|名称)?|风险点"),
    ),
    (
        Column.CATEGORY,
        # e.g. 类别
        # e.g. 一级指标
        expression(r"(?:任务|项目|指标|问题|工作)?(?:类别|类型|分类|领域|板块|方面|种类)|一级指标"),
    ),
    (
        Column.METRIC,
        # e.g. 指标名称
        # e.g. 主要指标
        expression(r"(?:主要|具体|考核|评价|绩效|目标|二级|三级|核心|发展){0,2}指标(?:名称|内容)?|目标名称"),
    ),
    (
        Column.VALUE,
        # e.g. 2025年目标值
        # e.g. 目标任务数
        expression(
            r"""(?:[到至]?20\d\d年?底?)?(?:年度|全年|计划|预期|规划|工作|任务|目标){0,2}
            (?:目标值|目标数|任务数|任务量|指标值|目标量)|20\d\d年[度底]?(?:目标|任务|计划)?""",
            re.VERBOSE,
        ),
    ),
    (
        Column.BASELINE,
        # e.g. 2023年完成值
        # e.g. 基期值
        expression(
            r"""(?:20\d\d年?底?)?(?:实际|预计|上年|基期)?
            (?:完成值|完成数|完成情况|完成|实绩|基数|基期值|现状值|现状|实际值)""",
            re.VERBOSE,
        ),
    ),
    (
        Column.UNIT_OF_MEASURE,
        # e.g. 计量单位
        # e.g. 单位
        expression(r"(?:计量|度量)?单位"),
    ),
    (
        Column.TASK,
        # e.g. 工作任务
        # e.g. 整改措施
        # e.g. 督办事项
        expression(
            r"""(?:重点|主要|具体|工作|整改|督办|改革|年度|任务|落实|推进|交办|目标|建设|办理|民生|实施|细化|实事|督查
            |专项|核心){0,3}(?:任务|措施|事项|内容|举措|要求|项目|目标|工作)
            (?:名称|内容|分解|清单|[及和与](?:要求|目标|措施))?""",
            re.VERBOSE,
        ),
    ),
    (
        Column.OTHER,
        # e.g. 责任人
        # e.g. 备注
        # e.g. 整改进展情况
        expression(
            r"""(?:分管|责任|包保|牵头|市级|联系|主管|挂牌|督办){0,2}(?:领导|责任人|联系人|人|负责人)(?:及电话|及职务)?
            |备注|说明|(?:联系)?电话|联系方式|(?:目前|工作|整改|办理|落实){0,2}(?:进展|情况|结果|成效)(?:情况)?
            |是否.{1,8}|(?:任务|事项|问题)?(?:来源|依据)|状态|权重|分值|(?:督导|督办|监督|考核)单位
            |领导批示|批示内容|签发|编号|页码|评分标准""",
            re.VERBOSE,
        ),
    ),
)
# What a head says in brackets, or with blanks between its characters, is no part of its name.
# e.g. 责任单位（第一个为牵头）
_ASIDE = expression(r"[（(][^（）()]{0,20}[）)]|[\s:：]")
_LONGEST_HEAD = 22
_LABELS_OF_MATTER = {Column.TASK, Column.PROBLEM}


def column_of(head: str) -> Column | None:
    """Return what stands under a head, None where it is no head that is known."""
    if not 0 < len(head) <= _LONGEST_HEAD:
        return None
    name = _ASIDE.sub("", head)
    return next((column for column, pattern in _HEADS if pattern.fullmatch(name)), None)


def columns_of(rows: Sequence[Sequence[str]]) -> tuple[Column | None, ...] | None:
    """Return the columns under one or two rows of heads; None where they are no heads of a table that is known."""
    found: list[Column | None] = []
    for cells in zip(*rows, strict=True):
        found.append(next((column for cell in reversed(cells) if (column := column_of(cell))), None))
    if Column.METRIC in found:
        found = [
            Column.OTHER if c is Column.TASK and n != found.index(Column.METRIC) else c for n, c in enumerate(found)
        ]
    elif Column.UNIT_OF_MEASURE in found:
        found = [Column.DUTY if column is Column.UNIT_OF_MEASURE else column for column in found]
    known = {column for column in found if column}
    says_what = known & {*WORDS, Column.METRIC}
    says_more = known & {*DUTIES, Column.TIME, Column.PACE, Column.VALUE}
    return tuple(found) if says_what and says_more else None


def is_head_row(cells: Sequence[str]) -> bool:
    """Say whether a row holds nothing but heads, most of them known."""
    filled = [cell for cell in cells if cell]
    known = [cell for cell in filled if column_of(cell)]
    return len(filled) > 1 and len(known) * 3 >= len(filled) * 2 and all(len(cell) <= _LONGEST_HEAD for cell in filled)


def is_form(pairs: Sequence[tuple[str, str]]) -> bool:
    """Say whether labels and what stands beside them are a form about a matter: what is to be done, and by whom."""
    columns = {column_of(label) for label, value in pairs if value}
    return bool(columns & _LABELS_OF_MATTER) and bool(columns & {*DUTIES, Column.TIME})
