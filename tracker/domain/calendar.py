"""Working days 「工作日」 and the local day: how every deadline is counted.

A working day is Monday to Friday, corrected by the State Council's yearly holiday notice: holidays on weekdays and
make-up workdays 「调休」 on weekends. A year whose notice is not out yet is estimated 「预估」 from the holidays that
the law grants. All days are calendar days in Asia/Shanghai.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from tracker.domain.holidays import STATUTORY_FROM, DayKind, HolidayNotice, LunarDays, statutory_days

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ONE_DAY = timedelta(days=1)
# No deadline of the office lies beyond; later years count plain weekdays, so that the corrections stay few.
_ESTIMATED_TO = 2199


class NaiveTime(ValueError):
    def __init__(self, at: datetime) -> None:
        super().__init__(f"{at.isoformat()} has no time zone, so its local day is unknown")


class WorkdayCalendar:
    """Working days by the published notices; a year without one has weekends and the statutory holidays off.

    Of an unpublished year nothing is known of make-up days; beyond the years in `lunar` only the holidays with fixed
    dates count. Counting costs a binary search over the days that differ from the plain week, so it may be called for
    every row of a list.
    """

    def __init__(
        self,
        notices: Iterable[HolidayNotice],
        *,
        lunar: Iterable[LunarDays] = (),
        known: Mapping[date, DayKind] | None = None,
    ) -> None:
        self._notices = {notice.year: notice for notice in notices}
        self._lunar = {days.year: days for days in lunar}
        days: dict[date, DayKind] = {}
        for year in range(STATUTORY_FROM, _ESTIMATED_TO + 1):
            if year not in self._notices:
                days |= dict.fromkeys(statutory_days(year, self._lunar.get(year)), DayKind.HOLIDAY)
        for notice in self._notices.values():
            days |= notice.days()
        days |= known or {}
        corrections = sorted((day.toordinal(), kind) for day, kind in days.items() if _differs(day, kind))
        self._corrected = [ordinal for ordinal, _ in corrections]
        self._balance = [0, *accumulate(1 if kind is DayKind.MAKE_UP else -1 for _, kind in corrections)]
        self._counts = [
            _weekdays_up_to(ordinal) + balance
            for ordinal, balance in zip(self._corrected, self._balance[1:], strict=True)
        ]

    @property
    def notices(self) -> Mapping[int, HolidayNotice]:
        """The notices that are known, by their year."""
        return self._notices

    @property
    def published_years(self) -> frozenset[int]:
        """The years whose notice is known."""
        return frozenset(self._notices)

    def with_notices(self, notices: Iterable[HolidayNotice]) -> "WorkdayCalendar":
        """Return a calendar in which these notices take the place of those on the same years."""
        merged = self._notices | {notice.year: notice for notice in notices}
        return WorkdayCalendar(merged.values(), lunar=self._lunar.values())

    def before(self, turned: Mapping[date, bool]) -> "WorkdayCalendar":
        """Return the calendar as it was before some days turned; of each, whether it turned off."""
        known = {day: DayKind.MAKE_UP if off else DayKind.HOLIDAY for day, off in turned.items()}
        return WorkdayCalendar(self._notices.values(), lunar=self._lunar.values(), known=known) if known else self

    def statutory_days(self, year: int) -> Mapping[date, str]:
        """Return the days off by law in a year, with their names, by which an unpublished one is estimated."""
        return statutory_days(year, self._lunar.get(year))

    def is_workday(self, day: date) -> bool:
        """Tell whether the city's offices work on that day."""
        return self._count(day) > self._count(day - _ONE_DAY)

    def is_estimated(self, day: date) -> bool:
        """Tell whether the answer for that day may still change, its year's notice being unpublished."""
        return day.year not in self._notices

    def add_workdays(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, which itself is not counted; a negative n counts backwards.

        n = 0 gives `day` itself, working or not.
        """
        if n == 0:
            return day
        if n > 0:
            return self._nth(self._count(day) + n)
        return self._nth(self._count(day - _ONE_DAY) + n + 1)

    def next_workday(self, day: date) -> date:
        """Return the first working day after `day`."""
        return self.add_workdays(day, 1)

    def previous_workday(self, day: date) -> date:
        """Return the last working day before `day`."""
        return self.add_workdays(day, -1)

    def workdays_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative where `end` comes first."""
        return self._count(end) - self._count(start)

    def _count(self, day: date) -> int:
        """Count the working days from the beginning of the era up to and including `day`."""
        ordinal = day.toordinal()
        return _weekdays_up_to(ordinal) + self._balance[bisect_right(self._corrected, ordinal)]

    def _nth(self, number: int) -> date:
        """Return the day on which the count of working days reaches `number`: the inverse of `_count`."""
        following = bisect_left(self._counts, number)
        plain = _weekday_number(number - self._balance[following])
        if following < len(self._corrected):
            plain = min(plain, self._corrected[following])
        return date.fromordinal(plain)


def full_date(day: date) -> str:
    """Write a day with its full year and no leading zeros: 2022年8月5日. Source: GB/T 9704-2012, 7.3.5.4."""
    return f"{day.year}年{day.month}月{day.day}日"


def local_words(at: datetime) -> str:
    """Write a moment by the clock in Shanghai: 2022年8月5日8时30分. Raises NaiveTime."""
    return f"{full_date(local_day(at))}{hour_words(at)}"


def hour_words(at: datetime) -> str:
    """Write the minute of a day by the clock in Shanghai: 8时30分, 20时05分."""
    local = at.astimezone(SHANGHAI)
    return f"{local.hour}时{local.minute:02}分"


def local_day(at: datetime) -> date:
    """Return the calendar day in Shanghai at an aware time. Raises NaiveTime."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise NaiveTime(at)
    return at.astimezone(SHANGHAI).date()


def end_of_day(day: date) -> datetime:
    """Return the instant at which a day in Shanghai is over, the start of the next one, in UTC.

    Something due on `day` is in time while the clock shows less than this.
    """
    return at_local(day + _ONE_DAY, 0, 0)


def at_local(day: date, hour: int, minute: int) -> datetime:
    """Return the UTC time of a wall clock time in Shanghai."""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI).astimezone(UTC)


def _differs(day: date, kind: DayKind) -> bool:
    return (day.weekday() < 5) is (kind is DayKind.HOLIDAY)


def _weekdays_up_to(ordinal: int) -> int:
    """Count Mondays to Fridays up to a proleptic ordinal; day 1 is a Monday."""
    weeks, days = divmod(ordinal, 7)
    return weeks * 5 + min(days, 5)


def _weekday_number(number: int) -> int:
    """Return the ordinal of the n-th weekday: the inverse of `_weekdays_up_to` on weekdays."""
    weeks, days = divmod(number - 1, 5)
    return weeks * 7 + days + 1
