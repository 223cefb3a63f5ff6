"""Targets 「目标值」: the numbers of an item or of a row of an indicator table, with their comparison."""

import re
from collections.abc import Iterator

from tracker.domain.items import ItemKind
from tracker.domain.readings.demands import Target
from tracker.intake.chinese_numerals import numeral
from tracker.intake.clauses import clause
from tracker.intake.expressions import expression
from tracker.intake.guards import holds_any
from tracker.intake.measures import counted
from tracker.intake.quantities import (
    ALSO_ABOUT,
    AT_LEAST,
    AT_MOST,
    BARE_MONEY,
    CONDITION_AFTER,
    COUNTED,
    DATES_BEFORE,
    DIGIT,
    ENDS,
    EXPLAINS,
    FROM_AFTER,
    FROM_BEFORE,
    MAKES,
    MONEY,
    MORE_THAN,
    MOVED,
    NUMBER,
    PAID,
    PAST_BEFORE,
    QUANTITY,
    RANKED,
    REACHES,
    SCOPE_AFTER,
    SCOPE_BEFORE,
    SKIP_AFTER,
    SKIP_BEFORE,
    STARTS,
    UNITS,
    WRITTEN,
)

_TIME_UNITS = {"周", "个工作日", "工作日", "小时", "个小时", "天", "分钟", "个月"}
_FIRST_YEAR = 1900
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
_CELL = expression(rf"(?P<sign>\D*?){NUMBER}(?P<unit>(?:{UNITS})?)[^\d]*?(?P<tail>以上|以下|左右)?")
# e.g. 12 森林覆盖率
_ROW_NUMBER = expression(r"^\d{1,3} ")
# e.g. 完善设施，覆盖率达到
_BREAKS = expression(r"[，。；：、\n]")
# What of the words before a number is its comparison and not the name of what is counted.
# e.g. 覆盖率力争达到
_COMPARISON = expression(
    r"""(?:不少于|不低于|不超过|达到|提高到|提升至|控制在|力争|确保|完成|突破|超过|最高|至少|达|≥|>|<|≤)+
    [^一-龥]*$""",
    re.VERBOSE,
)


def targets(text: str, *, kind: ItemKind = ItemKind.ACTION) -> tuple[Target, ...]:
    """Return the numbers that somebody must reach, keep under or pay, in reading order.

    A policy's plain number is what is paid; a scoring rule's plain number is a mark, no target.
    """
    found = [*_written(text)]
    if DIGIT.search(text):
        found += _in_digits(text, kind)
    in_order = sorted(found, key=lambda pair: pair[0])
    return tuple(counted(target, text, place, kind=kind) for place, target in in_order)


def _in_digits(text: str, kind: ItemKind) -> list[tuple[int, Target]]:
    """Return the targets that are printed in digits, each with its place."""
    found: list[tuple[int, Target]] = []
    for match in QUANTITY.finditer(text):
        before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 20]
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
        value = _number(match[1])
        if match["high"]:
            found.append((match.start(), Target(metric, ">=", value, quote, unit)))
            found.append((match.start(), Target(metric, "<=", float(match["high"]), quote, unit)))
        else:
            found.append((match.start(), Target(metric, op, value, quote, unit)))
    if holds_any(text, "万亿"):
        found += _bare_money(text)
    if "前" in text:
        found += _ranks(text)
    return found


def _bare_money(text: str) -> Iterator[tuple[int, Target]]:
    """Read sums that are printed without 元: 最高800万支持."""
    for match in BARE_MONEY.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        op = "<=" if AT_MOST.search(before) else "="
        quote = clause(text, *match.span())
        yield match.start(), Target(_metric(before), op, _number(match[1]), quote, f"{match['scale']}元")


def _written(text: str) -> Iterator[tuple[int, Target]]:
    """Read shares and round numbers in Chinese numerals where the words before make them a target."""
    for match in WRITTEN.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        value = numeral(match["share"] or match["tenths"] or match["count"])
        most, least = AT_MOST.search(before), AT_LEAST.search(before) or MORE_THAN.search(before)
        if value is None or SKIP_BEFORE.search(before) or PAST_BEFORE.search(before):
            continue
        if match["count"] and not (most or least or match["after"] or MAKES.search(before)):
            continue
        op = "<=" if most else ">=" if least or match["count"] or match["tenths"] else "="
        value, unit = (value * 10, "%") if match["tenths"] else (value, match["counted"] or "%")
        yield match.start(), Target(_metric(before), op, value, clause(text, *match.span()), unit)


def _ranks(text: str) -> Iterator[tuple[int, Target]]:
    """Read a place among the first so many, which is to be kept or reached."""
    for match in RANKED.finditer(text):
        value = _number(match["rank"])
        yield (
            match.start(),
            Target(_metric(match.string[: match.start()]), "<=", value, clause(text, *match.span()), "位"),
        )


# A number with a word behind it, unless it labels its line or counts years, levels or articles.
# e.g. 手册20万本
# but not 5.1接警报告
# but not 第3条
# but not 2024年
_ANY_NUMBER = expression(
    r"(?m)\d(?<!^\d)(?<![\d.．第〔（(/年月\-—]\d)\d{0,8}(?:\.\d{1,4})?(?![\d.,，%％‰])(?![年月日号条届时点点分款章期级类+：:、．）)\]〕/—\-~～至到]|个?工作日|小时|个月|周岁|周年)(?=[\u4e00-\u9fff])"
)
# A number in words that is counted on: 至少一次.
# e.g. 不少于两次
_IN_WORDS = expression(
    r"(?:至少|不少于|不低于|不得少于)[^，。；\d]{0,10}?[一二两三四五六七八九十]{1,2}(?:次|个|家|项|名|场|期|批)"
)


def strange_numbers(text: str) -> bool:
    """Say whether the words hold a number of no known unit, or one whose role nothing around it tells."""
    if not DIGIT.search(text):
        return bool(_IN_WORDS.search(text))
    numbers = [*QUANTITY.finditer(text)]
    if _IN_WORDS.search(text) or any(_has_no_role(match, text) for match in numbers):
        return True
    strange = [found.start() for found in _ANY_NUMBER.finditer(text)]
    known = [match.span() for match in (*numbers, *BARE_MONEY.finditer(text))] if strange else []
    return any(not any(a <= place < b for a, b in known) for place in strange)


def _has_no_role(match: re.Match[str], text: str) -> bool:
    """Say whether a number is taken for no target only because so many of its kind may stand for anything."""
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 20]
    return (
        _unit(match) in _VAGUE_UNITS and not _is_no_target(match, before, after) and not _operator(match, before, after)
    )


def _number(printed: str) -> float:
    return float(printed.replace(",", "").replace("，", ""))


def indicator(row: str) -> tuple[Target, ...]:
    """Read the last column of an indicator table's row as its target; a bare value is to be met exactly."""
    metric, _, cell = row.strip().rpartition(" ")
    found = _CELL.fullmatch(cell)
    if found is None:
        return targets(row, kind=ItemKind.INDICATOR)
    op = _SIGNS.get(found["sign"].strip()) or {"以上": ">=", "以下": "<="}.get(found["tail"] or "", "=")
    metric = _ROW_NUMBER.sub("", metric)
    target = Target(metric, op, _number(found[2]), row.strip(), found["unit"].replace("％", "%") or None)
    return (counted(target, row, row.rindex(found[2]), kind=ItemKind.INDICATOR),)


def _operator(match: re.Match[str], before: str, after: str) -> str | None:
    """Say which comparison the words around a number make; None where the number is no target."""
    unit, tail = _unit(match), match["after"]
    if _is_no_target(match, before, after):
        return None
    if unit in _TIME_UNITS:
        started = STARTS.search(before) and ENDS.match(after)
        return "<=" if tail in _WITHIN or AT_MOST.search(before) or started else None
    if MOVED.search(before) and "不" not in before[-8:]:
        return "="
    if tail in {*_WITHIN, "以下", "及以下"} or AT_MOST.search(before):
        return "<="
    if tail == "左右" or ALSO_ABOUT.match(after):
        return "="
    if MORE_THAN.search(before):
        return ">"
    if tail or AT_LEAST.search(before):
        return ">="
    if MONEY.search(unit) and PAID.search(before):
        return "="
    if unit == "泊":
        return "="
    return None if unit in _VAGUE_UNITS and not MAKES.search(before) else ">="


def _is_no_target(match: re.Match[str], before: str, after: str) -> bool:
    """Say whether a number dates, counts, or describes whom a measure is for."""
    unit, tail = _unit(match), match["after"]
    if unit == "年" and (
        float(_number(match[1])) >= _FIRST_YEAR or not (AT_MOST.search(before) or AT_LEAST.search(before))
    ):
        return True
    if FROM_BEFORE.search(before) and FROM_AFTER.match(after):
        return True
    if unit in {"日", "岁"} or DATES_BEFORE.search(before) or (unit == "名" and before.endswith("前")):
        return True
    if SKIP_BEFORE.search(before) or SKIP_AFTER.match(after) or PAST_BEFORE.search(before):
        return True
    return _is_scope(match, before, after, tail=tail)


def _is_scope(match: re.Match[str], before: str, after: str, *, tail: str | None) -> bool:
    """Say whether a number tells what a measure is about, or under which condition it holds."""
    unit = _unit(match)
    if EXPLAINS.search(before) and not (tail or AT_LEAST.search(before) or AT_MOST.search(before)):
        return True
    if CONDITION_AFTER.match(after) or (SCOPE_BEFORE.search(before) and not tail):
        return True
    if (
        tail in {"以上", "及以上", "以下", "及以下", "含以上"}
        and SCOPE_AFTER.match(after)
        and not after.startswith(("的奖", "奖"))
    ):
        reached = tail == "以上" and COUNTED.match(unit) and REACHES.search(before) and not after.startswith("的")
        return not reached
    return False


def _unit(match: re.Match[str]) -> str:
    """Return the printed unit; 万 before a range belongs to the unit after it."""
    unit, scale = match["unit"].replace("％", "%"), match["scale"] or ""
    return unit if unit.startswith(scale) and scale else scale + unit


def _metric(before: str) -> str:
    words = _BREAKS.split(before)[-1]
    return _COMPARISON.sub("", words)[-20:] or "数量"
