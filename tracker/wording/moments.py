"""Days, moments and distances from them as people read them: on pages, in digests, in mails.

A moment that ends a day is told by that day, inclusive; any other, which only a clock of hours has, by its minute.
Distances go the same way: working days for the one, hours and days for the other, which knows no days off.
"""

from datetime import date, datetime, timedelta

from tracker.domain.calendar import SHANGHAI, full_date, hour_words, local_day
from tracker.domain.deadlines import due_day, is_whole_day
from tracker.domain.owed import Owed, OwedKind
from tracker.wording.work import month_day

_WEEKDAYS = "一二三四五六日"
ESTIMATED_MARK = "（预估）"
_LONG_DAYS = 92  # a quarter: what is put off longer misses a whole report of the commonest rhythm
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def day_words(day: date, *, today: date | None, estimated: bool = False) -> str:
    """Write a day with its weekday: 10月10日（周一）, of another year than today's 2023年1月3日（周二）.

    Without a `today`, where nobody knows when it will be read, the year always stands. A day that hangs on an
    unpublished calendar is marked 「预估」.
    """
    return f"{month_day(day, today=today)}（周{_WEEKDAYS[day.weekday()]}）{ESTIMATED_MARK if estimated else ''}"


def clock_words(at: datetime) -> str:
    """Write a time as 2022年11月1日 09:00, Shanghai wall clock."""
    local = at.astimezone(SHANGHAI)
    return f"{full_date(local.date())} {local:%H:%M}"


def inclusive(day: date, *, today: date | None) -> str:
    """Write a due day so that nobody asks whether the day itself counts: 10月10日（周一，含）."""
    return f"{day_words(day, today=today)[:-1]}，含）"


def due_words(due_at: datetime, *, today: date | None) -> str:
    """Write a due moment, for 「前」 to follow: 11月3日（周四，含）, of a clock of hours 11月3日20时30分.

    The year stands as `day_words` has it. Raises NaiveTime.
    """
    if is_whole_day(due_at):
        return inclusive(due_day(due_at), today=today)
    return f"{month_day(local_day(due_at), today=today)}{hour_words(due_at)}"


def from_words(due_at: datetime, *, today: date | None) -> str:
    """Write from when a due moment is past, to follow 「自」: 11月4日（周五）, of a clock of hours 11月3日20时30分.

    The year stands as `day_words` has it. Raises NaiveTime.
    """
    if is_whole_day(due_at):
        return day_words(local_day(due_at), today=today)
    return due_words(due_at, today=today)


def late_span(due_at: datetime, *, at: datetime, workdays: int) -> str:
    """Say how far `at` is past a moment: 3个工作日; of a clock of hours 3小时, from a day on 2天.

    `workdays` are the working days between its day and that of `at`. Empty before the first of them.
    """
    return _span(due_at, at - due_at, workdays=workdays)


def lateness_words(due_at: datetime, *, at: datetime, workdays: int) -> str:
    """Say that a moment is past, and how far by `late_span`: 已逾期3个工作日, 已逾期3小时, 已逾期."""
    return f"已逾期{late_span(due_at, at=at, workdays=workdays)}"


def past_answer_words(workdays: int) -> str:
    """Say that the day wanted of an answer is over, on which nothing is reckoned overdue: 已过反馈时间2个工作日."""
    return "已过反馈时间" + (f"{workdays}个工作日" if workdays else "")


def left_words(due_at: datetime, *, at: datetime, workdays: int) -> str:
    """Say what is left before a moment: 还有3个工作日, on the last day 今日到期; of a clock of hours 还有3小时.

    `workdays` are the working days between the day of `at` and its own.
    """
    if is_whole_day(due_at) and due_day(due_at) <= local_day(at):
        return "今日到期"
    unit = "个工作日" if is_whole_day(due_at) else "小时"
    return f"还有{_span(due_at, due_at - at, workdays=workdays) or f'不足1{unit}'}"


def owed_words(owed: Owed, *, at: datetime, workdays: int) -> str:
    """Say what one form asks for: 应于12月5日（周一，含）前报送，已逾期22个工作日; 1月10日（周二，含）前补正，今日到期.

    `workdays` are the working days between its day and that of `at`, before its moment those left, after it those of
    delay.
    """
    due = due_words(owed.due_at, today=local_day(at))
    correction = owed.kind is OwedKind.CORRECTION
    act = "补正" if correction else "报送"
    if owed.since is None:
        return f"{due}前{act}，{left_words(owed.due_at, at=at, workdays=workdays)}"
    periods = f"，共{owed.run}期" if owed.run > 1 and not correction else ""
    late = lateness_words(owed.due_at, at=at, workdays=workdays)
    return f"{'退回后' if correction else ''}应于{due}前{act}，{late}{periods}"


def far_words(new_on: date | None, *, old_on: date | None, deadline_on: date | None, ends_on: date | None) -> str:
    """Say of a day that is asked for why whoever decides should look twice; empty where nothing strikes.

    It goes past the task's deadline or the end of its document, which the old day did not, or puts off by more than a
    quarter. E.g. 晚于事项办结时限2022年12月31日，比原时限延后100天。
    """
    if new_on is None or old_on is None:
        return ""
    limits = (("事项办结时限", deadline_on), ("文件期限", ends_on))
    said = [f"晚于{name}{full_date(day)}" for name, day in limits if day is not None and old_on <= day < new_on]
    days = (new_on - old_on).days
    said += [f"比原时限延后{days}天"] if days > _LONG_DAYS else []
    return f"{'，'.join(said)}。" if said else ""


def _span(due_at: datetime, distance: timedelta, *, workdays: int) -> str:
    if is_whole_day(due_at):
        return f"{workdays}个工作日" if workdays else ""
    if distance < _DAY:
        return f"{distance // _HOUR}小时" if distance >= _HOUR else ""
    return f"{distance // _DAY}天"
