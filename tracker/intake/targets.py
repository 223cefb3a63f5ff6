"""Targets 「目标值」: the numbers of an item or of a row of an indicator table, with their comparison."""

import re

from tracker.domain.items import ItemKind
from tracker.domain.readings.demands import Target
from tracker.intake.clauses import clause
from tracker.intake.quantities import (
    AT_LEAST,
    AT_MOST,
    DATES_BEFORE,
    MAKES,
    MONEY,
    MORE_THAN,
    NUMBER,
    PAID,
    QUANTITY,
    SCOPE_AFTER,
    SKIP_AFTER,
    SKIP_BEFORE,
    UNITS,
)

_TIME_UNITS = {"个工作日", "小时", "个小时", "天", "分钟"}
_WITHIN = {"内", "以内", "之内"}
_VAGUE_UNITS = {"次", "类", "种", "位", "人", "起", "例", "批", "支", "项", "件"}
_SIGNS = {
    ">": ">",
    "≥": ">=",
    "＞": ">",
    "<": "<",
    "≤": "<=",
    "＜": "<",
    "=": "=",
    "达到": ">=",
    "力争达到": ">=",
    "不低于": ">=",
}
# The last cell of a row; words without a number may follow the unit.
# e.g. ≥75%
# e.g. 100左右
_CELL = re.compile(rf"(?P<sign>\D*?){NUMBER}(?P<unit>(?:{UNITS})?)[^\d]*?(?P<tail>以上|以下|左右)?")
# e.g. 12 森林覆盖率
_ROW_NUMBER = re.compile(r"^\d{1,3} ")
# e.g. 完善设施，覆盖率达到
_BREAKS = re.compile(r"[，。；：、\n]")
# What of the words before a number is its comparison and not the name of what is counted.
# e.g. 覆盖率力争达到
_COMPARISON = re.compile(
    r"""(?:不少于|不低于|不超过|达到|提高到|提升至|控制在|力争|确保|完成|突破|超过|最高|至少|达|≥|>|<|≤)+
    [^一-龥]*$""",
    re.VERBOSE,
)


def targets(text: str, *, kind: ItemKind = ItemKind.ACTION) -> tuple[Target, ...]:
    """Return the numbers that somebody must reach, keep under or pay, in reading order.

    A policy's plain number is what is paid; a scoring rule's plain number is a mark, no target.
    """
    found: list[Target] = []
    for match in QUANTITY.finditer(text):
        before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 6]
        op = _operator(match, before, after)
        if op is None or (match["unit"] == "名" and (match["high"] or "第" in before[-2:])):
            continue
        stated = match["after"] or AT_LEAST.search(before) or AT_MOST.search(before) or MORE_THAN.search(before)
        if kind in {ItemKind.SCORING, ItemKind.RULE} and not stated:
            continue
        if kind is ItemKind.POLICY and not stated and op == ">=" and MONEY.search(_unit(match)):
            op = "="
        quote = clause(text, *match.span())
        metric = _metric(before)
        unit = _unit(match)
        value = float(match[1])
        if match["high"]:
            found.append(Target(metric, ">=", value, quote, unit))
            found.append(Target(metric, "<=", float(match["high"]), quote, unit))
        else:
            found.append(Target(metric, op, value, quote, unit))
    return tuple(found)


def indicator(row: str) -> tuple[Target, ...]:
    """Read the last column of an indicator table's row as its target; a bare value is to be met exactly."""
    metric, _, cell = row.strip().rpartition(" ")
    found = _CELL.fullmatch(cell)
    if found is None:
        return targets(row)
    op = _SIGNS.get(found["sign"].strip()) or {"以上": ">=", "以下": "<="}.get(found["tail"] or "", "=")
    metric = _ROW_NUMBER.sub("", metric)
    return (Target(metric, op, float(found[2]), row.strip(), found["unit"].replace("％", "%") or None),)


def _operator(match: re.Match[str], before: str, after: str) -> str | None:
    """Say which comparison the words around a number make; None where the number is no target."""
    unit, tail = _unit(match), match["after"]
    if _is_no_target(unit, tail, before, after):
        return None
    if unit in _TIME_UNITS:
        return "<=" if tail in _WITHIN or AT_MOST.search(before) else None
    if tail in {*_WITHIN, "以下"} or AT_MOST.search(before):
        return "<="
    if tail == "左右":
        return "="
    if MORE_THAN.search(before):
        return ">"
    if tail or AT_LEAST.search(before):
        return ">="
    if MONEY.search(unit) and PAID.search(before):
        return "="
    return None if unit in _VAGUE_UNITS and not MAKES.search(before) else ">="


def _is_no_target(unit: str, tail: str | None, before: str, after: str) -> bool:
    """Say whether a number dates, counts, or describes whom a measure is for."""
    if unit == "年" and not AT_MOST.search(before) and not AT_LEAST.search(before):
        return True
    if unit in {"日", "岁"} or DATES_BEFORE.search(before) or (unit == "名" and before.endswith("前")):
        return True
    if SKIP_BEFORE.search(before) or SKIP_AFTER.match(after):
        return True
    scope = tail in {"以上", "及以上", "以下"} and SCOPE_AFTER.match(after)
    return bool(scope) and not after.startswith(("的奖", "奖"))


def _unit(match: re.Match[str]) -> str:
    """Return the printed unit; 万 before a range belongs to the unit after it."""
    unit, scale = match["unit"].replace("％", "%"), match["scale"] or ""
    return unit if unit.startswith(scale) and scale else scale + unit


def _metric(before: str) -> str:
    words = _BREAKS.split(before)[-1]
    return _COMPARISON.sub("", words)[-20:] or "数量"
