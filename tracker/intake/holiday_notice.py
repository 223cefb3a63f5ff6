"""Reads the State Council's holiday notice 「部分节假日安排的通知」 as text; pure: text in, one notice out.

Forms read, one paragraph a holiday: 「一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。」,
「1月1日放假，与周末连休。」, 「1月1日（周三）放假1天，不调休。」, with a second sentence
「1月28日（星期六）、1月29日（星期日）上班。」.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.calendar import full_date
from tracker.domain.errors import BadInput
from tracker.domain.holidays import FESTIVALS, ContradictoryNotice, DaysOff, HolidayNotice
from tracker.intake.calendar_file import read_calendar_file
from tracker.intake.expressions import expression

# e.g. 国务院办公厅关于2023年部分节假日安排的通知
_TITLE = expression(r"关于(\d{4})年部分节假日安排的通知")
# e.g. 国办发明电〔2022〕16号
_NUMBER = expression(r"(国办发(?:明电)?)[〔\[(【](\d{4})[〕\])】]第?(\d{1,3})号")
# e.g. 2022年12月8日
_ISSUED = expression(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
# e.g. 一、元旦:2022年12月31日至2023年1月2日放假调休,共3天。
_PARAGRAPH = expression(r"[一二三四五六七八九十]{1,2}、([^::。]{2,20}):(.*)")
# Of the days of a list only the first prints its month, or its year.
# e.g. 1月28日(星期六)
# e.g. 29日(星期日)
_DATE = expression(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]{0,30})\))?")
# e.g. 放假调休,共3天
# e.g. 放假,与周末连休
_OFF = expression(r"(?:放假调休|放假)(?:,?共?(\d{1,2})天)?(?:,(?:与周末连休|不调休))*")
# e.g. 星期六
# e.g. 周三
_WEEKDAY = expression(r"(?:星期|周)([一二三四五六日天])")
_WEEKDAYS = "一二三四五六日"
# e.g. 4月23日(星期日)上班
_OF_DAYS = expression(r"\d日.{0,30}(?:放假|上班)")
# e.g. 一、 元旦
_BLANKS = expression(r"\s+")
_NO_RULE = ("鼓励", "提倡")


class NoticeUnreadable(BadInput):
    """A line of the notice cannot be read as days; facts: line (from 1), words, problem."""

    code = "notice_unreadable"


class NoticeIncomplete(BadInput):
    """The text is no holiday notice, or not a whole one; facts: lacking."""

    code = "notice_incomplete"


@dataclass(frozen=True, slots=True)
class _Paragraph:
    line: int
    name: str
    words: str

    def refuse(self, problem: str) -> NoticeUnreadable:
        return NoticeUnreadable(line=self.line, words=self.words[:30], problem=problem)


def read_notices(text: str) -> tuple[HolidayNotice, ...]:
    """Return the notices in a text: the State Council's words, or a TOML file shaped like `config/calendar.toml`.

    Raises NoticeUnreadable, NoticeIncomplete, CalendarFileUnreadable.
    """
    if "[[year]]" in text:
        return read_calendar_file(text)[0]
    return (read_holiday_notice(text),)


def read_holiday_notice(text: str) -> HolidayNotice:
    """Return the notice in a text, checked against its own counts and weekdays.

    Raises NoticeUnreadable with the line, NoticeIncomplete where the title, the number, the day of issue or a holiday
    is lacking.
    """
    lines = [_BLANKS.sub("", unicodedata.normalize("NFKC", line)) for line in text.splitlines()]
    whole = "".join(lines)
    title, number = _TITLE.search(whole), _NUMBER.search(whole)
    issued = [found for line in lines if (found := _ISSUED.fullmatch(line))]
    heads = (("标题", title), ("发文字号", number), ("成文日期", issued))
    if lacking := [name for name, found in heads if not found]:
        raise NoticeIncomplete(lacking="、".join(lacking))
    assert title is not None
    assert number is not None
    year = int(title[1])
    holidays: list[DaysOff] = []
    make_ups: list[date] = []
    for paragraph in _paragraphs(lines):
        holiday, worked = _read(paragraph, year)
        holidays.append(holiday)
        make_ups += worked
    _check_festivals(holidays)
    try:
        issued_on = date(*(int(part) for part in issued[-1].groups()))
    except ValueError:
        raise NoticeUnreadable(line=1, words=issued[-1].group(), problem="没有这一天") from None
    source = f"{number[1]}〔{number[2]}〕{int(number[3])}号"
    try:
        return HolidayNotice(
            year=year, source=source, issued_on=issued_on, holidays=tuple(holidays), make_ups=tuple(sorted(make_ups))
        )
    except ContradictoryNotice as error:
        raise NoticeUnreadable(line=1, words=f"{year}年", problem=str(error)) from error


def _paragraphs(lines: list[str]) -> Iterator[_Paragraph]:
    """Yield the numbered paragraphs, lines that were wrapped put together.

    Raises NoticeUnreadable at a line that speaks of days off or worked and belongs to none of them: a make-up day that
    is passed over is a wrong deadline.
    """
    paragraph: _Paragraph | None = None
    for number, line in enumerate(lines, start=1):
        found = _PARAGRAPH.fullmatch(line)
        goes_on = paragraph is not None and (not paragraph.words.endswith("。") or line[:1].isdigit())
        if found is not None:
            if paragraph is not None:
                yield paragraph
            paragraph = _Paragraph(number, found[1], found[2])
        elif paragraph is not None and goes_on and not _ISSUED.fullmatch(line):
            paragraph = replace(paragraph, words=paragraph.words + line)
        elif paragraph is not None and _OF_DAYS.search(line):
            raise NoticeUnreadable(line=number, words=line[:30], problem="没有归入任何节日")
    if paragraph is not None:
        yield paragraph


def _read(paragraph: _Paragraph, year: int) -> tuple[DaysOff, list[date]]:
    """Read the days off of a paragraph and the days worked instead."""
    first, *others = [words for words in paragraph.words.split("。") if words] or [""]
    holiday = _days_off(paragraph, first, year)
    worked: list[date] = []
    for words in others:
        if words.startswith(_NO_RULE):
            continue
        if not words.endswith("上班"):
            raise paragraph.refuse("除放假和调休上班以外的话读不懂")
        worked += _listed(paragraph, words.removesuffix("上班"), year)
    return holiday, worked


def _days_off(paragraph: _Paragraph, words: str, year: int) -> DaysOff:
    opening = _DATE.match(words)
    if opening is None:
        raise paragraph.refuse("没有写明放假日期")
    first_on = last_on = _day(paragraph, opening, year=year, month=None)
    rest = words[opening.end() :]
    if rest.startswith("至"):
        closing = _DATE.match(rest, 1)
        if closing is None:
            raise paragraph.refuse("没有写明放假止日")
        last_on = _day(paragraph, closing, year=first_on.year, month=first_on.month)
        rest = rest[closing.end() :]
    off = _OFF.fullmatch(rest)
    if off is None:
        raise paragraph.refuse("没有写明放假")
    days = (last_on - first_on).days + 1
    if days < 1 or (off[1] and int(off[1]) != days):
        raise paragraph.refuse(f"起止日期为{days}天，与所写天数不符")
    return DaysOff(first_on, last_on, paragraph.name)


def _listed(paragraph: _Paragraph, words: str, year: int) -> list[date]:
    found: list[date] = []
    at = 0
    while at < len(words):
        one = _DATE.match(words, at)
        if one is None:
            raise paragraph.refuse("上班日期读不懂")
        found.append(_day(paragraph, one, year=year, month=found[-1].month if found else None))
        at = one.end()
        if at < len(words) and words[at] in "、,和":
            at += 1
    if not found:
        raise paragraph.refuse("没有写明上班日期")
    return found


def _day(paragraph: _Paragraph, found: re.Match[str], *, year: int, month: int | None) -> date:
    """Return a printed day; a year or month that is not printed is the one before it. Its weekday must be right."""
    printed_month = int(found[2]) if found[2] else month
    if printed_month is None:
        raise paragraph.refuse("没有写明月份")
    try:
        day = date(int(found[1] or year), printed_month, int(found[3]))
    except ValueError:
        raise paragraph.refuse(f"没有{printed_month}月{found[3]}日这一天") from None
    weekday = _WEEKDAY.search(found[4] or "")
    if weekday and _WEEKDAYS.index(weekday[1].replace("天", "日")) != day.weekday():
        raise paragraph.refuse(f"{full_date(day)}是星期{_WEEKDAYS[day.weekday()]}，与所写星期不符")
    return day


def _check_festivals(holidays: list[DaysOff]) -> None:
    named = [name for holiday in holidays for name in holiday.name.split("、")]
    if lacking := [name for name in FESTIVALS if name not in named]:
        raise NoticeIncomplete(lacking="、".join(lacking) + "的安排")
