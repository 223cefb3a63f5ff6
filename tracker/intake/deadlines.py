"""Deadlines 「完成时限」: the days that an item's words or its time fields name; the latest of them binds."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from tracker.domain.items import Basis
from tracker.domain.readings.demands import Deadline
from tracker.intake.clauses import clause
from tracker.intake.day_forms import DAY_FORMS
from tracker.intake.documents import chinese_number
from tracker.intake.expressions import expression
from tracker.intake.guards import that_may_match

# e.g. 自本办法施行之日起6个月内
_IN_FORCE = expression(r"(?:施行|实施|生效)(?:之日)?起[一二三四五六七八九十\d]{1,3}个?(?:月|日|工作日)内")
# A day within a rhythm is the rhythm's, no deadline: 每年3月底前.
# e.g. 每年3月底前报告
_RECURRING = expression(r"每[年月季周]|每个?季度|每半年|各季度")
# Words before a day that tells from when or until when something was so.
# e.g. 截至
# e.g. 自
_SINCE = expression(r"(?:截至|截止到?|自|从|早于|晚于|根据|按照)$")
# e.g. 以来
_AFTERWARDS = expression(r"以来|以后|之后|起(?!草)|的通知|印发")
# A day behind these words belongs to the noun that follows: 对2024年3月31日前供应的用地.
# e.g. 对
# e.g. 对于
_FOR = expression(r"(?:对|对于|凡|凡是|针对|向|将)(?:在|于)?$")
# e.g. 供应的用地制定处置方案
_OF_NOUN = expression(r"[^，。；]{1,16}的(?=[\u4e00-\u9fff，])")
# Whoever has done something by that day is given something.
# e.g. 缴清契税的购房人，给予补贴
# e.g. 完成的项目优先安排资金
# but not 完成全部的改造任务
_WHO_DID = expression(
    r"""(?!完成(?:全|所有))[^，。；]{1,14}(?:的(?:[\u4e00-\u9fff]{0,4}(?:项目|企业|单位|人|家庭|个人|用地|贷款|合同|车辆|房屋|住房|毕业生|商户
    |用户|农户|机构|产品|设备|经营者|主体|职工|学生|者|户|对象))(?=[，、]|给予|可|享受|优先|按|予以|实行|不再|免)|的[，、](?=[^，。；]{0,8}(?:给予|可|享受|按|予以|奖励|补)))""",
    re.VERBOSE,
)
# A time field may hold nothing else.
# e.g. 2022年
_YEAR_ALONE = expression(r"(\d{4})年")
# e.g. 12月
_MONTH_ALONE = expression(r"(\d{1,2})月")
# e.g. 6月30日
_DAY_ALONE = expression(r"(?:今年)?(\d{1,2})月(\d{1,2})日(?:前|完成)?")
# e.g. 2024.12.31
# e.g. 2024.12
_DOTTED_ALONE = expression(r"(20\d\d)[.．/\-](\d{1,2})(?:[.．/\-](\d{1,2}))?(?:日|底|前|完成)*")
# e.g. 三季度
# e.g. 2024年第三季度末
_QUARTER_ALONE = expression(r"(?:(20\d\d)年)?(?:今年)?第?([一二三四1-4])季度(?:末|底|内|前|完成)*")
# e.g. 上半年
_HALF_ALONE = expression(r"(?:(20\d\d)年)?(?:今年)?上半年(?:前|内|完成)*")
# e.g. 年底
_END_ALONE = expression(r"(?:今年)?(?:年底|年末|年内|全年|本年|今年)(?:前|完成)*")
# e.g. 2022年，全市实际到位省外资金346.8亿元
_GOALS_YEAR = expression(r"(?<!\d)(20\d\d)年")


def deadline(
    text: str, *, times: list[str], issued_on: date | None, effective_on: date | None = None
) -> Deadline | None:
    """Return the day by which the item is to be done; a field 完成时限 wins over the sentence.

    What is counted from when the document takes effect needs `effective_on`, where it has a day of its own for that.
    """
    if effective_on and _IN_FORCE.search(text):
        issued_on = effective_on
    for words in times:
        day = _first_day(words, issued_on, whole=True)
        if day:
            return Deadline(day[0], Basis.STATED, words)
    found = _first_day(text, issued_on, whole=False)
    if found is None:
        return None
    return Deadline(found[0], Basis.STATED, clause(text, *found[1]))


def year_of_goal(words: str) -> Deadline | None:
    """Take the year that a goal names as its end."""
    found = _GOALS_YEAR.search(words)
    return Deadline(date(int(found[1]), 12, 31), Basis.STATED, clause(words, *found.span())) if found else None


def _first_day(text: str, issued_on: date | None, *, whole: bool) -> tuple[date, tuple[int, int]] | None:
    best: tuple[date, tuple[int, int]] | None = None
    for form, pattern in that_may_match(text, DAY_FORMS):
        for match in pattern.finditer(text):
            if _RECURRING.search(text[max(0, match.start() - 4) : match.start()]):
                continue
            if not whole and _is_no_deadline(form, match, text):
                continue
            if form in {"span", "by_year", "reach", "reach_now"} and _inside_brackets(text, match.start()):
                continue
            day = _day(form, match, issued_on)
            if day and (best is None or day > best[0]):
                best = (day, match.span())
    if best is None and whole:
        return _alone(text, issued_on)
    return best


def _is_no_deadline(form: str, match: re.Match[str], text: str) -> bool:
    """Say whether a day within a sentence tells of a case, of a season, or merely when something was."""
    if _is_of_a_case(text, *match.span()):
        return True
    if form == "months":
        return match[1] is None or "汛" in text[match.end() : match.end() + 4]
    return form == "ym" and not any(mark in match.group() for mark in "底末前")


def _alone(text: str, issued_on: date | None) -> tuple[date, tuple[int, int]] | None:
    """Read a field that holds a day, a month, a quarter or a year and nothing else."""
    text = text.strip("，。；、 ")
    span = (0, len(text))
    if only := _YEAR_ALONE.fullmatch(text):
        return date(int(only[1]), 12, 31), span
    if dotted := _DOTTED_ALONE.fullmatch(text):
        day = _dotted(dotted.groups())
        return (day, span) if day else None
    if issued_on is None:
        return None
    last = None
    if month := _MONTH_ALONE.fullmatch(text):
        last = _last(issued_on.year, int(month[1]))
    elif day_alone := _DAY_ALONE.fullmatch(text):
        last = _safe(issued_on.year, int(day_alone[1]), int(day_alone[2]))
    elif quarter := _QUARTER_ALONE.fullmatch(text):
        number = int(quarter[2]) if quarter[2].isdecimal() else chinese_number(quarter[2])
        last = _last(int(quarter[1] or issued_on.year), number * 3)
    elif half := _HALF_ALONE.fullmatch(text):
        last = date(int(half[1] or issued_on.year), 6, 30)
    elif _END_ALONE.fullmatch(text):
        last = date(issued_on.year, 12, 31)
    return (last, span) if last else None


def _is_of_a_case(text: str, start: int, end: int) -> bool:
    """Say whether a day tells which cases a measure is for, or since when something is so, not when it is due."""
    before, after = text[max(0, start - 8) : start], text[end : end + 40]
    if _SINCE.search(before) or _AFTERWARDS.match(after):
        return True
    return bool(_FOR.search(before) and _OF_NOUN.match(after)) or bool(_WHO_DID.match(after))


def _inside_brackets(text: str, place: int) -> bool:
    """Say whether a place stands inside of brackets or of a title 《》."""
    before = text[max(0, place - 60) : place]
    return any(before.rfind(a) > before.rfind(b) for a, b in ("（）", "()", "《》"))


def _day(form: str, match: re.Match[str], issued_on: date | None) -> date | None:
    """Resolve one form; those without a year need the document's date."""
    groups = match.groups()
    if form == "ymd":
        return _safe(int(groups[0]), int(groups[1]), int(groups[2]))
    if form == "dotted":
        return _dotted(groups)
    if form == "ym":
        return _last(int(groups[0]), int(groups[1]))
    if form == "days" and groups[0]:
        return _safe(int(groups[0]), int(groups[1]), int(groups[2]))
    if form == "months" and groups[0]:
        return _last(int(groups[0]), int(groups[1]))
    if form == "written":
        year = int("".join(str(chinese_number(mark)) for mark in groups[0]))
        return _last(year, chinese_number(groups[1]) if groups[1] else 12)
    if form == "reach_now":
        return _safe(int(groups[0]), 12, 31) if issued_on and int(groups[0]) >= issued_on.year else None
    if form in {"span", "year_end", "by_year", "reach"}:
        return _safe(int(groups[0]), 12, 31)
    if form == "quarter" and groups[0]:
        return _last(int(groups[0]), chinese_number(groups[1]) * 3)
    return _relative(form, groups, issued_on) if issued_on else None


def _relative(form: str, groups: tuple[str, ...], issued_on: date) -> date | None:
    year = issued_on.year
    resolve: dict[str, Callable[[], date | None]] = {
        "quarter": lambda: _last(year, chinese_number(groups[1]) * 3),
        "days": lambda: _safe(year, int(groups[1]), int(groups[2])),
        "months": lambda: _last(year, int(groups[1])),
        "built": lambda: _last(year, int(groups[0])),
        "next_year": lambda: _last(year + 1, int(groups[0])),
        "next_end": lambda: date(year + 1, 12, 31),
        "next_half": lambda: date(year + 1, 6, 30),
        "third": lambda: _safe(year, int(groups[0]), {"上": 10, "中": 20}.get(groups[1], 28)),
        "md": lambda: _safe(year, int(groups[0]), int(groups[1])),
        "m": lambda: _last(year, int(groups[0] or groups[1])),
        "half": lambda: date(year, 6, 30),
        "this_year": lambda: date(year, 12, 31),
        "months_after": lambda: _after(issued_on, chinese_number(groups[0]), groups[1]),
    }
    return resolve[form]()


def _dotted(groups: tuple[str | None, ...]) -> date | None:
    year, month = int(groups[0] or 0), int(groups[1] or 0)
    return _safe(year, month, int(groups[2])) if groups[2] else _last(year, month)


def _after(start: date, count: int, unit: str) -> date | None:
    if unit != "月":
        return start + timedelta(days=count) if unit == "日" else None
    months = start.month - 1 + count
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _safe(year: int, month: int, day: int) -> date | None:
    if not (1990 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _last(year: int, month: int) -> date | None:
    return _safe(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 and 1990 <= year <= 2100 else None
