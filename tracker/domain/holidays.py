"""Days off 「法定节假日」: what the law grants each year, and what the State Council's notice makes of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.domain.entered import FIRST_YEAR, LAST_YEAR

# 全国年节及纪念日放假办法, in force with this number of days from 2025-01-01. Source: 国务院令第795号, 第二条.
STATUTORY_FROM = 2025
_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
_SPRING_FESTIVAL_DAYS = range(-1, 3)  # its eve and the first three days of the first month
_SATURDAY = 5
FESTIVALS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")


class DayKind(StrEnum):
    """What a holiday notice makes of a day."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class LunarDays:
    """The days of one year that the moon or the sun sets; `spring_festival_on` is the first of the first month."""

    year: int
    spring_festival_on: date
    qingming_on: date
    dragon_boat_on: date
    mid_autumn_on: date


@dataclass(frozen=True, slots=True)
class DaysOff:
    """One holiday: days off, both ends included, weekends among them too."""

    first_on: date
    last_on: date
    name: str

    def days(self) -> Iterator[date]:
        for offset in range((self.last_on - self.first_on).days + 1):
            yield self.first_on + timedelta(days=offset)


class ContradictoryNotice(ValueError):
    """A notice says two things of one day, or something impossible; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayNotice:
    """The State Council's notice about one year 「节假日安排」; it may begin in the year before (New Year).

    `make_ups` are weekend days worked instead 「调休上班」. Raises ContradictoryNotice.
    """

    year: int
    source: str
    issued_on: date
    holidays: tuple[DaysOff, ...]
    make_ups: tuple[date, ...]

    def __post_init__(self) -> None:
        if not FIRST_YEAR < self.year <= LAST_YEAR:
            raise ContradictoryNotice(f"{self.year}年不在{FIRST_YEAR + 1}年至{LAST_YEAR}年之间")
        off: set[date] = set()
        for holiday in self.holidays:
            if not {holiday.first_on.year, holiday.last_on.year} <= {self.year - 1, self.year}:
                raise ContradictoryNotice(f"{holiday.name}不在{self.year}年的安排之内")
            if holiday.last_on < holiday.first_on:
                raise ContradictoryNotice(f"{holiday.name}的止日早于起日")
            off.update(holiday.days())
        for day in self.make_ups:
            if day in off or day.weekday() < _SATURDAY:
                raise ContradictoryNotice(f"{day.isoformat()}是放假日或者不是周末，不能调休上班")
        for day in (*off, *self.make_ups):
            if day.year != self.year and day != date(self.year - 1, 12, day.day):
                raise ContradictoryNotice(f"{day.isoformat()}不在{self.year}年的安排之内")

    def days(self) -> Mapping[date, DayKind]:
        """Return what the notice makes of each day it names."""
        off = {day: DayKind.HOLIDAY for holiday in self.holidays for day in holiday.days()}
        return off | dict.fromkeys(self.make_ups, DayKind.MAKE_UP)

    def name_of(self, day: date) -> str:
        """Return the holiday that makes a day one off; empty where none does."""
        return next((holiday.name for holiday in self.holidays if holiday.first_on <= day <= holiday.last_on), "")

    def agrees_with(self, other: "HolidayNotice | None") -> bool:
        """Tell whether another notice on the year says the same of every day, whatever it calls the holidays."""
        return other is not None and dict(self.days()) == dict(other.days())


def statutory_days(year: int, lunar: LunarDays | None) -> Mapping[date, str]:
    """Return the days that are off by law in a year with their names; without `lunar` only those with fixed dates.

    None before the law in force: those years have notices or lie too far back to be counted.
    """
    if year < STATUTORY_FROM:
        return {}
    found = {date(year, month, day): _fixed_name(month) for month, day in _FIXED}
    if lunar is not None:
        for offset in _SPRING_FESTIVAL_DAYS:
            found.setdefault(lunar.spring_festival_on + timedelta(days=offset), "春节")
        found.setdefault(lunar.qingming_on, "清明节")
        found.setdefault(lunar.dragon_boat_on, "端午节")
        found.setdefault(lunar.mid_autumn_on, "中秋节")
    return dict(sorted(found.items()))


def _fixed_name(month: int) -> str:
    return {1: "元旦", 5: "劳动节", 10: "国庆节"}[month]
