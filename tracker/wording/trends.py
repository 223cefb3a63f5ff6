"""What a trend over weeks says in words."""

from collections.abc import Sequence
from datetime import date

from tracker.wording.work import month_day


def trend_words(weeks: Sequence[tuple[date, int]], *, today: date) -> str:
    """Compare the last of some weeks with the one before, each by its Monday; empty without weeks.

    Weeks without a figure are left out by whoever counts, so both are named by their day.
    """
    if not weeks:
        return ""
    (monday, overdue), before = weeks[-1], weeks[-2] if len(weeks) > 1 else None
    said = f"{month_day(monday, today=today)}当周{overdue}份"
    if before is None:
        return f"{said}。"
    than, more = f"{month_day(before[0], today=today)}当周", overdue - before[1]
    if not more:
        return f"{said}，与{than}持平。"
    return f"{said}，比{than}{'增加' if more > 0 else '减少'}{abs(more)}份。"
