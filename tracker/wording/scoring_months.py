"""Words about months of evaluation 「月度考评」."""

from collections.abc import Mapping

from tracker.domain.scoring.months import Term
from tracker.wording.codes import OFFICE_NAME

MONTH_STATES: Mapping[str, str] = {
    "collecting": "收集数据",
    "draft": "排名初稿",
    "check": "核对",
    "frozen": "已冻结",
    "issued": "已印发",
}
MONTH_ACTS: Mapping[str, str] = {
    "renew": "改用新版规则",
    "draft": "形成排名初稿",
    "collect": "退回收集",
    "check": "送各考评对象核对",
    "freeze": "冻结",
    "issue": "印发",
    "object": "提出异议",
    "correct": "更正",
}
OBJECTION_STATES: Mapping[str, str] = {"open": "待答复", "upheld": "属实", "refused": "维持"}
BECAME: Mapping[str, str] = {"owed": "属实，待更正", "corrected": "属实，已更正", "unchanged": "属实，不影响计分"}
INPUT_KINDS: Mapping[str, str] = {"figure": "数据", "occurrence": "事项", "check": "现场核查"}

COUNTED_SOURCE, COUNTED_REASON = "项目台账", "按项目台账重新计数"


def month_words(month: str) -> str:
    """Write 2022-09 as people do: 2022年9月."""
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月"


def since_words(month: str, state: str, *, count: int, corrected: bool) -> str:
    """Say that records came after a month was kept, and what follows; `corrected`: a correction waits for its paper."""
    name = month_words(month)
    if corrected:
        stands, follows = "更正结果已经冻结", "更正通报印发后再更正才能计入"
    elif state == "frozen":
        stands, follows = "结果已经冻结、通报没有印发", "通报印发后由督查室更正才能计入"
    else:
        stands, follows = "结果已经通报", "由督查室更正才能计入"
    return f"{name}考评{stands}，项目台账其后有{count}处与得分不一致，{follows}。"


def score_words(facts: Mapping[str, object]) -> dict[str, object]:
    """Translate what refusals about months of evaluation tell by codes."""
    told: dict[str, object] = {
        name: month_words(str(facts[name])) for name in ("score_month", "score_first") if name in facts
    }
    if "score_months" in facts:
        told["score_months"] = "、".join(map(month_words, str(facts["score_months"]).split("、")))
    if "score_state" in facts:
        told["score_state"] = MONTH_STATES[str(facts["score_state"])]
    if "score_act" in facts:
        told["score_act"] = MONTH_ACTS[str(facts["score_act"])]
    if "owners" in facts:
        told["owners"] = facts["owners"] or OFFICE_NAME
    return told


def term_words(term: Term) -> str:
    """Say for which months a decision holds: 自2022年9月起, 至2022年8月; empty where for all."""
    if not term.first:
        return f"至{month_words(term.last)}" if term.last else ""
    if term.first == term.last:
        return f"只适用于{month_words(term.first)}"
    return f"自{month_words(term.first)}{f'至{month_words(term.last)}' if term.last else '起'}"


def ranking_matter(month: str, matter: str, *, is_correction: bool) -> str:
    """Say what the circular about a month is about: that which corrects has another title than the corrected one."""
    return f"{'更正' if is_correction else ''}{month_words(month)}{matter}"
