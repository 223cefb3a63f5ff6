"""Heads and cells of exports of projects: which column holds what, by the names that platforms give it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.entered import NotANumber, NumberOutOfBounds, check_day, clean_words, one_line
from tracker.domain.errors import BadInput
from tracker.domain.projects.acts import LONGEST_CODE, LONGEST_NAME, NotMoney, read_money
from tracker.domain.projects.checklists import Build
from tracker.domain.projects.imports import DAYS, MONEY, Column, HeadPeriod, Told
from tracker.intake.expressions import expression

# Written whole, apart from blanks and what stands in brackets.
_HEADS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    # e.g. 项目代码
    (Column.CODE, expression(r"(?:项目|统一|赋码|备案|入库|国家|投资项目){0,3}(?:代码|编码|编号)")),
    # e.g. 项目名称
    (Column.NAME, expression(r"(?:建设|重点)?(?:项目)(?:全称|名称)?|名称")),
    (
        Column.UNIT,
        # e.g. 所属县区
        expression(
            r"(?:所属|所在|责任|建设|申报|属地)?(?:县区|县、区|县市区|区县|地区|辖区|行政区划?|属地)(?:名称|单位)?|建设地[点址]|责任单位"
        ),
    ),
    # e.g. 建设类别
    (Column.BUILD, expression(r"(?:建设|工程|项目)(?:类别|类型)|项目分类")),
    (
        Column.INVESTED,
        # e.g. 1-8月累计完成投资
        expression(
            r"(?:\d{4}年)?(?:本年|今年|年初以来|元月至当月|元月至本月|1[-—–至~～]\d{1,2}月份?|截至\d{1,2}月底?)?"
            r"(?:累计)(?:已)?完成(?:投资)?额?|本年(?:度)?完成投资额?"
        ),
    ),
    (
        Column.PLANNED,
        # e.g. 2022年计划投资
        expression(
            r"(?:\d{4}年|本年|当年|全年)?(?:度)?年?度?计划(?:完成)?投资额?|年度(?:投资)?(?:计划|目标)(?:投资)?额?"
        ),
    ),
    # e.g. 总投资
    (Column.TOTAL, expression(r"(?:项目|计划|概算)?总投资额?")),
    # e.g. 计划开工时间
    (Column.PLANNED_START, expression(r"(?:计划|拟|预计)开工(?:时间|日期|年月|月份)")),
    # e.g. 计划竣工时间
    (Column.PLANNED_FINISH, expression(r"(?:计划|拟|预计)(?:竣工|完工|建成)(?:时间|日期|年月|月份)")),
    # e.g. 实际开工时间
    (Column.STARTED, expression(r"(?:实际)?开工(?:时间|日期)")),
    # e.g. 实际竣工时间
    (Column.FINISHED, expression(r"(?:实际)?(?:竣工|完工)(?:时间|日期)")),
    # e.g. 投产时间
    (Column.IN_PRODUCTION, expression(r"(?:实际)?投产(?:时间|日期)")),
    # e.g. 达效时间
    (Column.AT_CAPACITY, expression(r"(?:实际)?达效(?:时间|日期)")),
    # e.g. 是否战略性新兴产业
    (Column.STRATEGIC, expression(r"(?:是否)?(?:属于)?战略性?新兴产业(?:项目)?")),
    # e.g. 入统时间
    (Column.IN_STATISTICS, expression(r"(?:纳入)?(?:投资)?(?:统计库|入库|入统|纳统)(?:时间|日期)")),
)
# e.g. （万元）
_ASIDE = expression(r"[（(][^（）()]{0,20}[）)]|[\s:：]")
# e.g. 2022年
_YEAR = expression(r"(\d{4})年")
# The last month that a head names is the one up to which it goes.
# e.g. 8月
# e.g. 十一月
_MONTH = expression(r"(\d{1,2}|十[一二]|[一二三四五六七八九十])月")
_MONTHS = {word: number for number, word in enumerate([*"一二三四五六七八九十", "十一", "十二"], start=1)}
_SCALE = {"亿元": 100_000_000, "万元": 10_000, "元": 1}
# e.g. 2022-08-31
# e.g. 2022年8月
_DAY = expression(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_YES, _NO = frozenset({"是", "属于", "√", "1", "有"}), frozenset({"否", "不属于", "×", "0", "无"})
_BUILDS: tuple[tuple[Build, str], ...] = (
    (Build.REFIT, "技改|技术改造|标准厂房"),
    (Build.EARTHWORKS, "水利|交通|铁路|公路|高速"),
    (Build.INDUSTRIAL, "(?<!非)工业|制造"),
    (Build.GENERAL, "."),
)


class CellUnreadable(BadInput):
    """A cell is not what its column holds."""

    code = "cell_unreadable"


@dataclass(frozen=True, slots=True)
class Head:
    """A column that is known, by its place from 0; money stands in units of `scale` 元."""

    column: Column
    place: int
    scale: int


def heads_of(cells: Sequence[str]) -> tuple[Head, ...] | None:
    """Return what the columns of a row of heads hold; None where it names no project and no county."""
    found: dict[Column, Head] = {}
    for place, text in enumerate(cells):
        column = _column(text)
        if column is not None and column not in found:
            found[column] = Head(column, place, _scale(text))
    return tuple(found.values()) if Column.NAME in found and Column.UNIT in found else None


def _column(text: str) -> Column | None:
    name = _ASIDE.sub("", text)
    return next((column for column, pattern in _HEADS if pattern.fullmatch(name)), None)


def periods_of(cells: Sequence[str], heads: Sequence[Head]) -> tuple[HeadPeriod, ...]:
    """Return what months and years the heads of values and plans name, also in brackets."""
    found = []
    for head in heads:
        if head.column in (Column.INVESTED, Column.PLANNED):
            text = "".join(cells[head.place].split())
            years, months = _YEAR.findall(text), _MONTH.findall(text)
            month = (_MONTHS.get(months[-1]) or int(months[-1])) if months else None
            if years or months:
                found.append(HeadPeriod(head.column, text, int(years[-1]) if years else None, month))
    return tuple(found)


def _scale(text: str) -> int:
    return next((scale for unit, scale in _SCALE.items() if unit in text), _SCALE["万元"])


def read_cell(text: str, head: Head) -> Told | None:
    """Return what a cell says; None where it is blank. Raises CellUnreadable."""
    text = clean_words(text)
    if text.startswith("=") or text in _ERRORS:  # a formula that nobody computed is no blank, an error no name
        raise CellUnreadable()
    if not text or (text in ("-", "—", "/", "无") and head.column not in (Column.STRATEGIC,)):
        return None
    if head.column in MONEY:
        try:
            return read_money(text, field="", scale=head.scale)
        except (NotANumber, NumberOutOfBounds, NotMoney):
            raise CellUnreadable() from None
    if head.column in DAYS:
        return _day(text, month_only=head.column in (Column.PLANNED_START, Column.PLANNED_FINISH))
    if head.column is Column.STRATEGIC:
        if text not in _YES | _NO:
            raise CellUnreadable()
        return text in _YES
    if head.column is Column.BUILD:
        # built from the words of each kind of building
        return next(build.value for build, words in _BUILDS if re.search(words, text))
    words = one_line(text)
    if len(words) > (LONGEST_CODE if head.column is Column.CODE else LONGEST_NAME):  # a county's is none so long
        raise CellUnreadable()
    return words


def _day(text: str, *, month_only: bool) -> date:
    found = _DAY.fullmatch(text)
    try:
        if found is None or not (found[3] or month_only):
            raise CellUnreadable()
        day = date(int(found[1]), int(found[2]), int(found[3] or 1))
        check_day(day, field="")
    except (ValueError, BadInput):
        raise CellUnreadable() from None
    return day.replace(day=1) if month_only else day
