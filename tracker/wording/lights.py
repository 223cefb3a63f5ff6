"""The sentences of lights: why each shows its colour."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.domain.entered import enough_text, number_text
from tracker.domain.lights import Light, LightReason, Waiting
from tracker.wording.moments import due_words, lateness_words, left_words
from tracker.wording.work import month_day

LIGHT_SENTENCES: dict[LightReason, str] = {
    LightReason.OVERDUE: "应于{due}前报送，{late}",
    LightReason.CORRECTION_OVERDUE: "退回后应于{due}前补正，{late}",
    LightReason.NOT_COMPLETED: "应于{due}前报送办结情况，未办结，{late}",
    LightReason.CLOSING_OVERDUE: "文件期限已满，应于{due}前报送收尾情况，{late}",
    LightReason.FORM_OVERDUE: "反馈应于{due}前报送，尚未报送",
    LightReason.FORM_UNCORRECTED: "反馈退回后应于{due}前补正，尚未补正",
    LightReason.MISSED: "本期漏报",
    LightReason.FILED_LATE: "迟报",
    LightReason.RETURNED: "已退回，{due}前补正",
    LightReason.DUE_SOON: "{due}前报送，{left}",
    LightReason.RECEIPT_OVERDUE: "应于{due}前签收，尚未签收",
    LightReason.LAPSED_AWAITS_CLOSING: "文件期限已满，请于{due}前报送收尾情况",
    LightReason.AWAITING_FIGURES: "{deadline_on}已到期，待核数，{due}前报送办结情况",
    LightReason.UNDER_REVIEW: "本期已报",
    LightReason.IN_TIME: "{due}前报送，未到期",
    LightReason.NOTHING_DUE: "目前没有到期的反馈",
    LightReason.BEHIND_PLAN: "截至{value_on}为{value}，按序时应为{expected}，差{gap}",
    LightReason.EXCEEDED: "截至{value_on}超出规定数{gap}",
    LightReason.CLAIMED_BEHIND: "{by}未达序时",
    LightReason.NOT_BEGUN: "{by}应启未启",
    LightReason.DIFFICULT: "{by}难以完成或需调整",
    LightReason.SILENT: "已连续{quarters}个季度没有新进展",
    LightReason.ON_TRACK: "所报数值达到序时",
    LightReason.CLAIMED_DONE: "{by}已完成",
    LightReason.CLAIMED_ON_TRACK: "{by}达序时",
    LightReason.ONGOING: "常态推进",
    LightReason.NOT_BEGUN_YET: "未到启动时间",
    LightReason.NO_CLAIM: "尚未报告进展",
    LightReason.NOT_ISSUED: "尚未交办",
    LightReason.NOT_STARTED: "尚未到报送期",
    LightReason.WAITING_FOR_EVENT: "待触发，事件发生后起算",
    LightReason.CONTINUOUS: "持续性工作，无固定时限",
    LightReason.SUSPENDED: "已中止",
    LightReason.CANCELLED: "已撤销",
    LightReason.RELEASED: "已改派或免除",
    LightReason.WAIVED: "本期免报",
    LightReason.ACCEPTED: "审核通过",
    LightReason.COMPLETED: "已办结，待销号",
    LightReason.CLOSED: "已销号",
    LightReason.ARCHIVED: "未办结，已归档",
}
WAITING_SENTENCES: dict[Waiting, str] = {
    Waiting.REVIEW: "已报督查室，待审核",
    Waiting.EXTENSION: "已申请延期，待批复",
    Waiting.DISPUTE: "已提出职责异议，待答复",
}


def light_sentence(light: Light, *, today: date) -> str:
    """Say why a light shows its colour, in one clause without a full stop; days of other years bear their year."""
    facts = light.facts
    text = LIGHT_SENTENCES[light.reason]
    if light.reason is LightReason.BEHIND_PLAN and facts.get("expected") is None:
        text = "截至{value_on}未达到序时要求"
    if light.reason is LightReason.BEHIND_PLAN and facts.get("by_office"):
        text = text.replace("按序时", "按督查室设定的序时")
    if light.reason is LightReason.EXCEEDED and not facts.get("gap"):
        text = "截至{value_on}已到规定的限值"
    if "due_at" not in facts:
        text = text.replace("请于{due}前", "请")
    if "workdays_left" not in facts:
        text = text.removesuffix("，{left}")
    words = {name: _light_fact(value, today=today) for name, value in facts.items()} | _numbers(facts)
    text = text.format_map(words | _moment_of_light(facts, today=today))
    if isinstance(periods := facts.get("periods"), int) and periods > 1:
        text += f"，共{periods}期"
    return f"{text}（{WAITING_SENTENCES[light.waiting]}）" if light.waiting else text


def _numbers(facts: Mapping[str, Any]) -> dict[str, str]:
    """Write what a value was held against, and between the two numbers as they are written how much lies."""
    value, expected = facts.get("value"), facts.get("expected")
    if value is None or expected is None:
        return {}
    told = enough_text(expected, beside=value)
    gap = abs(Decimal(told) - Decimal(number_text(value)))
    return {"expected": told, "gap": number_text(float(gap))}


def _moment_of_light(facts: Mapping[str, Any], *, today: date) -> dict[str, str]:
    """Write the moment of a light and how far it is, where the facts tell them."""
    if "due_at" not in facts:
        return {}
    words = {"due": due_words(facts["due_at"], today=today)}
    for name, counted, say in (("late", "workdays_late", lateness_words), ("left", "workdays_left", left_words)):
        if counted in facts:
            words[name] = say(facts["due_at"], at=facts["seen_at"], workdays=facts[counted])
    return words


def _light_fact(value: object, *, today: date) -> object:
    """Write a fact of a light; its days need no weekday."""
    if isinstance(value, date):
        return month_day(value, today=today)
    if isinstance(value, float):
        return number_text(value)
    return {"own": "自报", "confirmed": "核定为"}.get(str(value), value)
