"""Normalised text → official documents: number, title, issuer, dates, validity."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.intake.expressions import expression

# e.g. 驻政办〔2022〕49号
# e.g. 驻马店市人民政府文件 驻政[2022]8号
_NUMBER = expression(
    r"^(?:.*[^\u4e00-\u9fff])?([\u4e00-\u9fff（）]{1,14})[〔［\[【（(](\d{4})[〕］\]】）)]\s*第?\s*(\d{1,5})\s*号$"
)
# e.g. 2022年8月13日
_DATE = expression(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$")
# e.g. 二〇二二年八月十三日
_CHINESE_DATE = expression(
    r"^([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日$"
)
_DATE_INSIDE = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
# e.g. 有效期至2023年12月31日
# e.g. 自2022年1月1日起实施，执行至2024年12月31日
# e.g. 本措施自2024年10月1日起施行，期限至2026年9月30日止
_EXPIRES = expression(rf"(?:有效期|有效期限|期限|执行|实施|施行)[^。；\n]{{0,12}}?至{_DATE_INSIDE}")
# What a document says of its own validity stands in its closing or in a clause on its effect; a measure of it may have
# a term of its own, which ends that measure alone.
# e.g. 本办法自印发之日起施行，有效期两年
# e.g. 第二十条　自2022年9月1日起施行
# e.g. 以上政策措施执行至2024年12月31日
# e.g. 有效期两年
# but not 热价补贴执行期限至2024年12月31日
_OWN_TERM = expression(
    r"""^(?:第[一二三四五六七八九十百\d]{1,5}条|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．])?[\s\u3000]*
    (?:(?:施行|实施|有效|执行)(?:时间|期限?|日期)[。：:])?
    (?:本(?!市|省|县|区|地|人|级|单位|年|项|条)|(?:以上|上述|前述)(?:各项|各条|所有)?(?:政策|措施|规定)|自|有效期|《[^》]{4,60}》自|除[^，,。]{2,40}外[，,])""",
    re.VERBOSE,
)
# Counted from the day of effect, else from the day of issue.
# e.g. 有效期两年
_YEARS = expression(r"有效期(?:限)?(?:为)?([一二两三四五六七八九十]|\d{1,2})年")
# e.g. 自2022年9月1日起施行
_EFFECTIVE = expression(rf"自{_DATE_INSIDE}起(?:正式)?(?:施行|实施|执行|生效)")
# e.g. 本意见自印发之日起施行
_FROM_ISSUE = expression(r"自(?:印发|发布|公布|下发)之日起(?:正式)?(?:施行|实施|执行|生效)")
_KINDS = (
    r"(?:通知|意见|方案|办法|决定|通报|措施|计划|要点|规定|细则|预案|规划|批复|函|公告|通告|纪要|报告|请示"
    r"|清单|规程|制度)"
)
# e.g. 2022年驻马店市招商引资工作方案
# e.g. 政务服务“好差评”管理办法（试行）
_ENDS_TITLE = expression(rf"{_KINDS}(?:[（(].{{0,30}}[）)])?$")
# The title is that of the paper that is passed on.
# e.g. 关于印发《2022年驻马店市招商引资工作方案》的通知
_PASSED_ON = expression(r"关于(?:印发|转发|下发|发布|批转)《?(.+?)》?的(?:通知|通告|决定|公告)$")
# e.g. 2024年9月8日，副市长主持召开专题会议
_MEETING = expression(r"^(\d{4})年(\d{1,2})月(\d{1,2})日[^。]{0,40}(?:召开|主持)")
_SENTENCES = expression("[。；;]")  # e.g. 。
_DIGITS = {
    mark: value
    for value, marks in enumerate(("〇○零", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for mark in marks
}
# e.g. 驻马店市人民政府办公室文件
_ISSUER = expression(r"(?:政府|委员会|办公室|办公厅|局|部|厅)(?:文件)?$")
_HEAD_LINES = 6
_LINES_BEFORE_TITLE = 8
_LONGEST_TITLE = 60
# e.g. 一、重点任务
# e.g. 1.建设园区
# e.g. 目录
_HEADING = expression(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,3}[.．、 ]"
    r"|第[一二三四五六七八九十]+[章条]|目\s*录$"
)


@dataclass(frozen=True, slots=True)
class FoundDocument:
    """One document in a text; `text` begins with its head.

    `dated` is the day that days without a year are counted from: of issue, else of the meeting or of the number's year.
    """

    text: str
    number: str
    title: str
    issuer: str | None
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None
    dated: date | None = None


def split_documents(text: str) -> list[FoundDocument]:
    """Cut a normalised text at the heads of its documents; a text without any number is one document."""
    lines = text.split("\n")
    numbers = [n for n, line in enumerate(lines) if len(line) <= 40 and _NUMBER.match(line)]
    starts = [_head_begins(lines, n) for n in numbers] or [0]
    starts[0] = 0
    ends = [*starts[1:], len(lines)]
    return [_read(lines[start:end]) for start, end in zip(starts, ends, strict=True) if start < end]


def _head_begins(lines: list[str], number_line: int) -> int:
    """Go up from the number over the issuer's and the title's lines."""
    start = number_line
    while start > 0 and number_line - start < _HEAD_LINES:
        above = lines[start - 1]
        if len(above) > 60 or above.endswith(("。", "；", "：", "）")) or _is_date(above):
            break
        start -= 1
        if _ISSUER.search(above) and "关于" not in above:
            break
    return start


def _read(lines: list[str]) -> FoundDocument:
    text = "\n".join(lines)
    place = next((n for n, line in enumerate(lines[:20]) if len(line) <= 40 and _NUMBER.match(line)), None)
    issuer, title = _head(lines, place)
    issued_on = next((day for line in lines if (day := _is_date(line))), None)
    terms = _own_terms(lines)
    effective_on = _day(_EFFECTIVE.search(terms))
    expires_on = _day(_EXPIRES.search(terms)) or _after_years(terms, effective_on or issued_on)
    return FoundDocument(
        text=text,
        number=_number(lines[place]) if place is not None else "",
        title=title,
        issuer=issuer,
        issued_on=issued_on,
        effective_on=effective_on or (issued_on if _FROM_ISSUE.search(terms) else None),
        expires_on=expires_on,
        dated=issued_on or _day_of_meeting(lines) or _year_of_number(lines, place),
    )


def _own_terms(lines: list[str]) -> str:
    """Return the sentences in which the document speaks of its own effect and validity."""
    said = []
    for line in lines:
        if "有效期" in line or "施行" in line or "实施" in line or "执行" in line or "生效" in line:
            said += [part for part in _SENTENCES.split(line) if _OWN_TERM.match(part.strip())]
    return "\n".join(said)


def _day_of_meeting(lines: list[str]) -> date | None:
    """Minutes bear the day of the meeting, in their first words, and no other."""
    return next((day for line in lines[:12] if (day := _day(_MEETING.match(line)))), None)


def _year_of_number(lines: list[str], place: int | None) -> date | None:
    """Take the year that a number prints, where no day is printed: its end, so that no relative day is too early."""
    found = _NUMBER.match(lines[place]) if place is not None else None
    return date(int(found[2]), 12, 31) if found else None


def _number(line: str) -> str:
    found = _NUMBER.match(line)
    assert found
    return f"{found[1]}〔{found[2]}〕{int(found[3])}号"


def _head(lines: list[str], place: int | None) -> tuple[str | None, str]:
    """Return issuer and title; the title stands before the number, or after it up to its closing word."""
    before = lines[:place] if place is not None else []
    rest = lines[place + 1 if place is not None else 0 :]
    head = "".join(before)
    if not before:
        rest = _from_title(rest)
    if "关于" not in head and not _ENDS_TITLE.search(head):
        for line in rest[:4]:
            if line.endswith(("：", ":", "。")) or (head and (_is_date(line) or _HEADING.match(line))):
                break
            head += line
            if _ENDS_TITLE.search(head):
                break
    issuer, about, topic = head.partition("关于")
    passed_on = _PASSED_ON.search(about + topic)
    if passed_on:
        title = passed_on[1]
    elif about:
        title = about + topic
    elif len(before) > 1 and _ISSUER.search(before[0]):
        issuer, title = before[0], "".join(before[1:])
    else:
        issuer, title = "", head or (rest[0] if rest else "")
    return _first_issuer(issuer), title.strip()


def _from_title(lines: list[str]) -> list[str]:
    """Return the lines from the title on where no number stands above it: no addressees, no date, no passing on."""
    for n, line in enumerate(lines[:_LINES_BEFORE_TITLE]):
        if _HEADING.match(line):
            break
        issued = bool(_ISSUER.search(line)) and not _ENDS_TITLE.search(line)
        issued = issued and "关于" not in "".join(lines[n : n + 2])
        if not (issued or _is_date(line) or len(line) > _LONGEST_TITLE or line.endswith(("：", ":", "。", "）", ")"))):
            return lines[n:]
    return lines


def _first_issuer(printed: str) -> str | None:
    """Take the first of joint issuers, without the word 文件 of the red head and without a repetition of the name."""
    first = printed.split(" ")[0].strip()
    name, red_head, again = first.partition("文件")
    if red_head:
        first = again or name
    half = len(first) // 2
    return (first[:half] if len(first) > 8 and first[:half] == first[half:] else first) or None


def _is_date(line: str) -> date | None:
    if len(line) > 16:
        return None
    found = _DATE.match(line)
    if found:
        return _day(found)
    written = _CHINESE_DATE.match(line)
    if written is None:
        return None
    year = int("".join(str(_DIGITS[mark]) for mark in written[1]))
    return _valid(year, chinese_number(written[2]), chinese_number(written[3]))


def chinese_number(text: str) -> int:
    """Read 一 to 九十九, or arabic digits."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def _day(found: re.Match[str] | None) -> date | None:
    return _valid(int(found[1]), int(found[2]), int(found[3])) if found else None


def _valid(year: int, month: int, day: int) -> date | None:
    if not (1900 < year < 2200 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _after_years(text: str, start: date | None) -> date | None:
    found = _YEARS.search(text)
    if found is None or start is None:
        return None
    ends = _valid(start.year + (2 if found[1] == "两" else chinese_number(found[1])), start.month, min(start.day, 28))
    return ends - timedelta(days=1) if ends else None
