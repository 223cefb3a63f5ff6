"""What periods are called, read from their codes."""

import re
from datetime import date, datetime, timedelta

from tracker.domain.calendar import full_date
from tracker.domain.windows import CLOSING
from tracker.wording.work import month_day

_PERIOD_CODES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?P<year>\d{4})Q(?P<n>[1-4])"), "{year}年第{ordinal}季度"),
    (re.compile(r"(?P<year>\d{4})H(?P<n>[12])"), "{year}年{half}半年"),
    (re.compile(r"(?P<year>\d{4})B(?P<n>[1-6])"), "{year}年{first}—{last}月"),
    (re.compile(r"(?P<year>\d{4})-(?P<n>0[1-9]|1[0-2])T(?P<third>[1-3])"), "{year}年{n}月{third}旬"),
    (re.compile(r"(?P<year>\d{4})-(?P<n>0[1-9]|1[0-2])"), "{year}年{n}月"),
    (re.compile(r"(?P<year>\d{4})midterm"), "{year}年中期评估"),
    (re.compile(r"(?P<year>\d{4})final"), "{year}年终期评估"),
    (re.compile(r"(?P<year>\d{4})"), "{year}年度"),
    (re.compile(r"T(?P<n>\d+)"), "第{n}号触发事件"),
)


def moment_label(code: str, *, correction: bool) -> str:
    """Name a moment by its period, and say where it ends a correction 「补正」."""
    return period_label(code) + ("（补正）" if correction else "")


def report_label(code: str) -> str:
    """Name a report by its form: 2022年9月反馈, 收尾报告; one that was asked for once, or on no form, is 反馈."""
    if code == CLOSING:
        return period_label(code)
    return f"{period_label(code)}反馈" if code and code != "once" and not code.startswith("D") else "反馈"


def period_label(code: str) -> str:
    """Write a period's code for people: 2022年第三季度, 2022年9月上旬, 2022年第35周（8月29日—9月4日）,
    2022年10月30日20时30分事件. Old forms of events bear the number of their row: 第2号触发事件.

    Raises ValueError where the code is none of a period.
    """
    if code == "once":
        return "一次性"
    if code == CLOSING:
        return "收尾报告"
    if "W" in code:
        return _week_label(code)
    if code.endswith("D2"):
        first = date.fromisoformat(code.removesuffix("D2"))
        return f"{first.year}年{_span(first, first + timedelta(days=1), year=first.year)}"
    if code.startswith("E"):
        return _event_label(code)
    if code.startswith("D"):
        return f"一次性，{full_date(date.fromisoformat(code.removeprefix('D')))}（含）前"
    for pattern, words in _PERIOD_CODES:
        if found := pattern.fullmatch(code):
            n, third = (int(found.groupdict().get(name) or 0) for name in ("n", "third"))
            return words.format(
                year=found.groupdict().get("year"),
                n=n,
                ordinal=" 一二三四"[n] if n <= 4 else "",
                half="下" if n == 2 else "上",
                third=" 上中下"[third],
                first=2 * n - 1,
                last=2 * n,
            )
    return full_date(date.fromisoformat(code))


def _event_label(code: str) -> str:
    at = datetime.strptime(code, "E%Y-%m-%dT%H:%M")  # noqa: DTZ007 - the code bears the clock in Shanghai
    return f"{full_date(at.date())}{at.hour}时{at.minute:02}分事件"


def _week_label(code: str) -> str:
    year, week = (int(part) for part in code.split("W"))
    monday = date.fromisocalendar(year, week, 1)
    return f"{year}年第{week}周（{_span(monday, monday + timedelta(days=6), year=year)}）"


def _span(first: date, last: date, *, year: int) -> str:
    """Write two days beside a year that stands before them; a day of another year bears its own."""
    return "—".join(month_day(day, today=date(year, 1, 1)) for day in (first, last))
