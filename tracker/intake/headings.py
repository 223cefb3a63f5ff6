"""Headings: what the headings over an item say of its kind, and which of them head no items at all."""

import re

from tracker.domain.items import ItemKind
from tracker.intake.expressions import expression
from tracker.intake.levels import level_of
from tracker.intake.outline import Node

# e.g. 一、指导思想
# e.g. 1.3适用范围
# e.g. 考核评分标准
# but not 标准化建设
BACKGROUND = expression(
    r"""指导思想|总体要求|基本原则|工作原则|总体思路|重大意义|重要意义|编制目的|编制依据|适用范围|名词|术语|定义|附则
    |预案体系|(?:灾害|事件|事故)(?:等级|分级)|预警级别|预案制定|组成人员|人员名单|分级标准|基本情况|现状|形势|总则
    |考评对象|评分标准|标准$|预案(?:管理|实施)|解释|施行|实施时间|有效期""",
    re.VERBOSE,
)
# e.g. 工作目标
# e.g. 主要指标
# but not 目标责任落实情况
GOAL = expression(r"^[\u4e00-\u9fff]{0,6}目标(?:任务|要求)?$|^主要指标|^目标任务")
# e.g. 四、保障措施
# e.g. 有关要求
_SAFEGUARD = expression(
    r"保障|组织实施|工作要求|有关要求|组织领导|组织推进|实施要求|监督管理|督促落实|监督考核|考核评价|要求$"
)
# e.g. 支持物流业发展的若干措施
_POLICY = expression(r"政策|若干措施|扶持|奖励|补贴")
# e.g. 政务服务“好差评”管理办法
_RULE = expression(r"办法|制度|规定|细则|规则|规程")
# e.g. 驻马店市森林火灾应急预案
PLAN = expression(r"预案")
# A heading that gives marks heads a rule of a score.
# e.g. 1.项目签约（20分）
_SCORE = expression(r"[（(]\d+(?:\.\d+)?分[）)]")
# What may follow a heading on its own line is no part of it.
# e.g. 加强领导。各县区要提高认识
_HEADING_END = expression(r"[。：:；，]")
_LONGEST_HEADING = 24


def headings(text: str, *, node: Node) -> list[str]:
    """Return the headings over a node and its own, the nearest last; an article has its words and no heading."""
    chain: list[str] = []
    current: Node | None = node
    while current is not None:
        end = text.find("\n", current.text_start)
        line = text[current.text_start : min(current.text_start + _LONGEST_HEADING, end if end >= 0 else len(text))]
        chain.append(_HEADING_END.split(line, maxsplit=1)[0])
        current = current.parent
    return chain[::-1]


def kind_of(title: str, *, chain: list[str]) -> ItemKind:
    """Return the kind of the items under a chain of headings in a document of this title."""
    if _SCORE.search(chain[-1]):
        return ItemKind.SCORING
    if any(_SAFEGUARD.search(heading) for heading in (chain[:-1] or chain)):
        return ItemKind.SAFEGUARD
    if PLAN.search(title):
        return ItemKind.RESPONSE_STEP if any(level_of(heading) for heading in chain) else ItemKind.DUTY
    if _POLICY.search(title):
        return ItemKind.POLICY
    if _RULE.search(title):
        return ItemKind.RULE
    return ItemKind.ACTION
